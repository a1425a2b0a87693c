"""okrbot jobs run NAME --at …: what it writes is judged and sent as of that moment, whatever the clock says."""

from __future__ import annotations

from datetime import datetime

import pytest

from scheduler.timetable import Timetable
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at

LATE_ON_SATURDAY = at("2026-11-28 23:00")


@pytest.fixture
async def office(staffed: Database) -> Office:
    office = Office(staffed, LATE_ON_SATURDAY)
    await office.goal(OFFICE, reports=[("2026-10-08", "5")])
    return office


async def by_hand(office: Office, name: str, due: datetime) -> str | None:
    async with Database(office.database.url, judged_as_posted=True) as beside:
        return await Timetable(beside, lambda: office.policy, lambda: due).run_job(name, due)


@pytest.mark.parametrize("due", ["2026-11-25 09:30", "2026-12-10 09:30"])
async def test_in_the_window_of_that_moment_it_goes_at_once(office: Office, due: str) -> None:
    assert await by_hand(office, "progress_warning", at(due)) == "2 to say, 2 letters"

    await office.wind("2026-11-28 23:00")

    assert await office.states() == ["sent", "sent"]


async def test_outside_the_window_of_that_moment_it_waits(office: Office) -> None:
    office.now = at("2026-11-25 09:30")

    await by_hand(office, "progress_warning", at("2026-11-28 23:00"))
    await office.wind("2026-11-25 10:00")
    assert await office.states() == ["waiting", "waiting"]

    await office.wind("2026-11-30 09:00")
    assert await office.states() == ["sent", "sent"]


async def test_the_ceiling_is_that_of_that_day(office: Office) -> None:
    for title in ("二", "三", "四"):
        await office.goal(OFFICE, reports=[("2026-10-08", "5")], title=title)
    await by_hand(office, "progress_warning", at("2026-11-25 09:30"))
    await office.wind("2026-11-28 23:00")

    assert sorted(await office.states()) == ["folded", "folded"] + ["sent"] * 6


async def test_a_second_time_does_nothing(office: Office) -> None:
    await by_hand(office, "progress_warning", at("2026-11-25 09:30"))

    assert await by_hand(office, "progress_warning", at("2026-11-25 09:30")) is None


async def test_what_is_of_long_ago_is_not_given_up_at_the_first_failure(office: Office) -> None:
    for box in office.boxes.values():
        box.away = True
    await by_hand(office, "progress_warning", at("2026-11-11 09:30"))

    await office.wind("2026-11-28 23:00")

    assert await office.states() == ["waiting", "waiting"]
