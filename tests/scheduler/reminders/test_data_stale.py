"""数据断更提醒: a source that is silent, and what cannot be placed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from okr.objectives import Basis, Kind, Measure
from storage.database import Database
from storage.session import Session
from tests.scheduler.reminders.stage import OFFICE, Office, at
from tests.storage.test_metrics import deliver, point

JOB = "data_stale"
SALES = Measure(Kind.NUMBER, "元", Basis.QUARTER, Decimal(0), Decimal(1000), cumulative=True)


@pytest.fixture
async def office(database: Database) -> Office:
    """周敏's KR1 follows POS, which has brought something on Sunday evening."""
    office = await Office(database, at("2026-11-24 10:00")).hired()
    await office.goal(OFFICE, measure=SALES, title="区域销售额", metric="sales")
    await push(office, "2026-11-22 20:00")
    return office


async def push(office: Office, moment: str, **changed: Any) -> None:
    when = at(moment)

    async def work(session: Session) -> None:
        await deliver(session, point(moment, 10, when, **changed), at=when)

    await office.database.transact(work)


async def test_the_owner_and_who_looks_after_the_data_hear_of_a_silent_source(office: Office) -> None:
    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-11-24 10:00")

    texts = sorted(office.texts(), key=len)
    assert all("⚠️ POS 38 个小时没有新数据了,最后一笔是" in text for text in texts)
    assert any("跟着停住的你的目标 1 个" in text and "KR1 区域销售额" in text for text in texts)
    assert any("忽略数据 POS" in text for text in texts)


@pytest.mark.parametrize("moment", ["2026-11-22 22:01", "2026-11-24 09:00"])
async def test_within_a_day_and_a_half_nothing_is_said(office: Office, moment: str) -> None:
    await push(office, moment)

    assert await office.run(JOB) == "0 to say, 0 letters"


async def test_run_again_it_says_nothing_new_and_worse_at_once(office: Office) -> None:
    assert await office.run(JOB) == "2 to say, 2 letters"
    assert await office.run(JOB, "2026-11-25 10:00") == "2 to say, 0 letters"
    assert await office.run(JOB, "2026-11-27 10:00") == "2 to say, 2 letters"


async def test_on_a_holiday_it_waits_and_is_dropped_when_the_data_are_back(database: Database) -> None:
    office = await Office(database, at("2026-02-17 10:00")).hired()
    await office.goal(OFFICE, measure=SALES, title="区域销售额", metric="sales")
    await push(office, "2026-02-15 10:00")

    assert await office.run(JOB) == "2 to say, 2 letters"
    await office.wind("2026-02-17 10:00")
    assert office.texts() == []
    await push(office, "2026-02-24 08:00")
    await office.wind("2026-02-24 09:00")

    assert await office.states() == ["dropped", "dropped"]


async def test_what_cannot_be_placed_is_named_to_who_looks_after_the_data(office: Office) -> None:
    await push(office, "2026-11-24 09:00")
    await push(office, "2026-11-24 09:30", unit="西胡店")

    assert await office.run(JOB) == "1 to say, 1 letters"
    await office.wind("2026-11-24 10:00")

    [text] = office.texts()
    assert "POS 有 1 条数据对不上,没有算进目标" in text
    assert "没有部门或门店「西胡店」" in text
