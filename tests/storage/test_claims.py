"""Several senders on one database: what counts towards one person's ceiling is in one sender's hands at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from chat.answers import Letter, Mark, Urgency
from chat.card import Card, Face
from chat.platform import Receipt
from storage import letters
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, person

LATER = NOON + timedelta(minutes=10)


def reminder(to: int, subject: str, reminder: str = "progress_warning") -> Letter:
    card = Card(Face(f"{subject} 慢了"))
    return Letter(to, card, f"{reminder}:{subject}", Urgency.WARNING, LATER, mark=Mark(reminder, subject))


async def posted(database: Database, *subjects: str) -> int:
    """Reminders to 李四; returns his id."""

    async def work(session: Session) -> int:
        await employ(session)
        li = (await person(session, "E0102")).id
        for subject in subjects:
            await letters.post(session, reminder(li, subject), NOON)
        return li

    return await database.transact(work)


async def taken(session: Session, holder: str, limit: int = 1, after: int = 0) -> list[str]:
    claimed = await letters.claim(session, NOON + timedelta(seconds=after), holder, limit)
    return [one.mark.subject if one.mark else "" for one in claimed]


async def test_who_has_one_of_a_persons_reminders_in_hand_gets_the_next_too(postgres_url: str) -> None:
    async with Database(postgres_url) as database:
        await posted(database, "KR1", "KR2")

        first = await database.transact(lambda session: taken(session, "one"))
        other = await database.transact(lambda session: taken(session, "two"))
        again = await database.transact(lambda session: taken(session, "one"))
        dead = await database.transact(lambda session: taken(session, "two", limit=5, after=61))

    assert (first, other, again) == (["KR1"], [], ["KR2"])
    assert dead == ["KR1", "KR2"], "the claims of the dead run out"


async def test_two_who_claim_at_the_same_instant_do_not_share_a_person(postgres_url: str) -> None:
    async with Database(postgres_url) as database, Database(postgres_url) as other:
        await posted(database, "KR1", "KR2")
        began, ended = asyncio.Event(), asyncio.Event()

        async def slow(session: Session) -> list[str]:
            found = await taken(session, "one")
            began.set()
            await ended.wait()
            return found

        first = asyncio.create_task(database.transact(slow))
        await began.wait()
        second = await other.transact(lambda session: taken(session, "two", limit=5))
        ended.set()

        assert (await first, second) == (["KR1"], [])


async def test_what_a_sender_left_to_another_has_cost_no_attempt(postgres_url: str) -> None:
    async with Database(postgres_url) as database:
        await posted(database, "KR1", "KR2")
        await database.transact(lambda session: taken(session, "one"))
        await database.transact(lambda session: taken(session, "two"))

        [claimed] = await database.transact(lambda session: letters.claim(session, NOON, "one", 5))

    assert claimed.parcel.attempt == 1


async def test_who_gives_up_his_claims_does_not_wait_for_what_is_being_noted(postgres_url: str) -> None:
    async with Database(postgres_url) as database, Database(postgres_url) as other:
        await posted(database, "KR1", "KR2")
        claimed = await database.transact(lambda session: letters.claim(session, NOON, "one", 5))
        began, ended = asyncio.Event(), asyncio.Event()

        async def note(session: Session) -> None:
            await letters.sent(session, [(claimed[0].parcel.id, Receipt("card", buttons=True), NOON)])
            began.set()
            await ended.wait()

        noting = asyncio.create_task(database.transact(note))
        await began.wait()
        released = await other.transact(lambda session: letters.release(session, NOON, "one"))
        ended.set()
        await noting

    assert released == 1
