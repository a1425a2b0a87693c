"""修改记录: what stands on it, for whom, and that nobody's name lies in somebody else's words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from okr.approvals import ApprovalRule
from okr.objectives import Basis, Kind, Measure
from sandbox.cast import CAST
from storage import erasure, objectives, trail
from storage.objectives import Draft
from storage.session import Session
from storage.trail import Form, Line
from tests.handlers.desk import Desk
from tests.storage.company import person

CHEN, ZHOU, WANG, LI, ZHANG, WU = "E0001", "E0003", "E0101", "E0102", "E0103", "E0202"


async def test_a_change_tells_who_from_where_what_why_and_who_agreed(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 目标值 1200 原因 新店开业")
    await office.says(WANG, "同意 R1 加油")

    said = await office.says(ZHANG, f"修改记录 KR{kr_id}")

    assert "一共 2 条修改记录" in said
    assert "今天 12:00 李四(钉钉) 申请修改 目标值 1,100 → 1,200 人 · 新店开业 · R1" in said
    assert "李四(钉钉) 修改 目标值 1,100 → 1,200 人 · 新店开业 · R1 · 王店同意「加油」" in said


async def test_an_erased_approver_and_an_erased_author_are_leavers_without_words(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    await office.says(LI, f"修改 KR{kr_id} 标题 生鲜客流 原因 新店开业")
    await office.says(WANG, "同意 R1 加油")

    async def erase(session: Session) -> None:
        gone = [(await person(session, number)).id for number in (LI, WANG)]
        await erasure.erase(session, gone, office.now)

    await office.does(erase)
    said = await office.says(ZHANG, f"修改记录 KR{kr_id}")

    assert "已离职员工(钉钉) 修改 标题 内容已随离职抹去 · 原因已随离职抹去 · R1 · 已离职员工同意" in said
    for words in ("李四", "王店", "新店开业", "加油"):
        assert words not in said


async def test_the_older_lines_are_on_the_next_page(office: Desk) -> None:
    office.policy = replace(office.policy, approvals=(ApprovalRule(fields=frozenset()),))
    _, kr_id = await office.new_goal()
    for step in range(8):
        await office.says(LI, f"修改 KR{kr_id} 目标值 {1201 + step}")

    first = await office.says(LI, f"修改记录 KR{kr_id}")
    second = await office.says(LI, f"修改记录 KR{kr_id} 第2页")

    assert "第 1/2 页" in first
    assert "1,208 人" in first
    assert "1,201 人" not in first
    assert "第 2/2 页" in second
    assert "1,100 → 1,201 人" in second
    assert await office.says(LI, f"修改记录 KR{kr_id} 第99页") == second
    assert await office.says(LI, f"修改记录 KR{kr_id} 第0页") == first


@pytest.mark.parametrize("said", ["修改记录 KR{kr}", "修改记录 O{o}"])
async def test_of_a_draft_nobody_else_learns(office: Desk, said: str) -> None:
    await office.says(LI, "新建目标 悄悄写\nKR 客流 从 1 到 9 人")
    drafts = await office.does(lambda session: objectives.by_id(session, 1))
    assert drafts is not None
    asked = said.format(kr=drafts.key_results[0].id, o=1)

    assert "没找到" in await office.says(ZHANG, asked)
    assert "没有改过" in await office.says(LI, asked)


async def test_nobodys_name_lies_in_the_words_of_somebody_else(office: Desk) -> None:
    """Else it would outlast the erasure: only aliases go with the one they stand for."""
    sales = Draft(
        "销售额", Measure(Kind.NUMBER, "元", Basis.QUARTER, Decimal(0), Decimal(1000), cumulative=True)
    )
    objective_id, kr_id = await office.new_goal()
    _, above = await office.new_goal(sales, owner=ZHOU)
    await office.says(ZHANG, f"建议 KR{kr_id} 目标值 1080 理由 停车场封闭")
    for who, said in (
        (LI, "采纳 R1"),
        (WANG, "转审 R2 @陈总"),
        (CHEN, "同意 R2"),
        (LI, f"修改 KR{kr_id} 目标值 1300"),
        (LI, "撤回 R3"),
        (LI, f"修改 O{objective_id} 负责人 @吴越"),
        (WU, f"修改 KR{kr_id} 目标值 1"),
        (WANG, "驳回 R4 再等等"),
        (ZHOU, f"分解 KR{above} 按门店"),
        (ZHOU, "1"),
    ):
        await office.says(who, said)

    async def written(session: Session) -> list[tuple[Line, str]]:
        count = await session.one("SELECT count(*) FROM trail")
        assert count is not None
        forms = {row[0]: row[1] for row in await session.all("SELECT id, form FROM trail")}
        lines = [
            line
            for one in (objective_id, objective_id + 1)
            for line in await trail.of(session, objective_id=one, limit=100)
        ]
        return [(line, forms[line.id]) for line in lines]

    lines = await office.does(written)
    actions = {line.action for line, _ in lines}
    assert {"转审", "分解", "撤回", "驳回", "修改"} <= actions, actions
    for line, form in lines:
        words = [line.reason, line.decision, *((line.old, line.new) if form != Form.PEOPLE else ())]
        said = " ".join(word for word in words if word)
        assert not [member.name for member in CAST if member.name in said], (line.action, said)
