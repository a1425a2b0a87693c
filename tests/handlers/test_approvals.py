"""What comes of a request once it is decided."""

from __future__ import annotations

from datetime import timedelta

from okr.objectives import State
from storage import alignments, roll_ups
from storage.session import Session
from tests.handlers.desk import CHEN, LI, LOSSES, WANG, ZHANG, ZHAO, ZHOU, Desk
from tests.storage.company import NOON, TODAY, VISITORS


async def test_two_shares_that_are_too_much_together_are_not_both_agreed_to(office: Desk) -> None:
    _, kr_id = await office.new_goal(VISITORS, LOSSES)
    await office.says(LI, f"修改 KR{kr_id} 权重 60%")
    await office.says(LI, f"修改 KR{kr_id + 1} 权重 70%")
    await office.says(WANG, "同意 R1")

    assert "超过 100%" in await office.says(WANG, "同意 R2")
    assert (await office.key_result(kr_id + 1)).share is None


async def test_a_new_owner_is_told(office: Desk) -> None:
    objective_id, _ = await office.new_goal()
    await office.says(LI, f"修改 O{objective_id} 负责人 E0103 原因 李四调走了")
    await office.says(WANG, "同意")

    assert "改 O1 的负责人" in (await office.letters_to(ZHANG))[-1][1]
    assert (await office.objective(objective_id)).owner_id == 6
    assert "KR1" in await office.says(ZHANG, "我的目标")


async def test_a_cancelled_key_result_leaves_and_takes_what_waits_about_it_along(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal(VISITORS, LOSSES)
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(LI, f"取消 KR{kr_id} 门店停业")
    await office.says(WANG, "同意 R2")

    whole = await office.objective(objective_id)
    assert [kr.state for kr in whole.key_results] == [State.CANCELLED, State.ACTIVE]
    assert "已经被新的申请代替了" in await office.says(WANG, "同意 R1")
    assert "不能再报数" in await office.says(LI, f"更新 KR{kr_id} 1010")


async def test_a_cancelled_objective_is_over(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"取消 O{objective_id} 门店停业")
    await office.says(WANG, "同意")

    assert (await office.objective(objective_id)).state is State.CANCELLED
    assert "不能再改" in await office.says(LI, f"修改 KR{kr_id} 目标值 1200")


async def test_a_key_result_that_nobody_agreed_to_goes(office: Desk) -> None:
    objective_id, _ = await office.new_goal()
    await office.says(LI, f"加KR O{objective_id} 客单价 从 42 到 48 元")
    await office.says(WANG, "驳回 太多了")

    assert len((await office.objective(objective_id)).key_results) == 1


async def test_a_newer_request_on_another_field_leaves_the_older(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(LI, f"修改 KR{kr_id} 截止 12月20日")

    todo = await office.says(WANG, "我的待办")
    assert "R1" in todo
    assert "R2" in todo


async def test_what_has_waited_for_days_comes_first(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    office.now += timedelta(days=3)

    assert "⏰ R1 李四想改" in await office.says(WANG, "我的待办")
    assert office.now.date() > TODAY


async def test_an_admin_gives_on_what_waits_for_somebody_who_cannot(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.leaves(WANG)

    assert "R1 转给周敏看了" in await office.says(CHEN, "转审 R1 @周敏")
    assert "你批了 R1" in await office.says(ZHOU, "同意")


async def test_who_gave_it_on_may_be_asked_again(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(WANG, "转审 R1 E0201")
    await office.says(ZHAO, "转审 R1 E0101")

    assert "赵店转给你看的" in (await office.letters_to(WANG))[-1][1]
    assert "你批了 R1" in await office.says(WANG, "同意 R1")


async def test_the_card_says_what_follows_above_and_the_change_does_it(office: Desk) -> None:
    _, top = await office.new_goal(owner=WANG)
    objective_id, kr_id = await office.new_goal()

    async def support(session: Session) -> None:
        await session.run("UPDATE key_results SET roll_up = 'average' WHERE id = ?", top)
        await alignments.align(session, alignments.objective(objective_id), top, at=NOON)
        await roll_ups.recount(session, top, NOON)

    await office.does(support)
    await office.says(LI, f"更新 KR{kr_id} 1040")
    assert (await office.key_result(top)).value == 1040
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")

    assert (
        f"改了以后:KR{kr_id} 进度 40% → 20%,O{objective_id} 40% → 20%,KR{top} 40% → 20%"
        in ((await office.letters_to(WANG))[-1][1])
    )
    assert (await office.key_result(top)).value == 1040
    await office.says(WANG, "同意")
    assert (await office.key_result(top)).value == 1020


async def test_everybody_below_hears_of_a_new_target_once(office: Desk) -> None:
    _, top = await office.new_goal(owner=WANG)
    middle, kr_id = await office.new_goal(owner=LI)
    bottom, _ = await office.new_goal(owner=ZHANG)
    another, _ = await office.new_goal(owner=ZHANG)

    async def support(session: Session) -> None:
        await alignments.align(session, alignments.objective(middle), top, at=NOON)
        for below in (bottom, another):
            await alignments.align(session, alignments.objective(below), kr_id, at=NOON)

    await office.does(support)
    answer = await office.says(WANG, f"修改 KR{top} 目标值 1200 原因 新店开业")
    assert "批了会告诉 李四、张三" in answer
    assert await office.letters_to(LI) == []
    press = office.message(ZHOU, "同意 R1")
    await office.dispatch.hear(press)
    await office.dispatch.hear(press)

    ((_, told),) = await office.letters_to(LI)
    assert f"KR{top} 的目标值改了:1,100 → 1,200 人,你的 O{middle} 还支撑它吗?" in told
    assert "原因:新店开业" in told
    ((_, told),) = await office.letters_to(ZHANG)
    assert f"你的目标支撑 KR{kr_id}" in told
    assert await office.letters_to(ZHAO) == []


async def test_who_is_below_hears_nothing_of_what_was_not_agreed_to(office: Desk) -> None:
    _, top = await office.new_goal(owner=WANG)
    middle, _ = await office.new_goal(owner=LI)
    await office.does(lambda session: alignments.align(session, alignments.objective(middle), top, at=NOON))
    await office.says(WANG, f"修改 KR{top} 目标值 1200")
    await office.says(ZHOU, "驳回 R1 太高")
    await office.says(WANG, f"修改 KR{top} 权重 2")
    await office.says(ZHOU, "同意 R2")

    assert await office.letters_to(LI) == []
