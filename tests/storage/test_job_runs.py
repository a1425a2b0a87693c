"""The ledger of scheduled jobs: its rows are the claims."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from okr.policy import SHANGHAI
from storage import job_runs
from storage.database import Database
from storage.job_runs import ABANDONED, Claim, Run
from storage.session import Session
from tests.storage.company import NOON

MINUTE = timedelta(minutes=1)


def claim(name: str, minutes: int = 0, *, later: timedelta = timedelta()) -> Claim:
    """Of the moment so many minutes after noon, taken `later`."""
    now = NOON + later
    return Claim(name, NOON + minutes * MINUTE, now, now - 5 * MINUTE)


async def test_a_moment_is_taken_once_by_each_job(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        return [
            await job_runs.claim(session, claim(name, minutes))
            for name, minutes in (("a", 0), ("a", 0), ("b", 0), ("a", 1))
        ]

    assert await database.transact(work) == [True, False, True, True]


async def test_one_moment_in_two_zones_is_one_moment(database: Database) -> None:
    """The timetable speaks company time, who runs a job by hand may speak UTC."""

    async def work(session: Session) -> list[bool]:
        moments = (NOON.astimezone(SHANGHAI), NOON)
        return [await job_runs.claim(session, Claim("a", due, NOON, NOON)) for due in moments]

    assert await database.transact(work) == [True, False]


async def test_of_many_at_once_one_runs(database: Database) -> None:
    outcomes = await asyncio.gather(
        *(database.transact(lambda session: job_runs.claim(session, claim("a"))) for _ in range(8))
    )

    assert outcomes.count(True) == 1


@pytest.mark.parametrize(
    ("state", "later", "taken"),
    [
        ("failed", 4 * MINUTE, False),
        ("failed", 5 * MINUTE, True),
        ("running", 5 * MINUTE, False),
        ("running", ABANDONED, True),
        ("done", ABANDONED, False),
        ("late", ABANDONED, False),
        ("skipped", ABANDONED, False),
    ],
)
async def test_what_may_be_taken_anew(database: Database, state: str, later: timedelta, taken: bool) -> None:
    async def work(session: Session) -> bool:
        await job_runs.claim(session, claim("a"))
        await job_runs.finish(session, claim("a"), state, "")
        return await job_runs.claim(session, claim("a", later=later))

    assert await database.transact(work) is taken


async def test_what_goes_on_is_not_taken_for_dead(database: Database) -> None:
    async def work(session: Session) -> list[bool]:
        await job_runs.claim(session, claim("a"))
        await job_runs.goes_on(session, "a", 50 * MINUTE)
        await job_runs.goes_on(session, "b", ABANDONED)
        return [
            await job_runs.claim(session, claim("a", later=later))
            for later in (ABANDONED, ABANDONED + 50 * MINUTE)
        ]

    assert await database.transact(work) == [False, True]


async def test_a_failure_does_not_undo_what_is_done(database: Database) -> None:
    async def work(session: Session) -> str:
        await job_runs.claim(session, claim("a"))
        await job_runs.finish(session, claim("a"), "done", "wrote 3 letters")
        await job_runs.fail(session, claim("a"), "LookupError")
        return (await job_runs.last(session))["a"].state

    assert await database.transact(work) == "done"


async def test_the_newest_run_of_each_job(database: Database) -> None:
    async def work(session: Session) -> dict[str, Run]:
        assert await job_runs.last(session) == {}
        for minutes in (2, 0, 1):
            await job_runs.claim(session, claim("a", minutes))
        await job_runs.claim(session, claim("b"))
        await job_runs.finish(session, claim("b", later=MINUTE), "done", "wrote 3 letters")
        return await job_runs.last(session)

    assert await database.transact(work) == {
        "a": Run("a", NOON + 2 * MINUTE, NOON, None, "", "running"),
        "b": Run("b", NOON, NOON, NOON + MINUTE, "wrote 3 letters", "done"),
    }


async def test_what_was_run_by_hand_for_a_later_moment_is_no_run_of_today(database: Database) -> None:
    async def work(session: Session) -> dict[str, Run]:
        for minutes in (0, 10):
            await job_runs.claim(session, claim("a", minutes))
        return await job_runs.last_until(session, NOON + MINUTE)

    assert (await database.transact(work))["a"].due == NOON


async def test_moments_nobody_was_there_for_are_kept_and_long_ago_is_forgotten(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await job_runs.claim(session, claim("a", 1))
        await job_runs.finish(session, claim("a", 1), "done", "")
        await job_runs.skip(session, "a", [NOON + n * MINUTE for n in range(3)], NOON + 9 * MINUTE)
        await job_runs.forget_before(session, NOON + MINUTE)
        return [f"{run.state} {(run.due - NOON) // MINUTE}" for run in await job_runs.missed(session, NOON)]

    assert await database.transact(work) == ["skipped 2"]
