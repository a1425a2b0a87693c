"""Bad input about requests: nothing is changed, and what was an attempt is on record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from okr.objectives import CycleState
from storage import cycles
from tests.handlers.desk import LI, LOSSES, TARGET, WANG, ZHANG, Desk
from tests.storage.company import VISITORS


@pytest.mark.parametrize("words", ["同意 R1", "驳回 R1 太高", "转审 R1 @赵店", "撤回 R1", "查看 R1"])
async def test_somebody_who_was_not_asked_changes_nothing(office: Desk, words: str) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(ZHANG, words)

    assert await office.target(kr_id) == TARGET
    assert "等王店批" in await office.says(LI, "我的待办")
    tried = [action for action in await office.trail_of(objective_id) if "无权" in action]
    assert tried == ([] if words.startswith("查看") else [f"想{words[:5]}(无权)"])


async def test_somebody_elses_card_is_not_pressed(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    ((card, _),) = await office.letters_to(WANG)

    assert "这张卡片是发给王店的" in await office.presses(ZHANG, "同意 R1", card)
    assert await office.target(kr_id) == TARGET
    assert "想同意 R1(无权)" in await office.trail_of(objective_id)


async def test_a_press_that_is_repeated_or_made_up_decides_once(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    ((card, _),) = await office.letters_to(WANG)
    press = office.click(WANG, "同意 R1", card)
    first = await office.dispatch.hear(press)
    again = await office.dispatch.hear(press)
    made_up = await office.dispatch.hear(replace(press, event_id="another"))

    assert again.repeat
    assert again.redraw == first.redraw
    assert made_up.redraw is not None
    assert "R1 你 12:00 已经批了" in made_up.redraw.face.title
    assert (await office.trail_of(objective_id)).count("修改") == 1
    assert len(await office.letters_to(LI)) == 1


async def test_a_card_of_last_week_is_not_pressed(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    ((card, _),) = await office.letters_to(WANG)
    office.wind(days=8)

    assert "一周以前" in await office.presses(WANG, "同意 R1", card)
    assert await office.target(kr_id) == TARGET
    assert "你批了 R1" in await office.says(WANG, "同意 R1")


@pytest.mark.parametrize(
    "words", ["同意 R99", "驳回 R99 太高", "撤回 R99", "转审 R99 @赵店", "查看 R99", "同意"]
)
async def test_a_request_that_is_not_there(office: Desk, words: str) -> None:
    assert "没有找到在等着处理的" in await office.says(WANG, words)


async def test_a_closed_cycle_is_locked(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    cycle = (await office.objective(objective_id)).cycle
    await office.does(lambda session: cycles.set_state(session, cycle.id, CycleState.CLOSED))

    assert "已经收官" in await office.says(WANG, "同意 R1")
    assert "已经收官" in await office.says(LI, f"修改 KR{kr_id} 目标值 1300")
    assert await office.target(kr_id) == TARGET


async def test_nothing_is_left_of_what_cannot_be(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal(VISITORS, replace(LOSSES, share=Decimal("0.6")))
    for words in (
        f"修改 KR{kr_id} 目标值 1000",
        f"修改 KR{kr_id} 权重 60%",
        f"加KR O{objective_id} 排队 从 5 到 5 分钟",
        f"加KR O{objective_id} 客单价 从 42 到 48 元 权重 80%",
        f"修改 O{objective_id} 周期 2031Q1",
        f"修改 O{objective_id} 负责人 @没有这个人",
    ):
        await office.says(LI, words)

    assert await office.letters_to(WANG) == []
    assert len((await office.objective(objective_id)).key_results) == 2
    assert await office.trail_of(objective_id) == []
