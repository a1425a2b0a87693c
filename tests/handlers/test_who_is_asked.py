"""Who is asked about a change: superiors, heads, admins, deputies; one of them or all."""

from __future__ import annotations

import pytest

from okr.approvals import ApprovalRule, Approver, ChangeField, Need
from okr.policy import Policy
from okr.schemes import Criteria
from tests.handlers.desk import CHEN, LI, LIN, TARGET, WANG, ZHANG, ZHOU, Desk


def ruled(office: Desk, *rules: ApprovalRule, admins: frozenset[str] = frozenset({CHEN, LIN})) -> None:
    office.policy = Policy(admins=admins, approvals=rules)


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
    assert await office.target(kr_id) == TARGET


@pytest.mark.parametrize("who", [Approver.MANAGER, Approver.HEAD, Approver.ADMINS])
async def test_where_nobody_can_agree_it_holds_at_once_and_is_on_record(office: Desk, who: Approver) -> None:
    ruled(office, ApprovalRule(who=who), admins=frozenset({CHEN}))
    objective_id, kr_id = await office.new_goal(owner=CHEN)

    assert "已经生效" in await office.says(CHEN, f"修改 KR{kr_id} 目标值 1200")
    assert await office.target(kr_id) == 1200
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
    assert await office.target(kr_id) == TARGET


async def test_all_have_to_agree_where_the_rule_says_so(office: Desk) -> None:
    ruled(office, ApprovalRule(who=Approver.ADMINS, need=Need.ALL))
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")

    assert "还差林晓" in await office.says(CHEN, "同意 R1")
    assert await office.target(kr_id) == TARGET
    assert "还差林晓" in await office.says(CHEN, "同意 R1")
    assert "你批了 R1" in await office.says(LIN, "同意 R1")
    assert await office.target(kr_id) == 1200


async def test_one_no_is_a_no(office: Desk) -> None:
    ruled(office, ApprovalRule(who=Approver.ADMINS, need=Need.ALL))
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200")
    await office.says(CHEN, "同意 R1")
    await office.says(LIN, "驳回 R1 太高")

    assert await office.target(kr_id) == TARGET
    assert "没同意 R1:太高" in (await office.letters_to(LI))[-1][1]


async def test_who_may_decide_on_himself_is_asked_himself(office: Desk) -> None:
    ruled(office, ApprovalRule(who=Approver.ADMINS, self_approval=True), admins=frozenset({CHEN}))
    _, kr_id = await office.new_goal(owner=CHEN)

    assert "已请陈总看" in await office.says(CHEN, f"修改 KR{kr_id} 目标值 1200")
    assert "你批了 R1" in await office.says(CHEN, "同意")


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
    assert await office.target(kr_id) == TARGET
