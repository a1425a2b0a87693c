"""Decisions in front of others: who was not asked is told so alone, and who was decides there as anywhere."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sandbox.stage import Stage
from storage import objectives
from storage.session import Session
from tests.conversations.rooms import WITH_GROUPS, GroupPhone, opened
from tests.conversations.script import says
from tests.conversations.test_groups import told_alone

pytestmark = pytest.mark.parametrize("gateway", WITH_GROUPS)


async def target_of(stage: Stage, number: int) -> Decimal | None:
    async def look(session: Session) -> Decimal | None:
        whole = await objectives.with_key_result(session, number)
        assert whole is not None
        return next(kr.measure.target for kr in whole.key_results if kr.id == number)

    return await stage.database.read(look)


async def test_who_was_not_asked_is_answered_alone(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        assert says(await GroupPhone(stage, gateway, "李四").call("修改 KR8 目标值 1200"), "已请王店看")
        zhou = GroupPhone(stage, gateway, "周敏")
        in_group = await zhou.call("同意 R1")

        assert "不归你批" not in in_group
        assert await told_alone(zhou, "R1 不归你批,什么都没有变")
        assert await target_of(stage, 8) == 1100


async def test_who_was_asked_decides_in_the_group(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        await GroupPhone(stage, gateway, "李四").call("修改 KR8 目标值 1200")
        await GroupPhone(stage, gateway, "王店").call("同意")

        assert await target_of(stage, 8) == 1200


async def test_a_no_is_nothing_for_a_group(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        await GroupPhone(stage, gateway, "李四").call("修改 KR8 目标值 1200")
        wang = GroupPhone(stage, gateway, "王店")
        in_group = await wang.call("驳回 R1 太高")

        assert "驳回了" not in in_group
        assert await told_alone(wang, "你驳回了 R1")
