"""新品推广 本月达成率: by the goal's name, and by the month of Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from config.policy import policy_of
from config.settings import Settings
from okr.objectives import Basis, Kind, Measure
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.handlers.desk import LI, WANG, ZHANG, Desk
from tests.storage.company import goal
from tests.storage.test_metrics import deliver, point

PROMOTION = Draft(
    "新品推广", Measure(Kind.NUMBER, "份", Basis.QUARTER, start=Decimal(0), target=Decimal(910))
)


@pytest.fixture
async def desk(staffed: Database) -> Desk:
    await staffed.transact(lambda session: goal(session, PROMOTION))
    return Desk(staffed, policy_of(Settings()))


async def report(desk: Desk, value: int, moment: str) -> None:
    desk.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    await desk.says(LI, f"更新 KR1 {value}")


async def test_month_to_date_and_not_the_cycle_to_date(desk: Desk) -> None:
    await report(desk, 300, "2026-10-31T15:59:00")  # one minute to midnight in Shanghai
    await report(desk, 450, "2026-11-24T04:00:00")

    for said in (
        "新品推广 本月达成率",
        "新品推广本月的达成率是多少?",
        "达成率 KR1",
        "KR1 本月达成率",
        "达成率 新品推广 本月",
    ):
        told = await desk.says(LI, said)
        assert told.startswith("KR1 新品推广(本季累计) 11 月达成率 50%"), said
        assert "这个月做了 150 份,该做 300 份 · 整个周期 49%" in told
        assert "离月底还有 6 天" in told


async def test_what_was_reported_after_midnight_is_of_the_new_month(desk: Desk) -> None:
    await report(desk, 300, "2026-10-31T16:00:00")

    assert "11 月达成率 100%" in await desk.says(LI, "新品推广 本月达成率")
    desk.now = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)
    assert "10 月达成率" in await desk.says(LI, "新品推广 本月达成率")


async def test_a_goal_that_is_younger_than_its_data_has_only_what_the_month_brought(desk: Desk) -> None:
    """Ten a day since 1 October: 310 in October, 240 in November until today."""
    orders = Measure(Kind.NUMBER, "元", Basis.QUARTER, start=Decimal(0), target=Decimal(910), cumulative=True)

    async def work(session: Session) -> None:
        first = datetime.fromisoformat("2026-10-01T12:00:00+08:00")
        await deliver(session, *(point(f"p{n}", 10, first + timedelta(days=n)) for n in range(55)))
        await goal(session, Draft("西湖店销售额", orders, metric="sales"), owner=WANG)

    await desk.does(work)
    await desk.says(WANG, "用数据 KR2")

    assert "这个月做了 240 元" in await desk.says(WANG, "达成率 KR2")


async def test_a_name_that_fits_nothing_is_told(desk: Desk) -> None:
    assert "火箭" in await desk.says(LI, "火箭 本月达成率")
    assert "还没有在进行的目标" in await desk.says(ZHANG, "达成率")
