"""进展停滞提醒: what does not move, or moves less and less."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okr.objectives import Kind, Measure
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at, weekly

JOB = "kr_stalled"


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 10:00"))


async def test_what_has_not_moved_for_two_weeks_is_asked_about(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-10-27", "40"), ("2026-11-09", "50")])

    await office.run(JOB)
    await office.wind("2026-11-24 10:00")

    [text] = office.texts()
    assert f"🐢 {ref} 开发新客户 15 天没动了,停在 50 家" in text
    assert "最近几次:40 家 → 50 家;上次变是11月9日" in text
    assert "是卡住了,还是忘了报?" in text


async def test_after_three_weeks_the_manager_hears_of_it(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-02", "50")])

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-24 10:00")

    assert any(text.startswith("🐢 周敏的 KR1 开发新客户 22 天没动了") for text in office.texts())


async def test_the_same_number_twice_more_is_a_standstill_too(office: Office) -> None:
    await office.goal(OFFICE, reports=weekly(date(2026, 11, 10), ["50", "50", "50"]))

    await office.run(JOB)
    await office.wind("2026-11-24 10:00")

    assert "连着几次没动" in office.texts()[0] or "14 天没动了" in office.texts()[0]


async def test_what_goes_slower_with_each_step_is_shown_its_steps(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=weekly(date(2026, 11, 3), ["10", "40", "55", "60"]))

    await office.run(JOB)
    await office.wind("2026-11-24 10:00")

    [text] = office.texts()
    assert f"🐌 {ref} 开发新客户越走越慢:每周涨 30 家 → 15 家 → 5 家" in text


@pytest.mark.parametrize(
    ("case", "reports", "more"),
    [
        ("moved last week", [("2026-11-17", "50")], {}),
        ("is done", [("2026-11-02", "100")], {}),
        ("is a yes or no", [("2026-11-02", "0")], {"measure": Measure(Kind.BOOLEAN)}),
        (
            "has its stage ahead",
            [("2026-10-20", "30")],
            {"stages": ((date(2026, 11, 30), Decimal("0.3")),)},
        ),
        ("keeps its pace", weekly(date(2026, 11, 3), ["10", "30", "50", "70"]), {}),
        ("slows down and arrives all the same", weekly(date(2026, 11, 3), ["10", "50", "80", "90"]), {}),
    ],
)
async def test_nothing_is_said_of_what(
    office: Office, case: str, reports: list[tuple[str, str]], more: dict[str, Any]
) -> None:
    await office.goal(OFFICE, reports=reports, **more)

    assert await office.run(JOB) == "0 to say, 0 letters", case


async def test_run_again_it_says_nothing_new_until_a_week_has_passed(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-09", "50")])

    assert await office.run(JOB) == "1 to say, 1 letters"
    assert await office.run(JOB, "2026-11-25 10:00") == "1 to say, 0 letters"
    assert await office.run(JOB, "2026-12-01 10:00") == "2 to say, 2 letters", "22 days: that is worse"


async def test_on_a_holiday_it_waits_and_is_dropped_when_it_has_moved(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 10:00"))
    ref = await office.goal(OFFICE, reports=[("2026-02-02", "40")])

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-02-17 10:00")
    assert office.texts() == []
    await office.report(ref, "60")
    await office.wind("2026-02-24 09:00")

    assert await office.states() == ["dropped"]
