"""Everything that leaves: posted once, claimed by one, sent or given up."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from chat.answers import Letter, Urgency
from chat.card import Button, Card, Face
from chat.events import Account, ChatKind, Conversation, PlatformName
from chat.platform import Parcel, Receipt
from storage import letters, outbox
from storage.database import Database
from storage.letters import CLAIM, Shown, Waiting
from storage.session import Session
from tests.storage.company import NOON, employ, message, person

MINUTE = timedelta(minutes=1)
CARD = Card(
    Face("进度 70%", lines=("**O12** 70%",), buttons=(Button("报数", "x", "更新 KR34"),)), about="O12"
)
ASKS = Card(Face("哪一个?", buttons=(Button("客流", "x", "更新 KR34"),)), asks=True)
WANG = Account(PlatformName.WECOM, "WxWang")
GROUP = Conversation(PlatformName.WECOM, "wrBinJiang", ChatKind.GROUP)
NUMBERED, BUTTONS = Receipt("text", buttons=False), Receipt("card", buttons=True)


def letter(once: str, to: int | Account | Conversation = WANG, urgency: Urgency = Urgency.WARNING) -> Letter:
    return Letter(to, CARD, once, urgency, NOON + 60 * MINUTE)


async def post(database: Database, *posted: Letter) -> list[int | None]:
    async def work(session: Session) -> list[int | None]:
        return [await letters.post(session, one, NOON) for one in posted]

    return await database.transact(work)


async def claim(
    database: Database, holder: str = "me", after: timedelta = timedelta(0), limit: int = 10
) -> list[Waiting]:
    return await database.transact(lambda session: letters.claim(session, NOON + after, holder, limit))


async def answer(
    session: Session,
    event_id: str,
    card: Card = CARD,
    *,
    kind: ChatKind = ChatKind.PRIVATE,
    where: str = "cid-li",
) -> Parcel | None:
    event = message("更新 KR34 1050", event_id, kind=kind, where=where)
    return await letters.post_answer(session, event, None, card, NOON, "gateway")


def ids(waiting: list[Waiting]) -> list[int]:
    return [one.parcel.id for one in waiting]


# --- posting ---


async def test_an_event_is_answered_once_and_the_answer_can_be_asked_for_again(database: Database) -> None:
    async def work(session: Session) -> list[Parcel | None]:
        return [
            await answer(session, "msg-1"),
            await answer(session, "msg-1"),
            await letters.answer_to(session, "msg-1"),
            await letters.answer_to(session, "msg-2"),
        ]

    first, again, stored, none = await database.transact(work)

    event = message("", "msg-1")
    assert first is not None
    assert (first.card, first.to, first.conversation, first.route) == (
        CARD,
        None,
        event.conversation,
        event.route,
    )
    assert stored == first
    assert (again, none) == (None, None)


async def test_an_answer_that_the_postman_has_is_not_given_to_a_repeat(database: Database) -> None:
    """After a crash both would show it: the platform repeats what the postman is about to deliver."""

    async def stored(session: Session) -> Parcel | None:
        return await letters.answer_to(session, "msg-1")

    await database.transact(lambda session: answer(session, "msg-1"))
    assert await database.transact(stored) is not None

    await claim(database, after=CLAIM)
    assert await database.transact(stored) is None


async def test_an_answer_is_its_gateways_until_the_claim_is_over(database: Database) -> None:
    await database.transact(lambda session: answer(session, "msg-1"))

    assert await claim(database) == []
    assert len(await claim(database, after=CLAIM)) == 1


async def test_a_letter_is_posted_once(database: Database) -> None:
    first, again, other = await post(database, letter("weekly:1"), letter("weekly:1"), letter("weekly:2"))

    assert first is not None
    assert again is None
    assert other is not None


async def test_what_is_undone_was_not_posted(database: Database) -> None:
    async def fail(session: Session) -> None:
        await letters.post(session, letter("weekly:1"), NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(fail)

    assert await claim(database) == []


async def test_references_are_unique_stable_and_fit_both_platforms(database: Database) -> None:
    posted = [letter(f"weekly:{n}:周报") for n in range(20)]
    await post(database, *posted)
    first = {one.parcel.id: one.parcel.ref for one in await claim(database, limit=20)}
    second = {one.parcel.id: one.parcel.ref for one in await claim(database, after=CLAIM, limit=20)}

    assert first == second
    assert len(set(first.values())) == 20
    assert all(re.fullmatch("[0-9a-z-]{1,32}", ref) for ref in first.values())


async def test_every_kind_of_receiver_comes_back_as_it_was(database: Database) -> None:
    employee = await database.transact(_wang)
    await post(database, letter("a", employee), letter("b", WANG), letter("c", GROUP))

    person_, account, group = await claim(database)

    assert (person_.employee_id, person_.parcel.to, person_.parcel.conversation) == (employee, None, None)
    assert (account.employee_id, account.parcel.to, account.parcel.conversation) == (None, WANG, None)
    assert (group.parcel.to, group.parcel.conversation, group.parcel.platform) == (
        None,
        GROUP,
        PlatformName.WECOM,
    )
    assert person_.parcel.card == CARD
    assert person_.expires_at == NOON + 60 * MINUTE


async def _wang(session: Session) -> int:
    await employ(session)
    return (await person(session, "E0101")).id


# --- claiming ---


async def test_the_urgent_go_first_then_the_old(database: Database) -> None:
    praise, old, new, decision = await post(
        database,
        letter("1", urgency=Urgency.PRAISE),
        letter("2"),
        letter("3"),
        letter("4", urgency=Urgency.DECISION),
    )

    assert ids(await claim(database, limit=2)) == [decision, old]
    assert ids(await claim(database)) == [new, praise]


async def test_two_claimers_at_once_never_get_the_same_letter(database: Database) -> None:
    await post(database, *(letter(f"{n}") for n in range(20)))

    taken = await asyncio.gather(*(claim(database, f"holder-{n}", limit=5) for n in range(4)))

    claimed = [one for part in taken for one in ids(part)]
    assert len(claimed) == len(set(claimed))
    rest = ids(await claim(database, limit=20))
    assert len(claimed) + len(rest) == 20


async def test_who_waits_for_no_other_claimer_skips_what_is_being_claimed(postgres_url: str) -> None:
    claimed = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(session: Session) -> list[Waiting]:
        got = await letters.claim(session, NOON, "slow", 1)
        claimed.set()
        await go_on.wait()
        return got

    async with Database(postgres_url) as database:
        first, second = await post(database, letter("1"), letter("2"))
        task = asyncio.create_task(database.transact(slow))
        await claimed.wait()
        quick = await asyncio.wait_for(claim(database, "quick"), timeout=30)
        go_on.set()

        assert ids(await task) == [first]
        assert ids(quick) == [second]


async def test_a_claim_is_lost_with_time_and_counts_attempts(database: Database) -> None:
    await post(database, letter("1"))

    attempts = [
        [one.parcel.attempt for one in await claim(database, after=after)]
        for after in (timedelta(0), CLAIM - MINUTE / 60, CLAIM)
    ]

    assert attempts == [[1], [], [2]]


async def test_who_stops_gives_its_claims_back(database: Database) -> None:
    await post(database, letter("1"), letter("2"))
    await claim(database, "a", limit=1)
    await claim(database, "b", limit=1)

    assert await database.transact(lambda session: letters.release(session, NOON, "a")) == 1
    assert len(await claim(database, "c")) == 1
    assert await database.transact(lambda session: letters.release(session, NOON)) == 2


async def test_when_the_next_one_is_due(database: Database) -> None:
    async def due(session: Session) -> object:
        return [listed.next_try for listed in await outbox.listed(session, ("waiting",))]

    (posted,) = await post(database, letter("1"))
    assert await database.read(due) == [NOON]
    await database.transact(lambda session: letters.try_later(session, posted or 0, NOON + MINUTE, "busy"))
    assert await database.read(due) == [NOON + MINUTE]


# --- what becomes of them ---


async def test_later_means_not_before(database: Database) -> None:
    (posted,) = await post(database, letter("1"))
    await claim(database)
    await database.transact(
        lambda session: letters.try_later(session, posted or 0, NOON + 5 * MINUTE, "busy")
    )

    assert await claim(database, after=4 * MINUTE) == []
    assert ids(await claim(database, after=5 * MINUTE)) == [posted]


async def test_what_is_sent_is_not_tried_again(database: Database) -> None:
    (posted,) = await post(database, letter("1"))
    await database.transact(lambda session: letters.sent(session, [(posted or 0, BUTTONS, NOON)]))
    await database.transact(lambda session: letters.try_later(session, posted or 0, NOON, "too late"))

    assert await claim(database, after=CLAIM) == []
    assert await database.read(letters.tally) == {"sent": 1}


@pytest.mark.parametrize(("state", "tried_again"), [("dead", 1), ("dropped", 0)])
async def test_what_was_given_up_is_told_and_the_dead_may_be_tried_again(
    database: Database, state: str, tried_again: int
) -> None:
    (posted,) = await post(database, letter("1"))
    await database.transact(lambda session: letters.close(session, posted or 0, state, "refused: 没有这个人"))

    assert await claim(database, after=CLAIM) == []
    assert await database.read(letters.tally) == {state: 1}
    assert await database.read(lambda session: letters.was_refused(session, posted or 0))
    assert await database.transact(lambda session: outbox.retry(session, NOON)) == tried_again
    assert [one.parcel.attempt for one in await claim(database)] == [1] * tried_again


async def test_one_letter_is_tried_again_alone(database: Database) -> None:
    first, second = await post(database, letter("1"), letter("2"))
    for one in (first, second):
        await database.transact(lambda session, one=one: letters.close(session, one or 0, "dead", "no"))  # type: ignore[misc]  # mypy cannot type a default of a lambda

    await database.transact(lambda session: outbox.retry(session, NOON, second))

    assert ids(await claim(database)) == [second]


async def test_the_chosen_account_stays_chosen(database: Database) -> None:
    employee = await database.transact(_wang)
    (posted,) = await post(database, letter("1", employee))
    await database.transact(lambda session: letters.address(session, posted or 0, WANG))

    (waiting,) = await claim(database)

    assert (waiting.parcel.to, waiting.parcel.platform) == (WANG, PlatformName.WECOM)


async def test_the_list_for_those_who_run_the_bot(database: Database) -> None:
    employee = await database.transact(_wang)
    await post(database, letter("1", employee), letter("2", GROUP))

    listed = await database.read(lambda session: outbox.listed(session, ["waiting"]))

    assert [(one.receiver, one.first_line, one.state) for one in listed] == [
        ("王店@-", "进度 70%", "waiting"),
        ("wrBinJiang@wecom", "进度 70%", "waiting"),
    ]
    assert await database.read(lambda session: outbox.listed(session, ["dead"])) == []


# --- what a number, a quote or a press refers to ---


async def last(
    session: Session, *, numbered: bool, where: str = "cid-li", kind: ChatKind = ChatKind.PRIVATE
) -> Shown | None:
    return await letters.last_shown(session, message("1", "msg-9", where=where, kind=kind), numbered=numbered)


async def test_the_last_card_shown_and_the_last_with_numbers(database: Database) -> None:
    async def work(session: Session) -> list[Card | None]:
        await answer(session, "msg-1", ASKS)
        await answer(session, "msg-2", CARD)
        seen = [await last(session, numbered=numbered) for numbered in (False, True)]
        return [one.card if one else None for one in seen]

    assert await database.transact(work) == [CARD, ASKS]


@pytest.mark.parametrize(("receipt", "found"), [(NUMBERED, True), (BUTTONS, False)])
async def test_choices_that_were_shown_as_numbers_are_answered_by_numbers(
    database: Database, receipt: Receipt, found: bool
) -> None:
    async def work(session: Session) -> bool:
        parcel = await answer(session, "msg-1", CARD)
        assert parcel is not None
        await letters.sent(session, [(parcel.id, receipt, NOON)])
        return await last(session, numbered=True) is not None

    assert await database.transact(work) is found


async def test_what_offers_nothing_does_not_come_between_a_question_and_its_number(
    database: Database,
) -> None:
    async def work(session: Session) -> Card | None:
        question = await answer(session, "msg-1", ASKS)
        told = await answer(session, "msg-2", Card(Face("2027 年的放假安排我还不知道")))
        assert question is not None
        assert told is not None
        await letters.sent(session, [(question.id, NUMBERED, NOON), (told.id, NUMBERED, NOON)])
        found = await last(session, numbered=True)
        return found.card if found else None

    assert await database.transact(work) == ASKS


async def test_a_question_is_answered_by_its_number_even_where_it_has_buttons(database: Database) -> None:
    async def work(session: Session) -> bool:
        parcel = await answer(session, "msg-1", ASKS)
        assert parcel is not None
        await letters.sent(session, [(parcel.id, BUTTONS, NOON)])
        return await last(session, numbered=True) is not None

    assert await database.transact(work)


async def test_private_chat_and_groups_are_kept_apart(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        await answer(session, "msg-1", CARD, kind=ChatKind.GROUP, where="cid-group")
        found = [
            await last(session, numbered=False),
            await last(session, numbered=False, where="cid-group", kind=ChatKind.GROUP),
            await last(session, numbered=False, where="cid-other", kind=ChatKind.GROUP),
        ]
        return [one is not None for one in found]

    assert await database.transact(work) == [False, True, False]


async def test_a_redrawn_card_is_what_is_shown_from_then_on(database: Database) -> None:
    async def work(session: Session) -> list[Card | None]:
        parcel = await answer(session, "msg-1", ASKS)
        assert parcel is not None
        await letters.redrawn(session, parcel.id, CARD)
        by_ref = await letters.by_ref(session, parcel.ref)
        numbered = await last(session, numbered=True)
        return [by_ref.card if by_ref else None, numbered.card if numbered else None]

    assert await database.transact(work) == [CARD, None]


async def test_a_reference_that_nobody_has(database: Database) -> None:
    assert await database.read(lambda session: letters.by_ref(session, "l" + "0" * 31)) is None
