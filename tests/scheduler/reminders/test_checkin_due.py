"""进展更新提醒: one card a week with everything that is to be reported."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at

JOB = "checkin_due"


@pytest.fixture
async def office(staffed: Database) -> Office:
    """Monday morning."""
    return Office(staffed, at("2026-11-23 09:00"))


async def test_everything_to_report_is_on_one_card(office: Office) -> None:
    first = await office.goal(OFFICE, reports=[("2026-11-09", "50")])
    second = await office.goal(OFFICE, title="拜访老客户")

    await office.run(JOB)
    await office.wind("2026-11-23 09:00")

    [text] = office.texts()
    assert "这周报一下进度:2 个等着" in text
    assert f"{first} 开发新客户 50 家" in text
    assert f"{second} 拜访老客户 还没报过" in text


async def test_who_reported_lately_hears_nothing(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-21", "50")])

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_run_again_in_the_same_week_it_says_nothing_new(office: Office) -> None:
    await office.goal(OFFICE)

    assert await office.run(JOB) == "1 to say, 1 letters"
    assert await office.run(JOB, "2026-11-25 09:00") == "1 to say, 0 letters"
    assert await office.run(JOB, "2026-11-30 09:00") == "1 to say, 1 letters"


async def test_what_is_reported_before_it_goes_is_left_out(staffed: Database) -> None:
    """Monday of the National Day week: it waits until the office opens again."""
    office = Office(staffed, at("2026-10-05 09:00"))
    reported = await office.goal(OFFICE)
    waiting = await office.goal(OFFICE, title="拜访老客户")

    await office.run(JOB)
    await office.wind("2026-10-05 09:00")
    assert office.texts() == []
    await office.report(reported, "5")
    await office.wind("2026-10-08 09:00")

    [text] = office.texts()
    assert waiting in text
    assert reported not in text
