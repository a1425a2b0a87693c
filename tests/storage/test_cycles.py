"""The running quarter opens by itself, once."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from okr.objectives import Cycle
from storage import cycles
from storage.database import Database
from storage.session import Session


@pytest.mark.parametrize(
    ("today", "name", "start", "end"),
    [
        (date(2026, 11, 24), "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), "2027Q1", date(2027, 1, 1), date(2027, 3, 31)),
        (date(2028, 2, 29), "2028Q1", date(2028, 1, 1), date(2028, 3, 31)),
    ],
)
async def test_the_quarter_of_a_day_opens_when_it_is_asked_for(
    database: Database, today: date, name: str, start: date, end: date
) -> None:
    cycle = await database.transact(lambda session: cycles.running(session, today))

    assert (cycle.name, cycle.start, cycle.end) == (name, start, end)
    assert await database.read(lambda session: cycles.on(session, today)) == cycle
    assert await database.read(lambda session: cycles.by_name(session, name)) == cycle


async def test_a_quarter_opens_once_however_many_ask_at_once(database: Database) -> None:
    opened = await asyncio.gather(
        *(database.transact(lambda session: cycles.running(session, date(2026, 11, 24))) for _ in range(8))
    )

    assert len({cycle.id for cycle in opened}) == 1
    row = await database.read(lambda session: session.one("SELECT count(*) FROM cycles"))
    assert row is not None
    assert row[0] == 1


async def test_two_that_ask_at_the_same_moment_get_one_quarter(postgres_url: str) -> None:
    """Both have looked before either has made it."""
    both_have_looked = asyncio.Barrier(2)
    today = date(2026, 11, 24)

    async def work(session: Session) -> Cycle:
        assert await cycles.on(session, today) is None
        await both_have_looked.wait()
        return await cycles.running(session, today)

    async with Database(postgres_url) as database:
        one, other = await asyncio.gather(database.transact(work), database.transact(work))

    assert one == other


async def test_a_day_without_a_cycle(database: Database) -> None:
    async def work(session: Session) -> tuple[Cycle | None, Cycle | None]:
        await cycles.running(session, date(2026, 11, 24))
        return await cycles.on(session, date(2027, 1, 1)), await cycles.by_name(session, "2027Q1")

    assert await database.transact(work) == (None, None)
