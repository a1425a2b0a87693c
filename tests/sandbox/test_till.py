"""The stores of the sandbox go on selling while its clock is wound, and while nobody looks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from okr.policy import SHANGHAI
from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from storage.session import Session
from tests.quiet import QUIET_JOBS

MORNING = datetime(2026, 11, 24, 10, 10, tzinfo=SHANGHAI)
EVENING = datetime(2026, 11, 24, 23, 0, tzinfo=SHANGHAI)


async def visitors(stage: Stage, day: date) -> int:
    """Of the larger store on a day, in the smallest unit that is kept."""
    midnight = datetime.combine(day, time(), SHANGHAI)

    async def work(session: Session) -> int:
        row = await session.one(
            "SELECT coalesce(sum(p.value), 0) FROM metric_points p JOIN metric_series s ON s.id = p.series_id"
            " WHERE s.metric = 'visitors' AND s.unit LIKE ? AND p.at >= ? AND p.at < ?",
            "%西湖店",
            midnight,
            midnight + timedelta(days=1),
        )
        assert row is not None
        return int(row[0])

    return await stage.database.read(work)


async def test_a_day_that_began_is_whole_when_it_is_over(sqlite_url: str) -> None:
    async with staged(sqlite_url, WoundClock(MORNING), jobs=QUIET_JOBS) as stage:
        began = await visitors(stage, MORNING.date())
        await stage.office.wind_to(EVENING)
        whole = await visitors(stage, MORNING.date())
        await stage.office.wind_to(EVENING + timedelta(days=1))

        assert 0 < began < whole / 5
        assert await visitors(stage, MORNING.date()) == whole
        assert await visitors(stage, MORNING.date() + timedelta(days=1)) > whole / 2


async def test_what_was_sold_while_nobody_looked_is_there(sqlite_url: str) -> None:
    async with staged(sqlite_url, WoundClock(MORNING), jobs=QUIET_JOBS):
        pass
    async with staged(sqlite_url, WoundClock(EVENING + timedelta(days=3)), jobs=QUIET_JOBS) as stage:
        days = [await visitors(stage, MORNING.date() + timedelta(days=n)) for n in range(-1, 4)]
        assert all(day > days[0] / 2 for day in days)
