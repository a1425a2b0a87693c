"""截止与收官评分提醒: a day comes near, a cycle ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okr.objectives import Kind, Measure, Milestone
from storage.database import Database
from tests.scheduler.reminders.stage import OFFICE, Office, at

JOB = "deadline_due"
DUE = date(2026, 11, 27)
STEPS = Measure(
    Kind.MILESTONE,
    milestones=(
        Milestone("选址", done=True, due=date(2026, 11, 1)),
        Milestone("装修", due=DUE),
        Milestone("开业"),
    ),
)


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 09:30"))


async def test_who_has_three_days_left_hears_what_can_be_done(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-20", "60")], due=DUE)

    await office.run(JOB)
    await office.wind("2026-11-24 09:30")

    [text] = office.texts()
    assert text.startswith(f"⏰ {ref} 开发新客户还有 3 天截止,现在 60%")
    assert "申请延期" in text
    assert "挪到下季" in text


async def test_a_step_has_a_day_of_its_own(office: Office) -> None:
    ref = await office.goal(OFFICE, measure=STEPS, title="二店开业")

    await office.run(JOB)
    await office.wind("2026-11-24 09:30")

    assert office.texts()[0].startswith(f"⏰ {ref} 二店开业的「装修」还有 3 天截止")


@pytest.mark.parametrize(
    ("case", "reports", "more"),
    [
        ("done", [("2026-11-20", "100")], {"due": DUE}),
        ("far", [("2026-11-20", "60")], {"due": date(2026, 12, 20)}),
        ("over", [("2026-11-20", "60")], {"due": date(2026, 11, 23)}),
        ("without a day", [("2026-11-20", "60")], {}),
    ],
)
async def test_nothing_is_said_of_what_is(
    office: Office, case: str, reports: list[tuple[str, str]], more: dict[str, Any]
) -> None:
    await office.goal(OFFICE, reports=reports, **more)

    assert await office.run(JOB) == "0 to say, 0 letters", case


async def test_each_of_the_days_once(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-20", "60")], due=DUE)
    said = {day: await office.run(JOB, f"2026-11-{day} 09:30") for day in range(19, 29)}

    assert [day for day, text in said.items() if text == "1 to say, 1 letters"] == [20, 24, 26, 27]


async def test_on_a_holiday_it_waits_and_is_dropped_once_it_is_done(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-20 09:30"))
    ref = await office.goal(OFFICE, reports=[("2026-02-10", "60")], due=date(2026, 2, 25))

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-02-20 09:30")
    assert office.texts() == []
    await office.report(ref, "100")
    await office.wind("2026-02-24 09:00")

    assert await office.states() == ["dropped"]


# --- the end of a cycle ---


async def test_two_weeks_before_the_end_there_is_time_to_prepare(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-20", "60")])
    office.now = at("2026-12-17 09:30")

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-12-17 09:30")

    assert office.texts()[0].startswith("🏁 2026Q4 还有 14 天,手上 1 个 KR")
    assert f"{ref} 开发新客户 60%" in office.texts()[0]


async def test_on_the_last_day_owner_and_manager_are_asked_to_score(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-20", "60")])
    office.now = at("2026-12-31 09:30")

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-12-31 09:30")

    texts = "\n".join(office.texts())
    assert "🏁 2026Q4 今天结束,还有 1 个没评分" in texts
    assert f"{ref} 开发新客户 60%,建议 0.6" in texts
    assert "🏁 2026Q4 今天结束,你团队还有 1 个人没评分" in texts
    assert "还没评的:周敏 1 个,他们都收到提醒了" in texts


async def test_until_it_is_scored_every_three_working_days_and_no_longer_than_ten(office: Office) -> None:
    """New Year's Day is off, and so are the weekends."""
    await office.goal(OFFICE, reports=[("2026-11-20", "60")])
    days = [date(2026, 12, 15 + n) for n in range(17)] + [date(2027, 1, 1 + n) for n in range(24)]
    new = []
    for day in days:
        office.now = at(f"{day} 09:30")
        if (await office.run(JOB) or "").split()[-2] != "0":
            new.append(f"{day:%m-%d}")

    assert new[:3] == ["12-17", "12-28", "12-31"]
    assert len(new) == 3 + 4, new
    assert new[-1] <= "01-14"


async def test_who_has_scored_is_left_alone_and_the_manager_confirms(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-20", "60")])
    number, score = int(ref[2:]), Decimal("0.6")
    await office.database.transact(
        lambda session: session.run("UPDATE key_results SET score = ? WHERE id = ?", score, number)
    )
    office.now = at("2026-12-31 09:30")

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-12-31 09:30")

    assert office.texts()[0].startswith("🏁 2026Q4 今天结束,1 个人的评分等你确认")
