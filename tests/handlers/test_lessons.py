"""The next cycle is planned with the last one in sight: by the reminder, and by 新建目标 with nothing but the cycle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from okr.scoring import Cause
from storage import cycles, lessons, scores
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import LI, LOSSES, Desk
from tests.scheduler.reminders.stage import OFFICE, Office, at
from tests.storage.company import VISITORS


async def test_planning_the_next_quarter_shows_what_this_one_taught(office: Desk) -> None:
    _, kr_id = await office.new_goal(VISITORS, LOSSES)
    for value in (1045, 1090):
        await office.says(LI, f"更新 KR{kr_id} {value} 提前开门")
    mark = scores.Mark(kr_id + 1, Decimal("0.3"), "缺理货", Cause.PEOPLE)
    await office.does(lambda session: scores.give(session, mark))
    office.now = datetime.fromisoformat("2026-12-24T10:00:00+08:00")
    await office.does(lambda session: cycles.running(session, date(2027, 1, 1)))

    told = await office.says(LI, "新建目标 2027Q1")

    assert told.startswith("新建目标 2027Q1:一行方向")
    assert "2026Q4 的 2 个结果做成 1 个:生鲜区客流量" in told
    assert "2026Q4 没到的:损耗率(人手不够:缺理货)" in told
    assert "📝 草稿" in await office.says(LI, "新建目标 2027Q1 提升复购\nKR 复购率 从 20% 到 25%")


async def test_the_reminder_that_nothing_is_set_brings_it_and_a_review_says_why(staffed: Database) -> None:
    office = Office(staffed, at("2026-12-20 10:00"))
    ref = await office.goal(OFFICE, reports=[("2026-11-10", "20")])

    async def reviewed(session: Session) -> None:
        for month, words in (("2026-10", "刚开始"), ("2026-11", "缺两个人")):
            row = await session.one(
                "INSERT INTO reviews (month, team_id, employee_id, state, opened_at, due) VALUES (?, 1, 1, 'submitted', ?, ?) RETURNING id",
                month,
                office.now,
                office.now.date(),
            )
            assert row is not None
            await session.run(
                "INSERT INTO review_lines (review_id, kr_id, planned, actual, cause, decision, words) VALUES (?, ?, 0, 0, ?, '', ?)",
                row[0],
                int(ref[2:]),
                str(Cause.PEOPLE),
                words,
            )
        await cycles.running(session, date(2027, 1, 1))

    await staffed.transact(reviewed)
    await office.run("alignment_gap", "2026-12-25 10:10")
    await office.wind("2026-12-25 10:30")

    [text] = [one for one in office.texts() if "你的目标还没定" in one and "2026Q4" in one]
    assert "2026Q4 没到的:开发新客户(人手不够:缺两个人)" in text
    nobody = await staffed.read(
        lambda session: lessons.before(session, 1, date(2027, 1, 1) + timedelta(days=200))
    )
    assert nobody is None
