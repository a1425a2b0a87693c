"""Events as they come in, on both engines and without any wire: done once, answered always, and by whom it may be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from bot.dispatch import AHEAD, BEHIND, CARD_LIVES, Dispatch
from cards.actions import wire
from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter, Urgency
from chat.card import Card
from chat.events import (
    Account,
    ChatKind,
    Click,
    Conversation,
    Event,
    Message,
    MessageKind,
    Opened,
    PlatformName,
)
from chat.platform import Heard
from handlers.asking import Asking
from handlers.routing import Routing
from okr.policy import Policy
from okr.refusals import NoSuchGoal
from storage import letters, people
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal, message, person

LI = Account(PlatformName.DINGTALK, "dt-li")
WANG = Account(PlatformName.DINGTALK, "dt-wang")
PRIVATE = Conversation(PlatformName.DINGTALK, "dt-li", ChatKind.PRIVATE)
SLIP = 9000
"""Far beyond the target of 1,100: asked back about."""


@dataclass
class Scripted(Routing):
    """The real routes, unless a test has something else to say."""

    instead: Callable[[Asking], Awaitable[Answer]] | None = None
    heard_at: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def answer(self, asking: Asking) -> Answer:
        self.heard_at.append(asking.now)
        return await (self.instead or super().answer)(asking)


@dataclass
class Door:
    database: Database
    routing: Scripted
    kr: str
    now: datetime = NOON

    def __post_init__(self) -> None:
        policy = Policy(admins=frozenset({"E0001"}))
        self.dispatch = Dispatch(self.database, self.routing, lambda: policy, "here", lambda: self.now)

    async def hear(self, event: Message | Click | Opened) -> Heard:
        return await self.dispatch.hear(event)

    async def say(self, words: str, event_id: str = "e1", **said: object) -> Heard:
        return await self.hear(message(words, event_id, **said))  # type: ignore[arg-type]

    async def count(self, table: str) -> int:
        async def look(session: Session) -> int:
            row = await session.one(f"SELECT count(*) FROM {table}")
            assert row is not None
            return int(row[0])

        return await self.database.read(look)

    async def written(self, card: Card, *, to: str = "E0102") -> str:
        """The reference of a card that somebody has been sent."""

        async def post(session: Session) -> str:
            receiver = (await person(session, to)).id
            letter_id = await letters.post(session, Letter(receiver, card, "once", Urgency.WARNING), self.now)
            row = await session.one("SELECT ref FROM letters WHERE id = ?", letter_id)
            assert row is not None
            return str(row[0])

        return await self.database.transact(post)


@pytest.fixture
async def door(database: Database) -> Door:
    async def furnish(session: Session) -> str:
        await employ(session)
        await session.run("UPDATE employees SET noticed_at = ?", NOON)
        return f"KR{(await goal(session))[1]}"

    return Door(database, Scripted(), await database.transact(furnish))


def press(ref: str, say: str, event_id: str = "c1", who: Account = LI) -> Click:
    return Click(event_id, NOON, who, PRIVATE, {}, action=wire(say), card_ref=ref)


def title(heard: Heard) -> str:
    card = heard.redraw or (heard.parcel.card if heard.parcel else None)
    assert card is not None, "nothing is shown"
    return card.face.title


# --- once ---


async def test_a_repeat_gets_the_stored_answer_and_does_nothing_again(door: Door) -> None:
    first = await door.say(f"更新 {door.kr} 1010")
    again = await door.say(f"更新 {door.kr} 1010")

    assert (first.repeat, again.repeat) == (False, True)
    assert first.parcel is not None
    assert again.parcel is not None
    assert (again.parcel.ref, again.parcel.card) == (first.parcel.ref, first.parcel.card)
    assert (await door.count("check_ins"), await door.count("letters")) == (1, 1)


async def test_twenty_at_once_are_one(door: Door) -> None:
    heard = await asyncio.gather(*(door.say(f"更新 {door.kr} 1010") for _ in range(20)))

    assert [one.repeat for one in heard].count(False) == 1
    assert len({one.parcel.ref for one in heard if one.parcel}) == 1
    assert (await door.count("check_ins"), await door.count("letters")) == (1, 1)


async def test_a_repeated_press_gets_the_same_new_face(door: Door) -> None:
    asked = await door.say(f"更新 {door.kr} {SLIP}")
    assert asked.parcel is not None
    click = press(asked.parcel.ref, asked.parcel.card.face.buttons[0].say)
    first, again = await door.hear(click), await door.hear(click)

    assert first.redraw is not None
    assert (again.redraw, again.repeat) == (first.redraw, True)
    assert await door.count("check_ins") == 1


# --- our mistakes ---


async def test_a_mistake_of_ours_is_undone_and_apologised_for(door: Door) -> None:
    async def breaks(asking: Asking) -> Answer:
        await asking.session.run("UPDATE employees SET name = '改坏了' WHERE id = ?", asking.asker.id)
        raise RuntimeError("a bug")

    door.routing.instead = breaks
    with capture_logs() as logs:
        heard = await door.say("我的目标")

    [entry] = [entry for entry in logs if entry["log_level"] == "error"]
    assert heard.parcel is not None
    assert entry["incident"] in "".join(
        [title(heard), *heard.parcel.card.face.lines, heard.parcel.card.face.hint]
    )
    assert (await door.database.read(lambda session: person(session, "E0102"))).name == "李四"
    # The platform's repeat is answered with the same apology and does not try again.
    assert (await door.say("我的目标")).parcel == replace(heard.parcel, attempt=1)


async def test_what_the_database_itself_refuses_is_apologised_for_too(door: Door) -> None:
    async def breaks(asking: Asking) -> Answer:
        await asking.session.run("SELECT nothing FROM nowhere")
        return Answer()

    door.routing.instead = breaks
    with capture_logs():
        assert title(await door.say("我的目标"))
    assert await door.count("letters") == 1


async def test_a_refusal_is_an_answer_and_no_mistake(door: Door) -> None:
    async def refuses(_: Asking) -> Answer:
        raise NoSuchGoal("KR99")

    door.routing.instead = refuses
    with capture_logs() as logs:
        assert "KR99" in title(await door.say("查看 KR99"))
    assert [entry["log_level"] for entry in logs] == ["info"]


# --- presses ---


async def test_a_card_of_somebody_else_is_not_pressed(door: Door) -> None:
    ref = await door.written(
        question("confirm_update", [Choice("是的,记上", f"更新 {door.kr} =1010")], changes=[], unknown="")
    )
    heard = await door.hear(press(ref, f"更新 {door.kr} =1010", who=WANG))

    assert title(heard) == "这张卡片是发给李四的,你点不算数,也什么都没改。"
    assert heard.redraw is None
    assert await door.count("check_ins") == 0


@pytest.mark.parametrize(("age", "too_old"), [(CARD_LIVES, False), (CARD_LIVES + timedelta(days=1), True)])
async def test_a_card_can_be_pressed_for_a_week(door: Door, age: timedelta, too_old: bool) -> None:
    ref = await door.written(notice("never_mind"))
    door.now = NOON + age
    heard = await door.hear(replace(press(ref, f"更新 {door.kr} =1010"), at=door.now))

    assert (title(heard) == title(Heard(redraw=notice("card_too_old")))) is too_old
    assert await door.count("check_ins") == (0 if too_old else 1)


async def test_a_question_is_answered_once(door: Door) -> None:
    asked = await door.say(f"更新 {door.kr} {SLIP}")
    assert asked.parcel is not None
    yes, no = (button.say for button in asked.parcel.card.face.buttons[:2])
    first = await door.hear(press(asked.parcel.ref, yes))
    second = await door.hear(press(asked.parcel.ref, no, "c2"))
    typed = await door.say("1", "e2")

    assert second.parcel is None
    assert second.redraw == first.redraw
    assert typed.parcel is None or "9,000" not in title(typed)
    assert await door.count("check_ins") == 1


async def test_a_button_of_the_outcome_may_be_pressed(door: Door) -> None:
    asked = await door.say(f"更新 {door.kr} {SLIP}")
    assert asked.parcel is not None
    outcome = await door.hear(press(asked.parcel.ref, asked.parcel.card.face.buttons[0].say))
    assert outcome.redraw is not None
    button = next(button for button in outcome.redraw.face.buttons if button.say == "我的目标")
    after = await door.hear(press(asked.parcel.ref, button.say, "c2"))

    assert after.parcel is not None
    assert "我的目标" in title(after)


async def test_what_was_answered_by_its_number_is_not_pressed_any_more(door: Door) -> None:
    asked = await door.say(f"更新 {door.kr} {SLIP}")
    assert asked.parcel is not None
    await door.say("1", "e2")
    late = await door.hear(press(asked.parcel.ref, asked.parcel.card.face.buttons[0].say))

    assert title(late) == title(Heard(redraw=notice("already_answered")))
    assert await door.count("check_ins") == 1


async def test_two_fingers_on_one_question_at_the_same_time_answer_it_once(door: Door) -> None:
    asked = await door.say(f"更新 {door.kr} {SLIP}")
    assert asked.parcel is not None
    ref, yes = asked.parcel.ref, asked.parcel.card.face.buttons[0].say
    await asyncio.gather(*(door.hear(press(ref, yes, f"c{n}")) for n in range(8)))

    assert await door.count("check_ins") == 1


@pytest.mark.parametrize("action", ["", "%ff%zz", "no+such+thing", "更新", "确认" * 200])
async def test_an_action_that_means_nothing_is_answered_with_what_would(door: Door, action: str) -> None:
    ref = await door.written(notice("never_mind"))
    heard = await door.hear(replace(press(ref, ""), action=action))

    assert title(heard)
    assert "出错" not in title(heard)
    assert await door.count("check_ins") == 0


async def test_a_card_that_nobody_remembers_is_pressed_as_if_typed(door: Door) -> None:
    heard = await door.hear(press("forgotten", f"更新 {door.kr} =1010"))

    assert heard.redraw is None
    assert heard.parcel is not None
    assert await door.count("check_ins") == 1


# --- when and where ---


@pytest.mark.parametrize(
    ("sent", "counts_as"),
    [
        (NOON - timedelta(hours=3), NOON - timedelta(hours=3)),
        (NOON + timedelta(minutes=2), NOON + timedelta(minutes=2)),
        (NOON + timedelta(days=400), NOON + AHEAD),
        (NOON - timedelta(days=400), NOON - BEHIND),
    ],
)
async def test_the_time_of_an_event_is_its_own_unless_it_is_far_off(
    door: Door, sent: datetime, counts_as: datetime
) -> None:
    await door.hear(replace(message("我的目标", "e1"), at=sent))

    [at] = door.routing.heard_at
    assert at.astimezone(UTC) == counts_as
    assert at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.PRIVATE])
async def test_what_is_not_for_a_group_goes_to_the_private_chat(door: Door, kind: ChatKind) -> None:
    secret = notice("never_mind")

    async def restricted(_: Asking) -> Answer:
        return Answer(card=secret, restricted=True)

    door.routing.instead = restricted
    heard = await door.say("我的目标", kind=kind)

    assert heard.parcel is not None
    assert (heard.parcel.card == secret) is (kind is ChatKind.PRIVATE)
    claimed = await door.database.transact(lambda session: letters.claim(session, NOON, "postman", 10))
    private = [waiting.parcel for waiting in claimed]
    assert [parcel.card for parcel in private] == ([secret] if kind is ChatKind.GROUP else [])
    assert [parcel.to and parcel.to.user_id for parcel in private] == (["dt-li"] if private else [])


async def test_letters_leave_with_the_commit_of_their_cause(door: Door) -> None:
    async def tells_the_boss(asking: Asking) -> Answer:
        boss = await person(asking.session, "E0101")
        letter = Letter(boss.id, notice("never_mind"), "told", Urgency.COLLABORATION)
        return Answer(card=notice("never_mind"), letters=(letter, letter))

    door.routing.instead = tells_the_boss
    await door.say("我的目标")

    assert await door.count("letters") == 2


async def test_silence_is_remembered_as_well(door: Door) -> None:
    assert await door.say("收到") == Heard()
    assert await door.say("收到") == Heard(repeat=True)


# --- who ---


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        (LI, "李四"),
        (Account(PlatformName.DINGTALK, "dt-stranger"), "我还不认识你"),
        (Account(PlatformName.DINGTALK, ""), "我还不认识你"),
    ],
)
async def test_an_opened_chat_is_welcomed(door: Door, sender: Account, words: str) -> None:
    heard = await door.hear(Opened("o1", NOON, sender, PRIVATE))

    assert words in title(heard)


@pytest.mark.parametrize(
    "event",
    [
        Message("x1", NOON, Account(PlatformName.DINGTALK, "dt-stranger"), PRIVATE, text="我的目标"),
        Message("x1", NOON, Account(PlatformName.DINGTALK, ""), PRIVATE, text="绑定 E0102"),
        Click(
            "x1", NOON, Account(PlatformName.WECOM, "dt-li"), PRIVATE, action=wire("我的目标"), card_ref="x"
        ),
        Message("x1", NOON, Account(PlatformName.DINGTALK, "DT-LI"), PRIVATE, text="我的目标"),
    ],
)
async def test_who_is_not_known_sees_nothing(door: Door, event: Event) -> None:
    assert isinstance(event, Message | Click)
    assert "我还不认识你" in title(await door.hear(event))


async def test_who_has_left_is_a_stranger(door: Door) -> None:
    await door.database.transact(
        lambda session: session.run("UPDATE employees SET active = ? WHERE number = 'E0102'", False)
    )
    assert "我还不认识你" in title(await door.say("我的目标"))


async def test_a_picture_is_answered(door: Door) -> None:
    picture = Message("p1", NOON, LI, PRIVATE, kind=MessageKind.UNREADABLE, unreadable="图片")
    assert "图片" in title(await door.hear(picture))


async def test_the_platform_used_last_is_remembered(door: Door) -> None:
    await door.say("帮助", "e1", user_id="wxli", platform=PlatformName.WECOM)

    known = await door.database.read(lambda session: people.by_account(session, LI))
    assert known is not None
    assert known.last_platform == PlatformName.WECOM


async def test_the_value_written_is_the_one_said(door: Door) -> None:
    await door.say(f"更新 {door.kr} 1010")

    async def values(session: Session) -> list[Decimal]:
        return [Decimal(str(row[0])) for row in await session.all("SELECT value FROM check_ins")]

    assert await door.database.read(values) == [1010]
