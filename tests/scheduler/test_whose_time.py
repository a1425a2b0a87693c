"""A unit and a person may be looked at another time than everybody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.policy import policy_of
from config.reminders import CheckinDue, Per, ProgressWarning, Reminders, WeeklyReport
from config.settings import Company, Settings
from okr.reminding import Reminder
from scheduler import dry_run
from scheduler.reminders import WATCHES
from scheduler.slots import between
from scheduler.watching import job_of
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at, weekly

SLOW = weekly(date(2026, 10, 12), ["5", "12", "20", "28", "33", "40"])


def company(**reminders: object) -> Settings:
    return Settings(company=Company(admins=("E0001",)), reminders=Reminders(**reminders))


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 09:30"))


def titles(office: Office) -> list[str]:
    return [card.face.title for card in office.arrived]


async def test_a_person_with_a_time_of_his_own_is_told_then_and_nobody_twice(office: Office) -> None:
    own = await office.goal(OFFICE, reports=SLOW)
    other = await office.goal("E0002", reports=SLOW)
    office.policy = policy_of(
        company(progress_warning=ProgressWarning(per=(Per(people=(OFFICE,), schedule="17:00"),)))
    )

    assert await office.run("progress_warning", "2026-11-24 09:30") == "1 to say, 1 letters"
    await office.wind("2026-11-24 09:30")
    assert [other in title for title in titles(office)] == [True]
    assert await office.run("progress_warning", "2026-11-24 17:00") == "1 to say, 1 letters"
    await office.wind("2026-11-24 17:00")

    assert sorted(own in title for title in titles(office)) == [False, True]
    assert await office.run("progress_warning", "2026-11-24 17:00") is None


async def test_the_timetable_looks_at_both_times(office: Office) -> None:
    office.policy = policy_of(
        company(weekly_report=WeeklyReport(per=(Per(unit="华东区", schedule="thu 16:00"),)))
    )
    job = next(job_of(watch) for watch in WATCHES if watch.reminder is Reminder.WEEKLY_REPORT)
    week = at("2026-11-23 00:00"), at("2026-11-30 00:00")

    dues = between(job.slots_of(office.policy), *week, office.policy.zone, office.policy.calendar)

    assert [f"{due:%a %H:%M}" for due in dues] == ["Mon 10:30", "Thu 16:00", "Fri 17:00"]


async def test_a_region_has_its_weekly_report_on_another_day(office: Office) -> None:
    await office.goal(OFFICE, reports=SLOW)
    await office.goal("E0002", reports=SLOW)
    office.policy = policy_of(
        company(weekly_report=WeeklyReport(per=(Per(unit="华东区", schedule="thu 16:00"),)))
    )

    for due in ("2026-11-26 16:00", "2026-11-27 17:00"):
        await office.run("weekly_report", due)
        await office.wind(due)

    own = [title.partition(",")[0] for title in titles(office) if "团队" not in title]
    assert own == ["周敏", "林晓"]


async def test_what_was_missed_of_an_own_time_is_made_up_for_within_the_grace(office: Office) -> None:
    await office.goal(OFFICE, reports=SLOW)
    office.policy = policy_of(
        company(progress_warning=ProgressWarning(per=(Per(people=(OFFICE,), schedule="8:00"),)))
    )

    office.now = at("2026-11-24 11:00")
    await office.timetable.catch_up()
    await office.wind("2026-11-24 11:00")

    assert [title for title in titles(office) if "慢了一点" in title] == titles(office)[:1]


async def test_a_store_whose_report_comes_on_another_day_is_asked_on_monday(office: Office) -> None:
    await office.goal("E0102", reports=[("2026-11-12", "40")])
    usual = company(checkin_due=CheckinDue(fresh_days=1))
    moved = company(weekly_report=WeeklyReport(per=(Per(unit="西湖店", schedule="tue 11:00"),)))

    for settings, count in ((usual, 0), (moved, 1)):
        office.policy = policy_of(settings)
        said = await office.run("checkin_due", f"2026-11-{23 + 7 * count} 09:00")
        assert said == f"{count} to say, {count} letters"


async def test_the_dry_run_knows_of_it(office: Office) -> None:
    await office.goal(OFFICE, reports=SLOW)
    per = (Per(people=(OFFICE,), schedule="17:00", enabled=None),)
    policies = [policy_of(company()), policy_of(company(progress_warning=ProgressWarning(per=per)))]

    async def found(day: date) -> list[int]:
        return [
            len(await office.database.look(lambda s, p=one: dry_run.planned(s, p, day, WATCHES)))  # type: ignore[misc]
            for one in policies
        ]

    day = date(2026, 11, 24)
    same = await found(day)
    assert same[0] == same[1] > 0
    assert await found(day + timedelta(days=400)) == [0, 0]
