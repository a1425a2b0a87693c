"""Help that is asked for in front of others: DingTalk tells whom one mentions, in WeCom the name stands in the words."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import help_requests
from tests.conversations.phones import Phone
from tests.conversations.rooms import WITH_GROUPS, GroupPhone, opened
from tests.conversations.script import says
from tests.conversations.test_groups import told_alone

pytestmark = pytest.mark.parametrize("gateway", WITH_GROUPS)


async def test_a_colleague_is_asked_in_a_group_and_answers_alone(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        answer = await GroupPhone(stage, gateway, "李四").call("协作 KR8 借两个人 周五前", mentions=("王店",))

        assert says(answer, "已请王店帮忙:借两个人(X1)")
        letter = await Phone(stage, gateway, "王店").received("李四请你帮忙:借两个人(X1)")
        await letter.press("接受")
        await Phone(stage, gateway, "李四").received("王店接了你的 X1")
        request = await stage.database.read(lambda session: help_requests.by_id(session, 1))
        assert request is not None
        assert request.group is not None
        assert request.group[1] == GroupPhone(stage, gateway, "李四").chat


async def test_a_no_is_nothing_for_a_group(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        await GroupPhone(stage, gateway, "李四").call("协作 KR8 借两个人", mentions=("王店",))
        wang = GroupPhone(stage, gateway, "王店")
        in_group = await wang.call("帮不上 X1 走不开")

        assert "走不开" not in in_group
        assert await told_alone(wang, "你回了这次帮不上")


async def test_somebody_else_is_refused_alone(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        await GroupPhone(stage, gateway, "李四").call("协作 KR8 借两个人", mentions=("王店",))
        zhou = GroupPhone(stage, gateway, "周敏")
        in_group = await zhou.call("接受 X1")

        assert "要王店" not in in_group
        assert await told_alone(zhou, "X1 要王店来接受")


async def test_who_of_two_namesakes_is_asked_back(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        li = GroupPhone(stage, gateway, "李四")
        answer = await li.call("协作 KR8 @张三 盯一下晚高峰")

        assert says(answer, "有 2 个张三,请哪一个?")
        assert says(answer, "张三 滨江店")
