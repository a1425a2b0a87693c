"""月度复盘发起: opened once, on the 25th or the working day before, asked for again, closed and reported."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage import rosters
from storage.database import Database
from storage.rosters import Shift
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, STORE, Office, at, weekly
from tests.storage.company import person

JOB = "monthly_review"
OPENING = "2026-11-25 10:00"
SLOW = weekly(date(2026, 10, 8), ["5", "8", "11", "14", "17", "20"])


@pytest.fixture
async def office(staffed: Database) -> Office:
    office = Office(staffed, at(OPENING))
    await office.goal(OFFICE, reports=SLOW)
    return office


async def dues(office: Office) -> list[str]:
    rows = await office.database.read(
        lambda session: session.all(
            "SELECT e.name, r.month, r.state, r.due FROM reviews r JOIN employees e ON e.id = r.employee_id"
            " ORDER BY r.id"
        )
    )
    return [f"{row[0]} {row[1]} {row[2]} {str(row[3])[8:]}" for row in rows]


async def test_it_is_opened_once_with_the_numbers_filled_in(office: Office) -> None:
    await office.run(JOB)
    await office.run(JOB)
    await office.wind(OPENING)

    assert await dues(office) == ["周敏 2026-11 opened 30"]
    member, lead = sorted(office.texts(), key=lambda text: "开始了" in text)
    assert "11月复盘:1 个 KR,1 个要说说原因" in member
    assert "20%,计划 60%,慢 40 个百分点,照这样到 37%" in member
    assert "每周要涨 16 家,近来涨 3 家(4.7 倍),到期会差 63 家" in member
    assert "11月复盘开始了:1 人" in lead


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-24 10:00", False),
        ("2026-11-25 10:00", True),
        ("2026-10-23 10:00", True),  # the 25th is a Sunday
        ("2026-10-25 10:00", False),
        ("2026-12-25 10:00", True),
        ("2026-02-25 10:00", True),
        ("2028-02-25 10:00", True),
        ("2026-11-26 10:00", True),  # the bot was away all of the 25th
        ("2026-11-30 10:00", False),
    ],
)
async def test_the_days_on_which_it_is_opened(staffed: Database, moment: str, opened: bool) -> None:
    office = Office(staffed, at(moment))
    await office.goal(OFFICE)

    await office.run(JOB)

    assert bool(await dues(office)) is opened


async def test_who_has_no_goal_gets_none(staffed: Database) -> None:
    office = Office(staffed, at(OPENING))

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_who_has_not_handed_in_is_asked_once_more(office: Office) -> None:
    await office.run(JOB)
    await office.wind(OPENING)
    for day in ("26", "27", "28"):
        await office.run(JOB, f"2026-11-{day} 10:00")
        await office.wind(f"2026-11-{day} 10:00")

    assert sum("还没交" in text for text in office.texts()) == 1


async def test_who_has_handed_in_is_left_alone(office: Office) -> None:
    await office.run(JOB)
    await office.wind(OPENING)
    await office.database.transact(
        lambda session: session.run("UPDATE reviews SET state = 'submitted', submitted_at = opened_at")
    )
    before = len(office.arrived)

    await office.run(JOB, "2026-11-27 10:00")
    await office.wind("2026-11-27 10:00")

    assert len(office.arrived) == before


async def test_it_is_closed_in_the_evening_of_the_last_working_day_and_reported(office: Office) -> None:
    await office.run(JOB)
    await office.wind(OPENING)
    await office.run(JOB, "2026-11-30 10:00")
    assert await dues(office) == ["周敏 2026-11 opened 30"]

    await office.run(JOB, "2026-11-30 17:30")
    await office.run(JOB, "2026-12-01 10:00")
    await office.wind("2026-12-01 10:00")

    assert await dues(office) == ["周敏 2026-11 archived 30"]
    reports = [text for text in office.texts() if "人交了" in text]
    assert len(reports) == 2
    assert sum("周敏 没交 · KR" in text for text in reports) == 1


async def test_a_store_has_its_own_three_shifts(staffed: Database) -> None:
    office = Office(staffed, at(OPENING))
    await office.goal(STORE, reports=SLOW)

    async def roster(session: Session) -> None:
        who = await person(session, STORE)
        for day in (25, 27, 29):
            start = at(f"2026-11-{day} 09:00")
            on = date(2026, 11, day)
            await rosters.put(
                session, who.id, on, [Shift(who.id, on, start, start + timedelta(hours=8))], "t"
            )

    await office.database.transact(roster)
    await office.run(JOB)

    assert await dues(office) == ["李四 2026-11 opened 29"]


async def test_what_is_opened_late_has_its_time_from_then_on(staffed: Database) -> None:
    office = Office(staffed, at("2026-11-27 10:00"))
    await office.goal(STORE, reports=SLOW)

    await office.run(JOB)
    await office.wind("2026-11-27 10:30")

    assert await dues(office) == ["李四 2026-11 opened 30"]
    titles = [card.face.title for card in office.arrived]
    assert "11月复盘:1 个 KR,1 个要说说原因(下周一前交)" in titles
    assert not any("还没交" in title for title in titles)


async def test_in_a_holiday_it_waits_for_the_office(staffed: Database) -> None:
    """Nobody is written to on a Saturday by hand, either."""
    office = Office(staffed, at("2026-11-28 10:00"))
    await office.goal(OFFICE)

    assert await office.run(JOB) == "0 to say, 0 letters"
    assert await dues(office) == []
