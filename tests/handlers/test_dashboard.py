"""看板: one card, redrawn in place; figures for who may see them, troubles for who is to help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.events import ChatKind
from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from tests.engines import MONDAY
from tests.handlers import sample
from tests.handlers.desk import LI, LIN, WANG, ZHAO, ZHOU, Desk


@pytest.fixture
async def desk(sqlite_company_url: str):  # type: ignore[no-untyped-def]
    async with Database(sqlite_company_url) as database:
        yield Desk(database, replace(policy_of(Settings()), hr=frozenset({LIN})), MONDAY)


async def test_a_store_at_a_glance(desk: Desk) -> None:
    told = await desk.says(WANG, "看板")
    assert told.startswith("西湖店看板 09:30:平均 ")
    assert "该到 58%" in told
    assert "3 个目标" in told
    assert "销售额 今天 536 元" in told
    assert "更新率 " in told
    assert "要帮一把:" in told
    assert "KR9 损耗率 · 李四 37%" in told
    assert "看别的发:看板 滨江店" in told
    assert "看别的发:看板 滨江店" in await desk.says(ZHOU, "看板")


async def test_the_day_target_stands_beside_the_figure(desk: Desk) -> None:
    await desk.says(WANG, "新建目标 门店流水冲刺\nKR 门店流水 本季累计 从 0 到 300万 元 数据 sales")
    await desk.says(WANG, "提交 O9")
    await desk.says(ZHOU, "同意")
    assert "销售额 今天 536 元,要 51,247 元(1%)" in await desk.says(WANG, "看板")


async def test_a_press_draws_the_same_card_again(desk: Desk) -> None:
    heard = await desk.dispatch.hear(desk.message(WANG, "看板"))
    assert heard is not None
    desk.wind(hours=1)
    told = await desk.presses(WANG, "看板 西湖店", "1")
    assert "西湖店看板 10:30" in told


@pytest.mark.parametrize(
    ("who", "unit", "figures", "helps"),
    [
        (WANG, "西湖店", True, True),
        (ZHOU, "西湖店", True, True),
        (LIN, "西湖店", True, True),
        (ZHAO, "西湖店", False, False),
        (LI, "滨江店", False, False),
        (ZHOU, "滨江店", True, True),
    ],
)
async def test_who_sees_what(desk: Desk, who: str, unit: str, figures: bool, helps: bool) -> None:
    told = await desk.says(who, f"看板 {unit}")
    assert told.startswith(f"{unit}看板")
    assert ("今天 " in told.replace("今天的", "")) is figures
    assert ("要帮一把" in told) is helps


async def test_a_group_reads_what_goes_well_and_no_money(sqlite_company_url: str) -> None:
    async with Database(sqlite_company_url) as database:
        policy = policy_of(Settings())

        async def ask(session):  # type: ignore[no-untyped-def]
            asked = await sample.asking(session, "王店", "看板", group=True)
            assert asked.event.conversation.kind is ChatKind.GROUP
            return await sample.ROUTING.answer(replace(asked, policy=policy))

        told = sample.words(await database.transact(ask))
    assert "要帮一把" not in told
    assert " 元" not in told
    assert "KR9" not in told
    assert "李四" not in told


async def test_no_such_unit_and_an_empty_one(desk: Desk) -> None:
    assert "没有叫「西胡店」" in await desk.says(WANG, "看板 西胡店")
