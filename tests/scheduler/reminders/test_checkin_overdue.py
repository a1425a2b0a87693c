"""更新逾期催办: a ladder of one's own days, each step told before it is taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from okr.objectives import Status
from okr.status import judge
from storage import absences, objectives, rosters
from storage.database import Database
from storage.rosters import Shift
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at
from tests.storage.company import person

JOB = "checkin_overdue"


@pytest.fixture
async def office(staffed: Database) -> Office:
    """Tuesday."""
    return Office(staffed, at("2026-11-24 09:30"))


async def test_after_a_day_the_owner_hears_who_will_be_told_next(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-12", "40")])

    await office.run(JOB)
    await office.wind("2026-11-24 09:30")

    [text] = office.texts()
    assert text.startswith(f"🕒 {ref} 开发新客户这周还没报,晚了 1 个工作日")
    assert "再过 2 个工作日还没报,会告诉" in text


async def test_after_three_days_the_superior_is_told(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-12", "40")])
    office.now = at("2026-11-26 09:30")

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-26 09:30")

    texts = "\n".join(office.texts())
    assert "今天也告诉" in texts
    assert "🕒 你团队 1 个人这周还没报进度\n周敏 1 个,晚了 3 天" in texts


@pytest.mark.parametrize(
    ("case", "reports", "today"),
    [
        ("reported since", [("2026-11-23", "40")], "2026-11-26"),
        ("reported shortly before", [("2026-11-21", "40")], "2026-11-26"),
        ("it is Monday yet", [("2026-11-12", "40")], "2026-11-23"),
        ("done", [("2026-11-12", "100")], "2026-11-26"),
    ],
)
async def test_nothing_is_said_where(
    office: Office, case: str, reports: list[tuple[str, str]], today: str
) -> None:
    await office.goal(OFFICE, reports=reports)

    assert await office.run(JOB, f"{today} 09:30") == "0 to say, 0 letters", case


async def test_each_step_once(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-12", "40")])

    said = [await office.run(JOB, f"2026-11-{day} 09:30") for day in range(24, 28)]

    assert said == [
        "1 to say, 1 letters",
        "1 to say, 0 letters",
        "2 to say, 2 letters",
        "2 to say, 0 letters",
    ]


async def test_who_is_away_is_not_late(office: Office) -> None:
    await office.goal(OFFICE, reports=[("2026-11-12", "40")])
    who = await office.database.read(lambda session: person(session, OFFICE))
    first, last = date(2026, 11, 23), date(2026, 11, 25)
    await office.database.transact(
        lambda session: absences.say(session, who.id, first, last, None, office.now)
    )

    assert await office.run(JOB, "2026-11-26 09:30") == "0 to say, 0 letters", "his first day"
    assert await office.run(JOB, "2026-11-27 09:30") == "1 to say, 1 letters"


async def test_a_store_counts_its_shifts(office: Office) -> None:
    await office.goal(STORE, reports=[("2026-11-12", "40")])
    who = await office.database.read(lambda session: person(session, STORE))
    for n in range(5):
        day = date(2026, 11, 23) + timedelta(days=n)
        begin = datetime.combine(day, datetime.min.time(), office.now.tzinfo) + timedelta(hours=10)
        shifts = [Shift(who.id, day, begin, begin + timedelta(hours=8))] if n in (0, 3) else []
        await office.database.transact(
            lambda session, day=day, shifts=shifts: rosters.put(session, who.id, day, shifts, "排班表")  # type: ignore[misc]
        )

    assert await office.run(JOB, "2026-11-25 09:30") == "0 to say, 0 letters", "two days off"
    assert await office.run(JOB, "2026-11-26 09:30") == "1 to say, 1 letters", "the second shift"


async def test_in_the_holidays_nobody_is_late(staffed: Database) -> None:
    """The National Day week is off until Thursday, the 8th: that is the day on which it is due."""
    office = Office(staffed, at("2026-10-07 09:30"))
    await office.goal(OFFICE)

    assert await office.run(JOB) == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-10-08 09:30") == "0 to say, 0 letters"
    assert await office.run(JOB, "2026-10-09 09:30") == "1 to say, 1 letters"


async def test_on_the_third_day_it_is_marked_and_the_next_value_ends_that(office: Office) -> None:
    ref = await office.goal(OFFICE, reports=[("2026-11-12", "40")])

    async def light(day: str) -> Status:
        await office.run(JOB, f"2026-11-{day} 09:30")
        whole = await office.database.read(lambda session: objectives.with_key_result(session, int(ref[2:])))
        assert whole is not None
        return judge(
            whole.key_results[0], whole.cycle, at(f"2026-11-{day} 09:30").date(), office.policy
        ).status

    assert await light("25") is Status.BEHIND
    assert await light("26") is Status.STALE
    office.now = at("2026-11-26 10:00")
    await office.report(ref, "50")

    assert await light("27") is Status.BEHIND
