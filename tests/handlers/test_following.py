"""Who follows what, said alone and in a group; and how often somebody has helped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.events import ChatKind, Conversation, PlatformName
from storage import follows, help_requests
from storage.follows import Follower
from storage.session import Session
from tests.handlers.desk import LI, WANG, ZHAO, Desk, words
from tests.storage.company import person


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("订阅 KR1", "🔔 你订阅了 KR1"),
        ("订阅 O1", "🔔 你订阅了 O1"),
        ("订阅 华东区", "🔔 你订阅了 华东区"),
        ("订阅 不存在的部门", "没找到 不存在的部门"),
        ("订阅 KR99", "没找到 KR99"),
        ("订阅", "你还没有订阅"),
        ("取消订阅 KR1", "你没有订阅 KR1"),
    ],
)
async def test_what_can_be_followed(office: Desk, said: str, answer: str) -> None:
    await office.new_goal()

    assert (await office.says(WANG, said)).startswith(answer)


async def test_it_is_followed_once_and_ended_again(office: Desk) -> None:
    await office.new_goal()
    await office.says(WANG, "订阅 KR1")

    assert (await office.says(WANG, "订阅 KR1")).startswith("你订阅过 KR1 了")
    assert "现在订阅着:KR1" in await office.says(WANG, "我的订阅")
    assert (await office.says(WANG, "取消订阅")).startswith("🔕 不再订阅 KR1")
    assert (await office.says(WANG, "订阅")).startswith("你还没有订阅")


async def test_a_draft_of_somebody_else_is_not_followed(office: Desk) -> None:
    await office.says(LI, "新建目标 把生鲜做成招牌\nKR 试吃转化率 从 10% 到 20%")

    assert (await office.says(WANG, "订阅 KR1")).startswith("没找到 KR1")


async def test_said_in_a_group_the_group_follows_once(office: Desk) -> None:
    await office.new_goal()
    where = Conversation(PlatformName.DINGTALK, "cid-group", ChatKind.GROUP)

    async def says(number: str, text: str) -> str:
        return words(await office.dispatch.hear(replace(office.message(number, text), conversation=where)))

    told = await says(WANG, "订阅 华东区")
    assert told.startswith("🔔 这个群订阅了 华东区")
    assert "华东区的战报、复盘通知、做到 100% 的喝彩也会发到这里" in told
    assert (await says(ZHAO, "订阅 华东区")).startswith("这个群订阅过 华东区 了")
    assert await office.does(follows.everybody) == [Follower(None, "dingtalk", "cid-group")]
    assert (await office.says(WANG, "订阅")).startswith("你还没有订阅")


async def test_help_that_was_given_is_counted(office: Desk) -> None:
    _, kr_id = await office.new_goal()
    for n, end in enumerate(("完成 X1", "帮不上 X2 没空", "")):
        await office.says(LI, f"协作 KR{kr_id} @王店 第{n}件事")
        if end:
            await office.says(WANG, end)
    await office.says(LI, "撤回 X3")

    async def count(session: Session) -> int:
        wang = await person(session, WANG)
        since = office.now - timedelta(days=1)
        return await help_requests.given(session, wang.id, since, office.now + timedelta(days=1))

    assert await office.does(count) == 1
