"""When what is due, and that each moment is dealt with once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.policy import policy_of
from config.schedule import read_when
from config.settings import Calendar, Settings
from okr.policy import SHANGHAI, Policy
from okr.workdays import OfficeCalendar
from scheduler.jobs import Job
from scheduler.slots import Slot, between, last_before, next_after
from scheduler.timetable import AGAIN, JOBS, Timetable, UnknownJob
from storage import job_runs
from storage.database import Database
from storage.session import Session, moment
from tests.scheduler.reminders.stage import OFFICE, Office

HOUR = timedelta(hours=1)
CALENDAR = OfficeCalendar()


def at(text: str) -> datetime:
    """A moment in company time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


NINE = at("2026-11-24 09:00")


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


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


def job(
    cron: str | tuple[Slot, ...], run: Ran | None = None, grace: timedelta = 12 * HOUR, name: str = "job"
) -> Job:
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
    assert next_after(job(cron).slots, at(moment), SHANGHAI, CALENDAR) == at(due)


def test_the_clock_may_speak_another_zone() -> None:
    utc = at("2026-11-24 08:59").astimezone(tz=None)

    assert next_after(job("0 9 * * *").slots, utc, SHANGHAI, CALENDAR) == NINE


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
    assert last_before(job(cron).slots, at(moment), grace * HOUR, SHANGHAI, CALENDAR) == (
        at(due) if due else None
    )


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


async def states(database: Database, name: str = "job") -> list[str]:
    rows = await database.read(
        lambda session: session.all("SELECT due, state FROM job_runs WHERE name = ? ORDER BY due", name)
    )
    return [f"{moment(row[0]).astimezone(SHANGHAI):%d %H:%M} {row[1]}" for row in rows]


@pytest.mark.parametrize(
    ("back_at", "ledger", "moments"),
    [
        ("2026-11-25 09:00:10", ["24 09:00 done", "25 09:00 done"], 2),
        ("2026-11-25 09:06", ["24 09:00 done", "25 09:00 late"], 2),
        ("2026-11-25 20:59", ["24 09:00 done", "25 09:00 late"], 2),
        ("2026-11-25 21:00", ["24 09:00 done", "25 09:00 skipped"], 1),
        ("2026-11-26 08:59", ["24 09:00 done", "25 09:00 skipped"], 1),
        ("2026-11-26 09:30", ["24 09:00 done", "25 09:00 skipped", "26 09:00 late"], 2),
        (
            "2026-11-27 23:00",
            ["24 09:00 done", "25 09:00 skipped", "26 09:00 skipped", "27 09:00 skipped"],
            1,
        ),
    ],
)
async def test_what_the_ledger_says_of_a_downtime(
    database: Database, back_at: str, ledger: Sequence[str], moments: int
) -> None:
    ran = Ran()
    await timetable(database, NINE, job("0 9 * * *", ran)).catch_up()

    back = timetable(database, at(back_at), job("0 9 * * *", ran))
    await back.catch_up()
    await back.catch_up()

    assert await states(database) == ledger
    assert len(ran.moments) == moments


async def test_a_first_start_has_missed_nothing(database: Database) -> None:
    await timetable(database, NINE + 15 * HOUR, job("0 9 * * *")).catch_up()

    assert await states(database) == []


async def test_a_half_hourly_job_does_not_fill_the_ledger(sqlite: Database) -> None:
    await timetable(sqlite, NINE, job("*/30 * * * *")).catch_up()
    await timetable(sqlite, NINE + 24 * 20 * HOUR, job("*/30 * * * *")).catch_up()

    found = await states(sqlite)
    assert len(found) == 102
    assert found[-2:] == ["14 08:30 skipped", "14 09:00 done"]


@pytest.mark.parametrize(
    ("said", "moments"),
    [
        ("fri 17:30", ["27 17:30"]),
        ("7:00", ["24 07:00", "25 07:00", "26 07:00", "27 07:00", "28 07:00", "29 07:00", "30 07:00"]),
        ("25 10:00", ["25 10:00"]),
        ("mon-wed 8:15", ["24 08:15", "25 08:15", "30 08:15"]),
        ("last 10:00", ["30 10:00"]),
        ("0 10,16 * * sat", ["28 10:00", "28 16:00"]),
    ],
)
async def test_the_company_moves_a_job(said: str, moments: Sequence[str]) -> None:
    policy = Policy(schedule={"job": {"": read_when(said)}})

    found = between(
        job("0 9 * * *").slots_of(policy), at("2026-11-24 00:00"), at("2026-12-01 00:00"), SHANGHAI, CALENDAR
    )

    assert [f"{due:%d %H:%M}" for due in found] == moments


