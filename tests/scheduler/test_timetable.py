"""When what is due, and that each moment is dealt with once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from okr.policy import SHANGHAI, Policy
from scheduler.jobs import Job
from scheduler.timetable import JOBS, Timetable, UnknownJob, last_before, next_after
from storage import job_runs
from storage.database import Database
from storage.session import Session

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment in company time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NINE = at("2026-11-24 09:00")


class Ran:
    """A job that writes down the moments it was given."""

    def __init__(self, *, fails: bool = False) -> None:
        self.moments: list[datetime] = []
        self.fails = fails

    async def __call__(self, session: Session, due: datetime, policy: Policy) -> str:
        del session, policy
        self.moments.append(due)
        if self.fails:
            raise LookupError(due)
        return "done"


def job(cron: str, run: Ran | None = None, grace: timedelta = 12 * HOUR, name: str = "job") -> Job:
    return Job(name, cron, "试一试", run or Ran(), grace=grace)


def timetable(database: Database, now: datetime, *jobs: Job) -> Timetable:
    return Timetable(database, Policy, lambda: now, jobs)


@pytest.mark.parametrize(
    ("cron", "moment", "due"),
    [
        ("0 9 * * *", "2026-11-24 08:59", "2026-11-24 09:00"),
        ("0 9 * * *", "2026-11-24 09:00", "2026-11-25 09:00"),
        ("0 9 * * *", "2026-11-24 09:00:00.000001", "2026-11-25 09:00"),
        ("1 0 * * *", "2026-11-24 23:59", "2026-11-25 00:01"),
        ("0 0 * * *", "2026-11-24 00:00", "2026-11-25 00:00"),
        ("0 0 * * *", "2026-12-31 23:59:59", "2027-01-01 00:00"),
        ("0 9 1 * *", "2026-11-30 12:00", "2026-12-01 09:00"),
        ("0 9 31 * *", "2026-11-01 00:00", "2026-12-31 09:00"),
        ("0 9 last * *", "2027-02-01 00:00", "2027-02-28 09:00"),
        ("0 9 29 2 *", "2026-11-24 00:00", "2028-02-29 09:00"),
        ("1 0 1 1,4,7,10 *", "2026-11-24 00:00", "2027-01-01 00:01"),
        ("0 10 * * mon", "2026-11-24 00:00", "2026-11-30 10:00"),
        ("0 16 * * fri", "2026-11-24 00:00", "2026-11-27 16:00"),
        ("0 16 * * sat", "2026-11-24 00:00", "2026-11-28 16:00"),
        ("0 16 * * sun", "2026-11-24 00:00", "2026-11-29 16:00"),
        ("30 2 * * *", "2026-03-29 02:00", "2026-03-29 02:30"),
        ("30 1 * * *", "2026-10-25 01:30", "2026-10-26 01:30"),
    ],
)
def test_the_next_moment(cron: str, moment: str, due: str) -> None:
    assert next_after(job(cron), at(moment), SHANGHAI) == at(due)


def test_the_clock_may_speak_another_zone() -> None:
    utc = at("2026-11-24 08:59").astimezone(tz=None)

    assert next_after(job("0 9 * * *"), utc, SHANGHAI) == NINE


@pytest.mark.parametrize(
    ("cron", "grace", "moment", "due"),
    [
        ("0 9 * * *", 12, "2026-11-24 09:00", "2026-11-24 09:00"),
        ("0 9 * * *", 12, "2026-11-24 08:59", None),
        ("0 9 * * *", 12, "2026-11-24 20:59", "2026-11-24 09:00"),
        ("0 9 * * *", 12, "2026-11-24 21:01", None),
        ("0 9 * * *", 48, "2026-11-24 08:59", "2026-11-23 09:00"),
        ("0 * * * *", 12, "2026-11-24 08:59", "2026-11-24 08:00"),
        ("1 0 * * *", 24, "2027-01-01 00:01", "2027-01-01 00:01"),
        ("1 0 * * *", 24, "2027-01-01 00:00", "2026-12-31 00:01"),
        ("0 16 * * fri", 12, "2026-11-27 16:30", "2026-11-27 16:00"),
        ("0 16 * * fri", 12, "2026-11-28 16:30", None),
        ("0 9 29 2 *", 12, "2028-02-29 10:00", "2028-02-29 09:00"),
    ],
)
def test_the_last_moment_within_the_grace(cron: str, grace: int, moment: str, due: str | None) -> None:
    assert last_before(job(cron, grace=grace * HOUR), at(moment), SHANGHAI) == (at(due) if due else None)


async def test_a_job_runs_once_for_a_moment_and_gets_that_moment(database: Database) -> None:
    ran = Ran()
    table = timetable(database, NINE + HOUR, job("0 9 * * *", ran))

    assert await table.run_job("job", NINE) == "done"
    assert await table.run_job("job", NINE) is None
    assert await table.run_job("job", NINE + 24 * HOUR) == "done"

    assert ran.moments == [NINE, NINE + 24 * HOUR]


async def test_what_came_of_it_is_in_the_ledger(database: Database) -> None:
    await timetable(database, NINE + HOUR, job("0 9 * * *")).run_job("job", NINE)

    run = (await database.read(job_runs.last))["job"]

    assert (run.due, run.started_at, run.finished_at, run.outcome) == (NINE, NINE + HOUR, NINE + HOUR, "done")


async def test_replicas_that_wake_together_run_it_once(database: Database) -> None:
    ran = Ran()
    replicas = [timetable(database, NINE, job("0 9 * * *", ran)) for _ in range(4)]

    outcomes = await asyncio.gather(*(replica.run_job("job", NINE) for replica in replicas))

    assert sorted(outcomes, key=str) == [None, None, None, "done"]
    assert ran.moments == [NINE]


@pytest.mark.parametrize(("late", "moments"), [(0, [NINE]), (11, [NINE]), (13, [])])
async def test_what_was_missed_is_made_up_for_within_the_grace(
    database: Database, late: int, moments: list[datetime]
) -> None:
    ran = Ran()
    table = timetable(database, NINE + late * HOUR, job("0 9 * * *", ran))

    await table.catch_up()
    await table.catch_up()

    assert ran.moments == moments


async def test_only_the_last_of_several_missed_moments_is_made_up_for(database: Database) -> None:
    ran = Ran()

    await timetable(database, NINE, job("0 * * * *", ran)).catch_up()

    assert ran.moments == [NINE]


async def test_a_job_that_fails_leaves_no_claim_and_hinders_no_other(database: Database) -> None:
    broken, sound = Ran(fails=True), Ran()
    table = timetable(
        database, NINE, job("0 9 * * *", broken, name="broken"), job("0 9 * * *", sound, name="sound")
    )

    await table.catch_up()
    assert set(await database.read(job_runs.last)) == {"sound"}
    broken.fails = False
    await table.catch_up()

    assert broken.moments == [NINE, NINE]
    assert sound.moments == [NINE]


async def test_an_unknown_job_is_named_with_those_there_are(database: Database) -> None:
    with pytest.raises(UnknownJob, match="nothing") as unknown:
        await timetable(database, NINE, job("0 9 * * *")).run_job("nothing", NINE)

    assert unknown.value.known == ("job",)


async def test_it_looks_until_it_is_cancelled(sqlite: Database) -> None:
    ran = Ran()
    task = asyncio.create_task(timetable(sqlite, NINE, job("0 9 * * *", ran)).run())
    while not await sqlite.read(job_runs.last):
        assert not task.done()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ran.moments == [NINE]


def test_the_names_of_jobs_are_their_own() -> None:
    names = [one.name for one in JOBS]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("one", JOBS, ids=lambda one: one.name)
def test_every_job_falls_due_and_names_weekdays(one: Job) -> None:
    """APScheduler counts weekdays from Monday, crontabs from Sunday: only names mean the same to everybody."""
    assert next_after(one, NINE, SHANGHAI) > NINE
    assert not any(character.isdigit() for character in one.cron.split()[4])
    assert one.does
