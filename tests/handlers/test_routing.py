"""What is said to the card that was shown last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from tests.handlers.desk import LI, WANG, Desk
from tests.storage.company import VISITORS, goal


@pytest.fixture
async def desk(staffed: Database) -> Desk:
    """李四 has more goals than one page shows."""
    for title in ("客流", "损耗", "客诉", "排队", "会员", "陈列"):
        draft = replace(VISITORS, title=f"{title}指标")
        await staffed.transact(lambda session, draft=draft: goal(session, draft))  # type: ignore[misc]
    return Desk(staffed, policy_of(Settings()))


async def test_the_words_on_a_button_are_as_good_as_a_press(desk: Desk) -> None:
    first = await desk.says(LI, "我的目标")
    second = await desk.says(LI, "下一页")

    assert "客流指标" in first
    assert "陈列指标" not in first
    assert "陈列指标" in second


async def test_an_hour_later_they_are_words_without_a_meaning(desk: Desk) -> None:
    await desk.says(LI, "我的目标")
    desk.now += timedelta(hours=1)

    assert "没看懂「下一页」" in await desk.says(LI, "下一页")


async def test_a_number_that_is_none_of_the_choices_is_asked_about(desk: Desk) -> None:
    await desk.says(LI, "更薪 KR1")

    assert (await desk.says(LI, "7")).startswith("没有第 7 个,是要哪一个?")


async def test_examples_speak_of_ones_own_goals_unit_and_colleagues(desk: Desk) -> None:
    assert "查看 @王店" in (told := await desk.says(LI, "帮助 查看"))
    assert "查看 西湖店" in told
    assert "协作 KR1 @王店 需要客流数据 周五前" in await desk.says(LI, "帮助 协作")
    assert "交接 @李四 @张三" in await desk.says(WANG, "帮助 交接")