async def test_a_moved_job_holds_without_a_restart_and_what_would_have_been_is_not_missed(
    database: Database,
) -> None:
    ran, clock, policies = Ran(), Clock(NINE), [Policy()]
    table = Timetable(database, lambda: policies[-1], clock, (job("0 9 * * mon", ran),))
    clock.now = at("2026-11-23 09:00")
    await table.catch_up()

    clock.now = at("2026-11-27 10:00")
    policies.append(Policy(schedule={"job": {"": read_when("daily 17:00")}}))
    await table.catch_up()
    clock.now = at("2026-11-27 17:00")
    await table.catch_up()

    assert await states(database) == ["23 09:00 done", "27 17:00 done"]
    assert ran.moments == [at("2026-11-23 09:00"), at("2026-11-27 17:00")]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-23 00:00", "2026-11-27 17:00"),
        ("2026-09-28 00:00", "2026-09-30 17:00"),  # Friday, 2 October is off
        ("2026-10-01 00:00", "2026-10-09 17:00"),
        ("2026-12-28 00:00", "2026-12-31 17:00"),  # Friday is New Year
        ("2027-12-27 00:00", "2027-12-31 17:00"),  # of 2027 nothing is known: a Friday
    ],
)
def test_a_slot_is_moved_to_the_working_day_before(moment: str, due: str) -> None:
    calendar = policy_of(Settings(calendar=Calendar(holidays=(date(2027, 1, 1),)))).calendar

    assert next_after([Slot("0 17 * * fri", moved=True)], at(moment), SHANGHAI, calendar) == at(due)


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cron", "since", "until", "moments"),
    [
        ("0 9 * * *", "2026-03-28", "2026-03-31", ["03-28 08:00", "03-29 07:00", "03-30 07:00"]),
        ("0 9 * * *", "2026-10-24", "2026-10-27", ["10-24 07:00", "10-25 08:00", "10-26 08:00"]),
        ("30 2 * * *", "2026-03-28", "2026-03-31", ["03-28 01:30", "03-29 01:30", "03-30 00:30"]),
        ("30 2 * * *", "2026-10-24", "2026-10-27", ["10-24 00:30", "10-25 00:30", "10-26 01:30"]),
    ],
)  # fmt: skip
def test_where_clocks_are_changed_a_day_has_one_moment(
    cron: str, since: str, until: str, moments: Sequence[str]
) -> None:
    first, last = (datetime.fromisoformat(day).replace(tzinfo=BERLIN) for day in (since, until))

    found = between([Slot(cron)], first, last, BERLIN, CALENDAR)

    assert [f"{due.astimezone(UTC):%m-%d %H:%M}" for due in found] == moments


async def test_who_was_killed_in_the_middle_is_followed_and_nobody_hears_it_twice(staffed: Database) -> None:
    """The claim and a part of the letters are there, and no process any more."""
    office = Office(staffed, at("2026-11-23 09:00"))
    await office.goal(OFFICE)
    await office.goal("E0002", title="拜访老客户")
    assert await office.run("checkin_due") == "2 to say, 2 letters"
    await staffed.transact(
        lambda session: session.run("DELETE FROM letters WHERE id = (SELECT max(id) FROM letters)")
    )
    await staffed.transact(
        lambda session: session.run("UPDATE job_runs SET state = 'running', finished_at = NULL, outcome = ''")
    )

    await office.timetable.catch_up()
    assert await states(staffed, "checkin_due") == ["23 09:00 running"]
    successor = Timetable(staffed, lambda: office.policy, lambda: office.now)
    task = asyncio.create_task(successor.run())
    while await states(staffed, "checkin_due") != ["23 09:00 done"]:
        await asyncio.sleep(0.01)
        assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert len(await office.states()) == 2


async def test_only_the_last_of_several_missed_moments_is_made_up_for(database: Database) -> None:
    ran = Ran()

    await timetable(database, NINE, job("0 * * * *", ran)).catch_up()

    assert ran.moments == [NINE]


async def test_a_job_that_fails_is_in_the_ledger_tried_again_and_hinders_no_other(database: Database) -> None:
    broken, sound = Ran(fails=True), Ran()
    clock = Clock(NINE)
    jobs = (job("0 9 * * *", broken, name="broken"), job("0 9 * * *", sound, name="sound"))
    table = Timetable(database, Policy, clock, jobs)

    await table.catch_up()
    await table.catch_up()
    ledger = await database.read(job_runs.last)
    assert {name: (run.state, run.outcome) for name, run in ledger.items()} == {
        "broken": ("failed", "LookupError"),
        "sound": ("done", "done"),
    }
    broken.fails = False
    clock.now += AGAIN
    await table.catch_up()

    assert broken.moments == [NINE, NINE]
    assert sound.moments == [NINE]
    assert (await database.read(job_runs.last))["broken"].state == "done"


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
    assert next_after(one.slots, NINE, SHANGHAI, CALENDAR) > NINE
    assert not any(character.isdigit() for slot in one.slots for character in slot.cron.split()[4])
    assert one.does
