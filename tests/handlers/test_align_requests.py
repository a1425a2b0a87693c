"""对齐 of what is in force where the company's rules want a yes for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage import alignments
from storage.alignments import EdgeState
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import LI, WANG, ZHAO, ZHOU, Desk, desk

RULES = {"rules": [{"approval": {"fields": ["新建", "对齐"]}}]}


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Desk]:
    """王店 has KR1 and KR2, 李四 O3 and 周敏 KR4."""
    async with desk(database, policy_of(Settings.model_validate(RULES))) as there:
        for owner in (WANG, WANG, LI, ZHOU):
            await there.new_goal(owner=owner)
        yield there


async def supported(office: Desk, number: int = 3) -> dict[int, EdgeState]:
    async def look(session: Session) -> dict[int, EdgeState]:
        states = (EdgeState.ACTIVE, EdgeState.ASKED)
        edges = await alignments.parents_of(session, alignments.objective(number), states)
        return {edge.parent: edge.state for edge in edges}

    return await office.does(look)


async def test_it_waits_for_a_yes_and_then_holds(office: Desk) -> None:
    asked = await office.says(LI, "对齐 O3 KR1")
    assert "已请王店看:改 O3 的对齐(R1)" in asked
    assert "KR1" in asked
    assert await supported(office) == {}

    await office.says(WANG, "同意 R1")

    assert await supported(office) == {1: EdgeState.ACTIVE}
    assert (await office.objective(3)).parent_kr == 1
    assert await office.trail_of(3) == ["申请修改", "修改"]


async def test_another_one_instead_and_none_at_all(office: Desk) -> None:
    await office.says(LI, "对齐 O3 KR1")
    await office.says(WANG, "同意 R1")
    assert "KR1 → KR2" in await office.says(LI, "对齐 O3 换成 KR2")
    assert await supported(office) == {1: EdgeState.ACTIVE}
    await office.says(WANG, "同意 R2")
    assert await supported(office) == {2: EdgeState.ACTIVE}

    assert "KR2 → 不支撑谁" in await office.says(LI, "取消对齐 O3")
    await office.says(WANG, "驳回 R3 先留着")
    assert await supported(office) == {2: EdgeState.ACTIVE}
    await office.says(LI, "取消对齐 O3")
    await office.says(WANG, "同意 R4")
    assert await supported(office) == {}


async def test_the_owner_above_is_asked_after_one_s_own_superior(office: Desk) -> None:
    await office.new_goal(owner=ZHAO)
    await office.says(LI, "对齐 O3 KR5")
    assert await office.letters_to(ZHAO) == []

    await office.says(WANG, "同意 R1")

    assert await supported(office) == {5: EdgeState.ASKED}
    assert "李四想用 O3" in (await office.letters_to(ZHAO))[0][1]
    await office.says(ZHAO, "同意对齐 O3 KR5")
    assert await supported(office) == {5: EdgeState.ACTIVE}


async def test_what_the_rules_refuse_is_refused_before_anybody_is_asked(office: Desk) -> None:
    assert "KR99" in await office.says(LI, "对齐 O3 KR99")
    assert await office.letters_to(WANG) == []


async def test_without_a_rule_that_names_it_it_holds_at_once(database: Database) -> None:
    async with desk(database) as office:
        for owner in (WANG, LI):
            await office.new_goal(owner=owner)

        await office.says(LI, "对齐 O2 KR1")

        assert await supported(office, 2) == {1: EdgeState.ACTIVE}


async def test_a_draft_is_one_s_own(office: Desk) -> None:
    await office.says(LI, "新建目标 试试\nKR 卫生 从 1 到 3 分")

    await office.says(LI, "对齐 O5 KR1")

    assert await supported(office, 5) == {1: EdgeState.ACTIVE}
