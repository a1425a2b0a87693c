"""Jobs that keep the house, and the one letter of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chat.card import load_card
from config.policy import policy_of
from config.settings import Calendar, Company, Settings
from okr.objectives import CycleState
from okr.policy import SHANGHAI, Policy
from okr.workdays import OfficeCalendar
from scheduler.housekeeping import calendar_years, close_cycles, forget_heard, open_cycle
from storage import cycles, heard
from storage.database import Database
from storage.session import Session
from tests.storage.company import employ


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


async def turned(database: Database, *dues: str) -> str:
    """What the job says of the last of these moments."""

    async def work(session: Session) -> str:
        return [await open_cycle.run(session, at(due), Policy()) for due in dues][-1]

    return await database.transact(work)


async def states(database: Database) -> dict[str, CycleState]:
    return {cycle.name: cycle.state for cycle in await database.read(cycles.everything)}


@pytest.mark.parametrize(
    ("dues", "said"),
    [
        (["2026-11-23 00:01"], "running: 2026Q4"),
        (["2026-12-16 00:01"], "running: 2026Q4"),
        (["2026-12-17 00:01"], "running: 2026Q4; 2027Q1 drafting; 2027 drafting"),
        (["2026-12-17 00:01", "2026-12-18 00:01"], "running: 2026Q4"),
        (
            ["2026-12-17 00:01", "2027-01-01 00:01"],
            "running: 2027Q1; 2026Q4 reviewing; 2027Q1 active; 2027 active",
        ),
        (["2026-11-23 00:01", "2027-02-09 00:01"], "running: 2027Q1; 2026Q4 reviewing"),
    ],
    ids=["early", "a day before", "opened", "once", "first day", "after downtime"],
)
async def test_cycles_turn_by_the_calendar(database: Database, dues: list[str], said: str) -> None:
    assert await turned(database, *dues) == said


@pytest.mark.parametrize(
    ("due", "grace", "closed"),
    [
        ("2027-01-15 00:10", 10, False),
        ("2027-01-16 00:10", 10, True),
        ("2027-01-08 00:10", 5, False),
        ("2027-01-09 00:10", 5, True),
        ("2028-01-01 00:10", 0, False),
    ],
)
async def test_what_nobody_closes_is_closed_after_its_grace(
    database: Database, due: str, grace: int, closed: bool
) -> None:
    """1 January 2027, a Friday, is off: the tenth working day after the end is Friday the 15th."""
    policy = replace(Policy(), close_after=grace, calendar=OfficeCalendar(frozenset({date(2027, 1, 1)})))
    await turned(database, "2026-11-23 00:01")

    async def work(session: Session) -> str:
        return await close_cycles.run(session, at(due), policy)

    first, again = await database.transact(work), await database.transact(work)

    assert first == ("closed 2026Q4 with 0 objectives" if closed else "nothing to close")
    assert again == "nothing to close"
    expected = CycleState.CLOSED if closed else CycleState.ACTIVE
    assert (await states(database))["2026Q4"] is expected


async def test_what_was_heard_is_forgotten_after_its_time(database: Database) -> None:
    due = datetime(2026, 11, 24, 3, 40, tzinfo=SHANGHAI)
    kept, gone = due - forget_heard.KEPT, due - forget_heard.KEPT - timedelta(seconds=1)

    async def work(session: Session) -> tuple[str, bool, bool]:
        await heard.first_time(session, "kept", kept)
        await heard.first_time(session, "gone", gone)
        said = await forget_heard.run(session, due, Policy())
        return (
            said,
            await heard.first_time(session, "kept", due),
            await heard.first_time(session, "gone", due),
        )

    assert await database.transact(work) == ("forgot 1 events, 0 runs", False, True)


@pytest.mark.parametrize(
    ("day", "years", "unknown"),
    [
        ("2026-11-24", (), None),
        ("2026-12-14", (), None),
        ("2026-12-15", (), 2027),
        ("2027-01-01", (), 2027),
        ("2027-12-31", (), 2027),
        ("2027-06-01", (2027,), None),
        ("2027-12-15", (2027,), 2028),
    ],
)
async def test_of_a_year_that_nobody_knows_the_admins_hear_once(
    database: Database, day: str, years: Sequence[int], unknown: int | None
) -> None:
    company = Company(admins=("E0001", "E0002"))
    calendar = Calendar(holidays=tuple(date(year, 10, 1) for year in years))
    policy = policy_of(Settings(company=company, calendar=calendar))
    due = datetime.fromisoformat(f"{day} 09:20").replace(tzinfo=SHANGHAI)

    async def work(session: Session) -> list[str]:
        await employ(session)
        await calendar_years.run(session, due, policy)
        await calendar_years.run(session, due + timedelta(hours=1), policy)
        return [load_card(row[0]).face.title for row in await session.all("SELECT card FROM letters")]

    told = await database.transact(work)
    assert len(told) == (2 if unknown else 0)
    assert all(f"{unknown} 年的放假安排我还不知道" in one for one in told)
