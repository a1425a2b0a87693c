"""Who asks to be bound to a number, and who decides about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chat.answers import Answer
from chat.card import plain_text
from chat.directory import Change, ChangeKind, Member
from chat.events import Account, ChatKind, Message, PlatformName
from handlers import strangers
from handlers.asking import Asking, Misunderstood
from handlers.strangers import MOST_A_DAY
from okr.policy import Policy
from okr.refusals import AlreadyDecided, NoSuchRequest
from storage import directory, people
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, message, person

POLICY = Policy(admins=frozenset({"E0001"}))
NOBODYS = "E0203"
"""Has no WeCom account; 赵店 is the manager."""


def knock(words: str, user_id: str = "WxNew") -> Message:
    return message(words, f"e:{user_id}:{words}", user_id=user_id, platform=PlatformName.WECOM, where=user_id)


async def ask(session: Session, number: str = NOBODYS, user_id: str = "WxNew", at: datetime = NOON) -> Answer:
    return await strangers.answer(session, knock(f"绑定 {number}", user_id), POLICY, at)


async def decider(session: Session, words: str, number: str = "E0201") -> Asking:
    asker = await person(session, number)
    return Asking(message(words, "d"), asker, session, POLICY, NOON, text=words, rest=words)


async def owner_of(session: Session, user_id: str) -> str | None:
    known = await people.by_account(session, Account(PlatformName.WECOM, user_id))
    return known.person.number if known else None


async def test_the_manager_and_the_admins_are_asked(database: Database) -> None:
    async def work(session: Session) -> tuple[list[object], list[int]]:
        await employ(session)
        answer = await ask(session)
        expected = [(await person(session, number)).id for number in ("E0201", "E0001")]
        return [letter.to for letter in answer.letters], expected

    receivers, expected = await database.transact(work)
    assert receivers == expected


async def test_in_a_group_nothing_is_asked(database: Database) -> None:
    async def work(session: Session) -> Answer:
        await employ(session)
        asked = knock(f"绑定 {NOBODYS}")
        group = replace(asked.conversation, kind=ChatKind.GROUP)
        return await strangers.answer(session, replace(asked, conversation=group), POLICY, NOON)

    answer = await database.transact(work)
    assert answer.letters == ()


async def test_an_account_makes_others_decide_only_so_often(database: Database) -> None:
    async def work(session: Session) -> list[int]:
        await employ(session)
        # Each of the two numbers makes the request for the other one an old one.
        await session.run("DELETE FROM accounts WHERE platform = 'wecom'")
        asked = [
            len((await ask(session, ("E0203", "E0202")[turn % 2])).letters) for turn in range(MOST_A_DAY + 2)
        ]
        tomorrow = await ask(session, "E0202", at=NOON + timedelta(days=1, minutes=1))
        return [*asked, len(tomorrow.letters)]

    assert await database.transact(work) == [2] * MOST_A_DAY + [0, 0, 2]


async def test_two_accounts_for_one_number_are_told_apart(database: Database) -> None:
    async def work(session: Session) -> tuple[str, str | None, str | None]:
        await employ(session)
        await ask(session, user_id="WxThief")
        honest = await ask(session, user_id="WxNew")
        with pytest.raises(Misunderstood) as unclear:
            await strangers.confirm(await decider(session, NOBODYS))
        _, _, words = honest.letters[0].card.face.buttons[0].say.partition(" ")
        await strangers.confirm(await decider(session, words))
        return (
            unclear.value.card.face.title,
            await owner_of(session, "WxNew"),
            await owner_of(session, "WxThief"),
        )

    title, honest, thief = await database.transact(work)
    assert title.startswith("有 2 个账号说自己是张三")
    assert (honest, thief) == (NOBODYS, None)


async def test_the_other_account_is_not_bound_afterwards(database: Database) -> None:
    async def work(session: Session) -> tuple[Answer, str | None, str | None]:
        await employ(session)
        await ask(session, user_id="WxNew")
        await ask(session, user_id="WxThief")
        await strangers.confirm(await decider(session, f"{NOBODYS} WxNew"))
        late = await strangers.confirm(await decider(session, f"{NOBODYS} WxThief", "E0001"))
        return late, await owner_of(session, "WxNew"), await owner_of(session, "WxThief")

    late, honest, thief = await database.transact(work)
    assert (honest, thief) == (NOBODYS, None)
    assert late.card is not None
    assert late.card.face.title == "张三在这个平台上已经有账号了,没有绑定,也告诉对方了"
    assert late.letters[0].to == Account(PlatformName.WECOM, "WxThief")


async def test_who_decides_second_learns_who_was_first(database: Database) -> None:
    async def work(session: Session) -> AlreadyDecided:
        await employ(session)
        await ask(session)
        await strangers.refuse(await decider(session, NOBODYS))
        with pytest.raises(AlreadyDecided) as late:
            await strangers.confirm(await decider(session, NOBODYS, "E0001"))
        return late.value

    assert (await database.transact(work)).by == "赵店"


async def test_a_request_is_forgotten_after_a_week(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await ask(session, at=NOON - timedelta(days=8))
        with pytest.raises(NoSuchRequest):
            await strangers.confirm(await decider(session, NOBODYS))

    await database.transact(work)


# --- by the mobile number ---

MOBILE = "13800000203"


async def with_mobile(session: Session, *numbers: str) -> None:
    await employ(session)
    for number in numbers or (NOBODYS,):
        await session.run("UPDATE employees SET mobile = ? WHERE number = ?", MOBILE, number)


@pytest.mark.parametrize("typed", [MOBILE, "138 0000 0203", "+86 138-0000-0203", "１３８０００００２０３"])
async def test_a_mobile_number_is_no_proof(database: Database, typed: str) -> None:
    async def work(session: Session) -> tuple[Answer, str | None]:
        await with_mobile(session)
        return await ask(session, typed), await owner_of(session, "WxNew")

    answer, owner = await database.transact(work)
    assert owner is None
    assert len(answer.letters) == 2
    asked = plain_text(answer.letters[0].card.face, numbered=False)
    assert "张三(E0203,滨江店)" in asked
    assert "138…0203" in asked
    assert MOBILE not in asked


async def test_a_mobile_number_is_answered_the_same_whoever_has_it(database: Database) -> None:
    async def work(session: Session) -> list[Answer]:
        await with_mobile(session, NOBODYS, "E0102")
        return [await ask(session, MOBILE, "A"), await ask(session, "13900000000", "B")]

    answers = await database.transact(work)
    assert answers[0] == answers[1]
    assert answers[0].letters == (), "two have registered it"
    assert answers[0].card is not None
    assert "手机号对得上的话" in plain_text(answers[0].card.face, numbered=False)


async def test_where_the_directory_is_followed_the_platform_is_asked_first(database: Database) -> None:
    async def work(session: Session) -> tuple[Answer, list[tuple[Change, datetime]]]:
        await with_mobile(session)
        member = Member("WxWang", units=("1",))
        await directory.keep_member(
            session, PlatformName.WECOM, "wxwang", member, employee_id=None, doubt="", mark="", at=NOON
        )
        answer = await ask(session, MOBILE)
        return answer, await directory.waiting_changes(session, NOON, 10)

    answer, waiting = await database.transact(work)
    assert answer.letters == ()
    assert [change for change, _ in waiting] == [Change(ChangeKind.PERSON, PlatformName.WECOM, "WxNew")]
