"""An event is done once, and a repeat is answered alike."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chat.card import Card, Face
from okr.policy import SHANGHAI
from storage import heard
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON

CARD = Card(Face("已记下", lines=("**KR34** 70%",)))


async def test_an_event_is_new_once(database: Database) -> None:
    async def hear(session: Session) -> bool:
        return await heard.first_time(session, "msg-1", NOON)

    assert [await database.transact(hear) for _ in range(3)] == [True, False, False]


async def test_ids_are_compared_to_the_letter(database: Database) -> None:
    async def hear(session: Session) -> list[bool]:
        return [await heard.first_time(session, event_id, NOON) for event_id in ("a", "A", "a ")]

    assert await database.transact(hear) == [True, True, True]


async def test_of_many_at_once_one_is_first(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.transact(lambda session: heard.first_time(session, "msg-1", NOON)) for _ in range(8))
    )

    assert sorted(outcomes) == [False] * 7 + [True]


async def test_what_was_undone_was_not_heard(database: Database) -> None:
    async def fail(session: Session) -> None:
        await heard.first_time(session, "msg-1", NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(fail)

    assert await database.transact(lambda session: heard.first_time(session, "msg-1", NOON))


async def test_the_new_face_of_a_pressed_card_is_kept(database: Database) -> None:
    async def work(session: Session) -> list[Card | None]:
        await heard.first_time(session, "click-1", NOON)
        before = await heard.redraw_of(session, "click-1")
        await heard.keep_redraw(session, "click-1", CARD)
        return [
            before,
            await heard.redraw_of(session, "click-1"),
            await heard.redraw_of(session, "click-2"),
        ]

    assert await database.transact(work) == [None, CARD, None]


async def test_old_ones_are_forgotten_by_the_moment(database: Database) -> None:
    """The moment is given in company time by the timetable."""

    async def work(session: Session) -> tuple[int, list[bool]]:
        for hours in range(-2, 3):
            await heard.first_time(session, f"{hours}", NOON + timedelta(hours=hours))
        gone = await heard.forget_before(session, NOON.astimezone(SHANGHAI))
        return gone, [await heard.first_time(session, f"{hours}", NOON) for hours in range(-2, 3)]

    assert await database.transact(work) == (2, [True, True, False, False, False])
