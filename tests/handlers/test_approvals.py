"""Who is asked about a change, who decides, and what is refused with nothing changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from okr.approvals import ApprovalRule, Approver, ChangeField, Need
from okr.objectives import CycleState, Kind, Measure, State
from okr.policy import Policy
from okr.schemes import Criteria
from storage import alignments, cycles, roll_ups
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.handlers.desk import Desk, desk
from tests.storage.company import NOON, TODAY, VISITORS

CHEN, LIN, ZHOU, WANG, LI, ZHANG, ZHAO = "E0001", "E0002", "E0003", "E0101", "E0102", "E0103", "E0201"
ADMINS = frozenset({CHEN, LIN})
LOSSES = Draft("损耗率", Measure(Kind.NUMBER, "%", start=Decimal(8), target=Decimal(5)))
TARGET = Decimal(1100)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Desk]:
    async with desk(database) as there:
        yield there


def ruled(office: Desk, *rules: ApprovalRule, admins: frozenset[str] = ADMINS) -> None:
    office.policy = Policy(admins=admins, approvals=rules)


async def target(office: Desk, kr_id: int) -> Decimal | None:
    return (await office.key_result(kr_id)).measure.target


# --- who is asked ---


@pytest.mark.parametrize(
    ("who", "asker", "asked"),
    [
        (Approver.MANAGER, LI, "王店"),
        (Approver.MANAGER, WANG, "周敏"),
        (Approver.HEAD, LI, "王店"),
        (Approver.HEAD, WANG, "周敏"),
        (Approver.HEAD, ZHOU, "陈总"),
        (Approver.ADMINS, LI, "陈总、林晓"),
        (Approver.ADMINS, LIN, "陈总"),
    ],
)
async def test_who_is_asked(office: Desk, who: Approver, asker: str, asked: str) -> None:
    ruled(office, ApprovalRule(who=who))
    _, kr_id = await office.new_goal(owner=asker)

    assert f"已请{asked}看" in await office.says(asker, f"修改 KR{kr_id} 目标值 1200")
    assert await target(office, kr_id) == TARGET


@pytest.mark.parametrize("who", [Approver.MANAGER, Approver.HEAD, Approver.ADMINS])
async def test_where_nobody_can_agree_it_holds_at_once_and_is_on_record(office: Desk, who: Approver) -> None:
    ruled(office, ApprovalRule(who=who), admins=frozenset({CHEN}))
    objective_id, kr_id = await office.new_goal(owner=CHEN)

    assert "已经生效" in await office.says(CHEN, f"修改 KR{kr_id} 目标值 1200")
    assert await target(office, kr_id) == 1200
    assert await office.trail_of(objective_id) == ["修改(不用批)"]


async def test_what_no_rule_names_holds_at_once(office: Desk) -> None:
    ruled(office, ApprovalRule(fields=frozenset({ChangeField.TARGET})))
    _, kr_id = await office.new_goal()

    assert "已经生效" in await office.says(LI, f"修改 KR{kr_id} 截止 12月20日")
    assert "已请王店看" in await office.says(LI, f"修改 KR{kr_id} 目标值 1200")


async def test_the_rule_of_the_owners_grade_holds(office: Desk) -> None:
    free = ApprovalRule(Criteria(grade=frozenset({"P3"})), fields=frozenset())
    ruled(office, ApprovalRule(), free)
    _, kr_id = await office.new_goal()
    _, other = await office.new_goal(owner=ZHANG)

    assert "已经生效" in await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    assert "已请王店看" in await office.says(ZHANG, f"修改 KR{other} 目标值 1200")


async def test_who_has_left_is_not_asked(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.leaves(WANG)

    assert "已请周敏看" in await office.says(LI, f"修改 KR{kr_id} 目标值 1200")


@pytest.mark.parametrize(
    ("deputy", "asked"),
    [("E0103", "已请张三看"), ("E0102", "已请王店看"), ("E0201", "已请赵店看")],
    ids=["a colleague", "the applicant himself", "another store"],
)
async def test_who_is_away_is_stood_in_for(office: Desk, deputy: str, asked: str) -> None:
    _, kr_id = await office.new_goal()
    await office.says(WANG, f"请假 今天 代理 {deputy}")

    assert asked in await office.says(LI, f"修改 KR{kr_id} 目标值 1200")


async def test_a_deputy_decides_what_was_asked_before(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    assert "不归你批" in await office.says(ZHANG, "同意 R1")
    await office.says(WANG, "请假 今天 代理 E0103")

    assert "你批了 R1" in await office.says(ZHANG, "同意 R1")
    assert "张三" in await office.says(WANG, "同意 R1")


async def test_a_deputy_does_not_decide_on_his_own(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(WANG, "请假 今天 代理 E0102")

    assert "不能自己批" in await office.says(LI, "同意 R1")
    assert await target(office, kr_id) == TARGET


# --- one of several, all of several ---


async def test_all_have_to_agree_where_the_rule_says_so(office: Desk) -> None:
    ruled(office, ApprovalRule(who=Approver.ADMINS, need=Need.ALL))
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")

    assert "还差林晓" in await office.says(CHEN, "同意 R1")
    assert await target(office, kr_id) == TARGET
    assert "还差林晓" in await office.says(CHEN, "同意 R1")
    assert "你批了 R1" in await office.says(LIN, "同意 R1")
    assert await target(office, kr_id) == 1200


async def test_one_no_is_a_no(office: Desk) -> None:
    ruled(office, ApprovalRule(who=Approver.ADMINS, need=Need.ALL))
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(CHEN, "同意 R1")
    await office.says(LIN, "驳回 R1 太高")

    assert await target(office, kr_id) == TARGET
    assert "没同意 R1:太高" in (await office.letters_to(LI))[-1][1]


async def test_who_may_decide_on_himself_is_asked_himself(office: Desk) -> None:
    ruled(office, ApprovalRule(who=Approver.ADMINS, self_approval=True), admins=frozenset({CHEN}))
    _, kr_id = await office.new_goal(owner=CHEN)

    assert "已请陈总看" in await office.says(CHEN, f"修改 KR{kr_id} 目标值 1200")
    assert "你批了 R1" in await office.says(CHEN, "同意")


# --- easier goals ---


async def test_an_easier_goal_names_a_talk_where_the_rule_says_so(office: Desk) -> None:
    ruled(office, ApprovalRule(interview_for_decrease=True))
    _, kr_id = await office.new_goal()

    assert "面谈" in await office.says(LI, f"修改 KR{kr_id} 目标值 1050 原因 封路")
    assert await office.letters_to(WANG) == []
    assert "已请王店看" in await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    assert "已请王店看" in await office.says(LI, f"修改 KR{kr_id} 目标值 1050 面谈 11月20日 原因 封路")
    assert "⬇️ 目标放低了,面谈:11月20日" in (await office.letters_to(WANG))[-1][1]


async def test_what_is_easier_is_no_part_of_a_batch(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1050")

    assert "要一个个看" in await office.says(WANG, "全部同意")
    assert "要一个个看" in await office.says(WANG, "确认 全部同意 R1")
    assert await target(office, kr_id) == TARGET


# --- what is refused ---


@pytest.mark.parametrize("words", ["同意 R1", "驳回 R1 太高", "转审 R1 @赵店", "撤回 R1", "查看 R1"])
async def test_somebody_who_was_not_asked_changes_nothing(office: Desk, words: str) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(ZHANG, words)

    assert await target(office, kr_id) == TARGET
    assert "等王店批" in await office.says(LI, "我的待办")
    tried = [action for action in await office.trail_of(objective_id) if "无权" in action]
    assert tried == ([] if words.startswith("查看") else [f"想{words[:5]}(无权)"])


async def test_somebody_elses_card_is_not_pressed(office: Desk) -> None:
    objective_id, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    ((card, _),) = await office.letters_to(WANG)

    assert "这张卡片是发给王店的" in await office.presses(ZHANG, "同意 R1", card)
    assert await target(office, kr_id) == TARGET
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
    assert await target(office, kr_id) == TARGET
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
    assert await target(office, kr_id) == TARGET


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


# --- what comes of it ---


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
    assert f"王店的 KR{top} 目标值改了:1,100 → 1,200 人\n原因:新店开业\n你有目标支撑它" in told
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
