"""上级目标变更提醒: who has not said whether he still supports what has changed."""

from __future__ import annotations

from datetime import date

import pytest

from storage import alignments
from storage.alignments import Child, EdgeState
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, Office, at

JOB = "upstream_changed"
BOSS = "E0001"


@pytest.fixture
async def office(staffed: Database) -> Office:
    return Office(staffed, at("2026-11-24 09:15"))


async def changed(office: Office, confirm_by: date) -> tuple[str, str]:
    """周敏's objective supports her superior's, which has changed; the two key results."""
    above = await office.goal(BOSS, title="公司销售额")
    below = await office.goal(OFFICE, title="部门销售额")

    async def work(session: Session) -> None:
        row = await session.one("SELECT objective_id FROM key_results WHERE id = ?", int(below[2:]))
        assert row is not None
        edge_id = await alignments.align(session, Child(row[0]), int(above[2:]), at=office.now)
        edge = await alignments.by_id(session, edge_id)
        assert edge is not None
        await alignments.set_state(session, edge, EdgeState.UNCONFIRMED, at=office.now, confirm_by=confirm_by)

    await office.database.transact(work)
    return above, below


async def confirm(office: Office) -> None:
    await office.database.transact(lambda session: session.run("UPDATE alignments SET state = 'active'"))


async def test_after_its_days_it_is_asked_again_and_the_owner_above_hears_who_is_silent(
    office: Office,
) -> None:
    above, _ = await changed(office, date(2026, 11, 23))

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-24 09:15")

    texts = "\n".join(office.texts())
    assert f"🔁 {above} 变了,你的 O2 还支撑它吗?" in texts
    assert "仍然对齐" in texts
    assert f"🔁 {above} 变了,还有 1 个支撑它的没确认" in texts
    assert "周敏 O2" in texts


async def test_while_there_is_time_nothing_is_said(office: Office) -> None:
    await changed(office, date(2026, 11, 24))

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_run_again_it_says_nothing_new_until_a_week_has_passed(office: Office) -> None:
    await changed(office, date(2026, 11, 23))

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-24 12:00")
    assert await office.run(JOB, "2026-11-25 09:15") == "2 to say, 0 letters"
    assert await office.run(JOB, "2026-12-01 09:15") == "2 to say, 2 letters"


async def test_on_a_holiday_it_waits_and_is_dropped_when_it_is_confirmed(staffed: Database) -> None:
    office = Office(staffed, at("2026-02-17 09:15"))
    await changed(office, date(2026, 2, 13))

    await office.run(JOB)
    office.now = at("2026-02-17 07:00")
    await confirm(office)
    await office.wind("2026-02-24 09:00")

    assert not any("还有 1 个支撑它的没确认" in text for text in office.texts())
