"""The running quarter opens by itself, once."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from okr.cycle import cycle_of
from okr.objectives import Cycle, CycleState
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
        assert await cycles.by_name(session, "2026Q4") is None
        await both_have_looked.wait()
        return await cycles.running(session, today)

    async with Database(postgres_url) as database:
        one, other = await asyncio.gather(database.transact(work), database.transact(work))

    assert one == other


async def test_a_year_is_beside_its_quarters(database: Database) -> None:
    today = date(2026, 11, 24)

    async def work(session: Session) -> tuple[Cycle, Cycle, Cycle | None, list[str]]:
        year = await cycles.year_of(session, today)
        quarter = await cycles.running(session, today)
        half = await cycles.opened(session, cycle_of("2026H2"), today)
        assert half.state is CycleState.ACTIVE
        names = [cycle.name for cycle in await cycles.everything(session)]
        return year, quarter, await cycles.by_name(session, "2027Q1"), names

    year, quarter, none, names = await database.transact(work)

    assert (year.name, year.start, year.end) == ("2026", date(2026, 1, 1), date(2026, 12, 31))
    assert (quarter.name, none) == ("2026Q4", None)
    assert names == ["2026Q4", "2026H2", "2026"]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("2026Q3", CycleState.REVIEWING),
        ("2026Q4", CycleState.ACTIVE),
        ("2027Q1", CycleState.PLANNED),
        ("2027", CycleState.PLANNED),
    ],
)
async def test_a_cycle_begins_in_the_state_that_the_calendar_gives_it(
    database: Database, name: str, state: CycleState
) -> None:
    made = await database.transact(lambda session: cycles.opened(session, cycle_of(name), date(2026, 11, 24)))

    assert made.state is state
