"""今日动作: written, ticked, carried on, taken back; a team's rate and nobody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from storage.session import Session
from tests.engines import MONDAY
from tests.handlers.desk import LI, WANG, ZHANG, ZHAO, ZHOU, Desk


@pytest.fixture
async def desk(company: Database) -> Desk:
    return Desk(company, replace(policy_of(Settings())), MONDAY)


async def first_lines(desk: Desk) -> list[str]:
    async def look(session: Session) -> list[str]:
        rows = await session.all("SELECT card FROM letters WHERE once LIKE 'actions:%' ORDER BY id")
        return [row[0] for row in rows]

    return await desk.does(look)


async def test_written_ticked_and_taken_back(desk: Desk) -> None:
    told = await desk.says(LI, "今日动作 KR8 陈列调整; 10点前赠饮")
    assert "记下了 A1、A2" in told
    assert "⬜ 1 A1 陈列调整 · KR8" in told
    assert "⬜ 2 A2 赠饮 10:00前 · KR8" in told

    await desk.says(LI, "查看 KR8")
    before = await desk.says(LI, "查看 KR8")
    assert "A1 陈列调整 做完了" in await desk.says(LI, "完成 A1")
    assert await desk.says(LI, "查看 KR8") == before  # a tick moves no number
    assert "✅ 1 A1" in await desk.says(LI, "今日动作")
    assert "A2" in await desk.says(LI, "我的待办")
    assert "A1" not in await desk.says(LI, "我的待办")

    assert "A1 又回到没做完" in await desk.says(LI, "撤销 A1")
    assert "A1 撤掉了" in await desk.says(LI, "撤销 A1")
    told = await desk.says(LI, "今日动作")
    assert "A1" not in told


async def test_places_of_the_list(desk: Desk) -> None:
    await desk.says(LI, "今日动作 KR8 一; 二; 三")
    assert "A1、A3 做完了" in await desk.says(LI, "1和3做完了")
    assert "没有 第 9 件 这件事" in await desk.says(LI, "1和9做完了")
    assert "今天 3 件事,做完 3 件" not in await desk.says(LI, "今日动作")
    await desk.says(LI, "A2做完了")
    assert "今天 3 件事,做完 3 件" in await desk.says(LI, "今日动作")


async def test_what_was_left_is_asked_about(desk: Desk) -> None:
    await desk.says(LI, "今日动作 KR8 陈列调整; 赠饮")
    desk.wind(days=1)
    told = await desk.says(LI, "今日动作")
    assert "前几天还有 2 件没做完,今天还做吗" in told
    assert "昨天没做完" in told
    assert "⏰ A1 陈列调整" in await desk.says(LI, "我的待办")
    assert "A1 挪到今天了" in await desk.says(LI, "今天做 A1")
    assert "A2 不做了,划掉了" in await desk.says(LI, "不做了 A2")
    assert "今天 1 件事,做完 0 件" in await desk.says(LI, "今日动作")
    desk.wind(days=9)
    assert "今天还没定动作" in await desk.says(LI, "今日动作")


async def test_a_manager_plans_the_day_of_his_people(desk: Desk) -> None:
    told = await desk.says(WANG, "今日动作 @李四 换海报; E0103 10点前赠饮")
    assert "安排了 A1、A2,2 个人收到了通知" in told
    assert len(await first_lines(desk)) == 2
    assert "王店安排的" in await desk.says(LI, "今日动作")
    assert "A2" in await desk.says(ZHANG, "我的待办")
    assert "A1 换海报 做完了" in await desk.says(LI, "完成 A1")

    told = await desk.says(WANG, "今日动作 全店 门口试吃")
    assert "2 个人收到了通知" in told


async def test_nobody_else_plans_or_ticks(desk: Desk) -> None:
    assert "要本店店长或上级来做" in await desk.says(LI, "今日动作 @王店 换海报")
    assert "要本店店长或上级来做" in await desk.says(ZHANG, "今日动作 全店 换海报")
    await desk.says(LI, "今日动作 KR8 陈列调整")
    assert "A1 是李四的" in await desk.says(ZHAO, "完成 A1")
    assert "A1 是李四的" in await desk.says(ZHAO, "撤销 A1")
    assert "没有 A99 这件事" in await desk.says(LI, "完成 A99")
    assert "没找到 KR99" in await desk.says(LI, "今日动作 KR99 陈列调整")


async def test_a_team_is_told_as_one_and_a_small_one_not_at_all(desk: Desk) -> None:
    for who in (LI, ZHANG, ZHAO):
        await desk.says(who, "今日动作 一; 二")
    await desk.says(LI, "A1做完了")
    assert "团队" not in await desk.says(WANG, "今日动作")  # two people are under him
    told = await desk.says(ZHOU, "今日动作")
    assert "团队今天 6 件做完 1 件,本周做完 17%" in told
    assert "李四" not in told


async def in_force(desk: Desk, target: str) -> None:
    await desk.says(WANG, f"新建目标 门店流水冲刺\nKR 门店流水 本季累计 从 0 到 {target} 元 数据 sales")
    await desk.says(WANG, "提交 O9")
    await desk.says(ZHOU, "同意")


async def test_what_no_day_brings_is_said_and_not_proposed(desk: Desk) -> None:
    await in_force(desk, "300万")

    told = await desk.says(WANG, "今日动作")

    assert "今天要 51,247 元" in told
    far = "这是平常的周一 11,090 元的 4.6 倍,靠每天多做一点追不上了"
    assert far in told
    assert "可以做:做够 251 单(客单价按 48.7 元),平常周一 228 单" in told
    day = await desk.says(WANG, "日目标")
    assert far in day
    assert "修改 KR19 目标值" in day


async def test_the_day_is_proposed_in_orders(desk: Desk) -> None:
    await in_force(desk, "150万")
    told = await desk.says(WANG, "今日动作")
    assert "今天要 18,056 元,已到 536 元(3%) · KR19" in told
    assert "可以做:做够 " in told
    proposal = next(line for line in told.splitlines() if line.startswith("可以做:做够"))
    words = proposal.removeprefix("可以做:").rpartition("(")[0]

    async def average(session: Session) -> tuple[int, int]:
        rows = await session.all(
            "SELECT s.metric, sum(d.total) FROM metric_days d JOIN metric_series s ON s.id = d.series_id"
            " WHERE s.unit = '西湖店' AND s.employee_id = 0 AND s.metric IN ('sales', 'orders')"
            " AND d.day >= '2026-10-26' AND d.day < '2026-11-23' GROUP BY s.metric"
        )
        sums = {row[0]: row[1] for row in rows}
        return sums["sales"], sums["orders"]

    sales, orders = await desk.does(average)
    needed = -(-18055.5 * float(orders) // float(sales))
    assert f"做够 {needed:,.0f} 单" in words
    await desk.says(WANG, f"今日动作 KR19 {words}")
    assert words in await desk.says(WANG, "今日动作")


async def test_what_lags_is_proposed_for(desk: Desk) -> None:
    assert "可以做:晚市打折提前半小时(KR9)" in await desk.says(LI, "今日动作")
