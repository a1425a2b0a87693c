"""达成预测预警: who keeps pace with the calendar, and will not arrive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from okr.objectives import Commitment
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at, weekly

JOB = "forecast_miss"
TIRING = weekly(date(2026, 10, 19), ["38", "45", "50", "53", "55", "57"])
"""A fast start: 57 of 100 on 23 November, where 58 should be; but lately 2-3 a week, which ends at about 70."""


@pytest.fixture
async def office(staffed: Database) -> Office:
    """Monday."""
    return Office(staffed, at("2026-11-23 10:20"))


async def test_who_will_miss_the_target_is_told_where_it_is_heading(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=TIRING)

    await office.run(JOB)
    await office.wind("2026-11-23 10:20")

    [text] = office.texts()
    assert f"📉 {ref} 开发新客户照这势头,12月31日到 73 家,完成 73%" in text
    assert "近四周每周涨 3 家,要赶上得每周涨 8 家" in text
    assert "照现在的走法,2027年" in text
    assert "按「承诺型预计完成低于 95%」提醒" in text


@pytest.mark.parametrize(
    ("case", "reports", "more"),
    [
        ("will arrive", weekly(date(2026, 10, 19), ["20", "30", "40", "48", "55", "63"]), {}),
        ("is meant as a stretch", TIRING, {"commitment": Commitment.STRETCH}),
        ("three points are no trend", TIRING[-3:], {}),
        ("lags, and the other reminder says so", weekly(date(2026, 10, 19), ["5", "9", "14", "20", "24", "30"]), {}),
    ],
)  # fmt: skip
async def test_nothing_is_said_of_what(
    office: Office, case: str, reports: list[tuple[str, str]], more: dict[str, Any]
) -> None:
    await office.goal(OFFICE, reports=reports, **more)

    assert await office.run(JOB) == "0 to say, 0 letters", case


async def test_after_a_new_value_it_is_said_within_the_hour(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=TIRING[:-1])
    office.now = at("2026-11-24 15:05")
    assert await office.run(JOB, "2026-11-24 14:20") == "0 to say, 0 letters", "nothing new today"
    await office.report(ref, "57")

    assert await office.run(JOB, "2026-11-24 15:20") == "1 to say, 1 letters"


async def test_run_again_it_says_nothing_new(office: Office) -> None:
    await office.goal(OFFICE, reports=TIRING)

    assert await office.run(JOB, "2026-11-23 09:20") == "1 to say, 1 letters"
    assert await office.run(JOB, "2026-11-23 09:21") == "1 to say, 0 letters"


async def test_on_a_holiday_it_waits_and_speaks_with_the_numbers_of_then(staffed: Database) -> None:
    """Monday of the Spring Festival: by the time it may be said, the number has jumped."""
    office = Office(staffed, at("2026-02-16 09:20"))
    ref = await office.goal(OFFICE, reports=weekly(date(2026, 1, 12), ["38", "45", "48", "50", "52"]))

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-02-16 09:20")
    assert office.texts() == []
    await office.report(ref, "90")
    await office.wind("2026-02-24 09:00")

    assert office.texts() == []
    assert await office.states() == ["dropped"]
