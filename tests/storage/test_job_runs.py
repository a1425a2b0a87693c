"""The ledger of scheduled jobs: its rows are the claims."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from okr.policy import SHANGHAI
from storage import job_runs
from storage.database import Database
from storage.job_runs import Run
from storage.session import Session
from tests.storage.company import NOON

MINUTE = timedelta(minutes=1)


async def test_a_moment_is_taken_once_by_each_job(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        return [
            await job_runs.claim(session, name, NOON + minutes * MINUTE, NOON)
            for name, minutes in (("a", 0), ("a", 0), ("b", 0), ("a", 1))
        ]

    assert await database.transact(work) == [True, False, True, True]


async def test_one_moment_in_two_zones_is_one_moment(database: Database) -> None:
    """The timetable speaks company time, who runs a job by hand may speak UTC."""

    async def work(session: Session) -> list[bool]:
        return [await job_runs.claim(session, "a", due, NOON) for due in (NOON.astimezone(SHANGHAI), NOON)]

    assert await database.transact(work) == [True, False]


async def test_of_many_at_once_one_runs(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.transact(lambda session: job_runs.claim(session, "a", NOON, NOON)) for _ in range(8))
    )

    assert outcomes.count(True) == 1


async def test_the_newest_run_of_each_job(database: Database) -> None:
    async def work(session: Session) -> dict[str, Run]:
        assert await job_runs.last(session) == {}
        for minutes in (2, 0, 1):
            await job_runs.claim(session, "a", NOON + minutes * MINUTE, NOON)
        await job_runs.claim(session, "b", NOON, NOON)
        await job_runs.finish(session, "b", NOON, NOON + MINUTE, "wrote 3 letters")
        return await job_runs.last(session)

    assert await database.transact(work) == {
        "a": Run("a", NOON + 2 * MINUTE, NOON, None, ""),
        "b": Run("b", NOON, NOON, NOON + MINUTE, "wrote 3 letters"),
    }
