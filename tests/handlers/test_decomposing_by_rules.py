"""分解 with what the company's rules say of weights and targets, and what it offers afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from config.policy import policy_of
from config.settings import Settings
from okr.objectives import Kind, Measure
from storage.database import Database
from storage.objectives import Draft
from tests.handlers.desk import WANG, ZHOU, Desk, desk

RULES = {
    "company": {"admins": ["E0001"]},
    "rules": [
        {"when": {"store_type": "商圈店"}, "weight": 1.5},
        {"when": {"store_type": "商圈店", "grade": "P1"}, "weight": 9},
    ],
}
SALES = Draft("华东区销售额", Measure(Kind.NUMBER, "元", start=Decimal(0), target=Decimal(1000)))
LOSSES = Draft("损耗率", Measure(Kind.NUMBER, "%", start=Decimal(8), target=Decimal(5)))


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Desk]:
    async with desk(database, policy_of(Settings.model_validate(RULES))) as there:
        yield there


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("按门店", "王店(西湖店) 40% 从 0 到 400 元"),
        ("按门店", "按公司规则的权重分:1.5 份的 1 个、1 份的 1 个"),
        ("E0101 E0201", "赵店(滨江店) 60% 从 0 到 600 元"),
        ("E0101 30% E0201", "赵店(滨江店) 70% 从 0 到 700 元"),
        ("E0101 E0203", "张三(滨江店) 90% 从 0 到 900 元"),
        ("E0101 50% E0201 50%", "按写的占比"),
    ],
)
async def test_the_rules_say_how_much_where_nobody_did(office: Desk, words: str, said: str) -> None:
    _, kr_id = await office.new_goal(SALES, owner=ZHOU)

    assert said in await office.says(ZHOU, f"分解 KR{kr_id} {words}")


async def test_what_is_averaged_and_reported_already_is_switched_with_one_tap(office: Desk) -> None:
    _, kr_id = await office.new_goal(LOSSES, owner=ZHOU)
    await office.says(ZHOU, f"更新 KR{kr_id} 7")
    preview = await office.says(ZHOU, f"分解 KR{kr_id} 按门店")
    assert "先按原来的数" in preview

    divided = await office.says(ZHOU, f"确认 分解 KR{kr_id} 按门店 v2")
    assert "由下面自动算" in divided
    await office.says(WANG, f"更新 KR{kr_id + 1} 6.5")
    switched = await office.says(ZHOU, f"修改 KR{kr_id} 汇总 加权")

    assert f"KR{kr_id}" in switched
    assert (await office.key_result(kr_id)).roll_up == "average"


async def test_the_year_stands_below_one_s_goals(office: Desk) -> None:
    await office.says(ZHOU, "新建年度方向 做第一选择\nKR 会员数 从 10 到 20 万人")
    await office.says(ZHOU, "提交 O1")
    await office.says("E0001", "同意 R1")
    await office.new_goal(SALES, owner=WANG)

    assert "年度方向 O1「做第一选择」 0%" in await office.says(ZHOU, "我的目标")
    assert "年度方向" not in await office.says(WANG, "我的目标")
    await office.says(WANG, "方向 O2 O1")
    assert "年度方向 O1「做第一选择」 0%" in await office.says(WANG, "我的目标")
