"""环比, 同比, 同店, and rankings by what goals have come to within a named time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import LI, WANG, ZHANG, ZHOU, Desk
from tests.storage.company import NOON, employ, goal
from tests.storage.test_metrics import deliver, point


@pytest.fixture
async def desk(database: Database) -> Desk:
    """24 November: 西湖店 sells 10 a day since 1 October, 滨江店 20 a day but only on the first ten days of November."""

    async def work(session: Session) -> None:
        await employ(session)
        day = datetime.fromisoformat("2026-10-01T12:00:00+08:00")
        points = []
        while day <= NOON:
            points.append(point(f"x{day:%m%d}", 11 if day.month == 11 else 10, day))
            if day.month == 10 or day.day <= 10:
                points.append(point(f"b{day:%m%d}", 20, day, unit="滨江店"))
            day += timedelta(days=1)
        await deliver(session, *points)

    await database.transact(work)
    return Desk(database, replace(policy_of(Settings()), ranking_least=2))


async def test_a_month_against_the_one_before_and_shops_like_with_like(desk: Desk) -> None:
    told = await desk.says(ZHOU, "环比 销售额 华东区 本月")

    # today is not over: 23 × 11 + 10 × 20 now, 23 × 10 + 23 × 20 then; by days open 23 × 10 + 10 × 20 then
    assert told.startswith("华东区 销售额 本月 453 元,环比 −34%\n11月1日–11月23日")
    assert "环比 −34% · 10月1日–10月23日 690 元" in told
    assert "同比 — · 2025年11月1日–11月23日没有数" in told
    assert "同店环比(2 家,按营业天数折算) +5% · 那时 430 元" in told


async def test_a_day_on_which_a_shop_was_said_to_be_closed_is_no_day_of_its(desk: Desk) -> None:
    """滨江店 has 8 of its 10 days left: 23 × 11 + 8 × 20 now, 23 × 10 + 23 × 20 × 8 / 23 then."""
    await desk.says(ZHOU, "停业 滨江店 11月2日-11月3日")

    told = await desk.says(ZHOU, "环比 销售额 华东区 本月")

    assert told.startswith("华东区 销售额 本月 453 元")
    assert "同店环比(2 家,按营业天数折算) +6% · 那时 390 元" in told
    side_by_side = await desk.says_without_picture(ZHOU, "对比 销售额 按 门店 本月 同店")
    assert "西湖店 253 元 · 比上一段 +10%" in side_by_side
    assert "滨江店 160 元 · 比上一段 0%" in side_by_side
    assert "按营业天数折算" in side_by_side

    await desk.says(ZHOU, "停业 华东区 11月4日")  # closes what is below, too

    assert "按营业天数折算) +6% · 那时 360 元" in await desk.says(ZHOU, "环比 销售额 华东区 本月")


@pytest.mark.parametrize("said", ["上周销售额环比", "销售额 上周 环比怎么样?", "上周的销售额的同比咋样"])
async def test_the_word_may_come_last(desk: Desk, said: str) -> None:
    assert (await desk.says(WANG, said)).startswith("西湖店 销售额 上周 77 元")


async def test_ones_own_unit_and_another_time(desk: Desk) -> None:
    told = await desk.says(WANG, "同店 上周")

    assert told.startswith("西湖店 销售额 上周 77 元,没有别的门店能同店比")
    assert (await desk.says(WANG, "环比 上周")).startswith("西湖店 销售额 上周 77 元,环比 +0%")
    assert "环比 +0% · 11月9日–11月15日 77 元" in told
    assert "同店" not in told.partition("\n")[2].partition("换时间")[0]


@pytest.mark.parametrize(
    ("who", "unit", "sees"), [(LI, "滨江店", False), (LI, "西湖店", True), (ZHOU, "滨江店", True)]
)
async def test_figures_are_for_who_may_see_them(desk: Desk, who: str, unit: str, sees: bool) -> None:
    assert ((await desk.says(who, f"同比 {unit} 本月")).startswith(f"{unit} 销售额")) is sees


async def test_a_ranking_by_progress_keeps_to_the_time_that_is_named(desk: Desk) -> None:
    async def work(session: Session) -> None:
        for owner in (LI, WANG, ZHANG):
            await goal(session, owner=owner)

    await desk.database.transact(work)
    now = desk.now
    for who, kr, before, after in (
        (LI, "KR1", 1080, 1085),
        (WANG, "KR2", 1010, 1055),
        (ZHANG, "KR3", 1005, 1010),
    ):
        desk.now = now - timedelta(days=30)
        await desk.says(who, f"更新 {kr} {(1000 + before) // 2}")
        await desk.says(who, f"更新 {kr} {before}")
        desk.now = now
        await desk.says(who, f"更新 {kr} {after}")

    whole, month = [
        await desk.says_without_picture(ZHOU, text) for text in ("排名 达成率", "排名 达成率 本月")
    ]

    last = await desk.says_without_picture(WANG, "排名 达成率 上月")
    assert last.startswith("你排第 2 / "), last
    assert "↓" not in last, "before the cycle nobody had begun"
    assert whole.startswith("个人排名 · 目标进度 · 到今天")
    assert [line.split()[1] for line in whole.splitlines() if line[:1].isdigit()][:2] == ["李四", "王店"]
    assert month.startswith("个人排名 · 目标走了多少 · 本月")
    assert next(line.split()[1:3] for line in month.splitlines() if line[:1].isdigit()) == ["王店", "45"]
    assert "45 个百分点" in month, "what was gained is points, and no percent"
