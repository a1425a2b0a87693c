"""What a group sees of the bot, and what it does not, over the real wire."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conversations.phones import PATIENCE, QUIET
from tests.conversations.rooms import WITH_GROUPS, GroupPhone, opened, value_of
from tests.conversations.script import says

KR8_STANDS_AT = Decimal(1050)
SLIP = "更新 KR8 9000"
"""Far beyond the target of 1,100: it is asked back about."""

pytestmark = pytest.mark.parametrize("gateway", WITH_GROUPS)


async def test_a_question_in_a_group_is_answered_there(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        answer = await GroupPhone(stage, gateway, "李四").call("我的目标")

        assert says(answer, "KR8…生鲜区客流量")


async def test_talk_among_people_is_none_of_its_business(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        li = GroupPhone(stage, gateway, "李四")
        await li.chat_among_people("更新 KR8 1070")
        await asyncio.sleep(QUIET)

        assert li.from_bot() == []
        assert await value_of(stage, 8) == KR8_STANDS_AT


async def test_a_draft_goes_to_the_private_chat_and_the_group_is_told_so(
    gateway: str, tmp_path: Path
) -> None:
    async with opened(gateway, tmp_path) as stage:
        li = GroupPhone(stage, gateway, "李四")
        private_before = len(li.transcript.bubbles)
        answer = await li.call("新建目标 把生鲜做成招牌\nKR 试吃转化率 从 10% 到 20%")

        assert says(answer, "李四,详情已私聊发给你")
        assert "试吃" not in answer
        async with asyncio.timeout(30):
            while not any(  # it crosses a socket
                "试吃转化率" in f"{bubble.title}{bubble.text}"
                for bubble in li.transcript.bubbles[private_before:]
                if bubble.author == "bot" and bubble.conversation_id != li.chat
            ):
                await asyncio.sleep(0.01)
        assert not any("试吃转化率" in f"{bubble.title}{bubble.text}" for bubble in li.from_bot())


async def told_alone(phone: GroupPhone, words: str) -> bool:
    """Whether somebody gets to read this in a private chat, whichever of WeCom's two it is."""
    chats = {phone.private.chat, phone.stage.wecom.private_id(phone.user_id, "app")}
    async with asyncio.timeout(PATIENCE):
        while not any(
            says(bubble.title + bubble.text, words)
            for bubble in phone.transcript.bubbles
            if bubble.conversation_id in chats
        ):
            await asyncio.sleep(0.02)
    return True


async def test_somebody_else_presses_and_nothing_changes(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        await GroupPhone(stage, gateway, "李四").call(SLIP)
        asked = GroupPhone(stage, gateway, "李四").last()
        yes = asked.buttons[0].label
        wang, phones = (
            GroupPhone(stage, gateway, "王店"),
            stage.dingtalk if gateway == "dingtalk" else stage.wecom,
        )
        in_group = len(wang.transcript.of(wang.chat))
        await phones.press(wang.user_id, asked.id, yes)

        assert await told_alone(wang, "这张卡片是发给李四的,你点不算数")
        assert len(wang.transcript.of(wang.chat)) == in_group
        assert await value_of(stage, 8) == KR8_STANDS_AT

        li = GroupPhone(stage, gateway, "李四")
        await phones.press(li.user_id, asked.id, yes)
        assert await value_of(stage, 8) == 9000


async def test_a_number_answers_the_question_of_who_says_it(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        li, wang = GroupPhone(stage, gateway, "李四"), GroupPhone(stage, gateway, "王店")
        await li.call(SLIP)
        await wang.call("更新 KR5 9000000")
        await wang.call("1")
        assert await value_of(stage, 5) == 9_000_000
        assert await value_of(stage, 8) == KR8_STANDS_AT

        await li.call("1")
        assert await value_of(stage, 8) == 9000


async def test_a_number_of_somebody_who_was_asked_nothing_writes_nothing(
    gateway: str, tmp_path: Path
) -> None:
    async with opened(gateway, tmp_path) as stage:
        await GroupPhone(stage, gateway, "李四").call(SLIP)
        assert await GroupPhone(stage, gateway, "王店").whisper("1") is None

        assert await value_of(stage, 8) == KR8_STANDS_AT


async def test_a_mentioned_colleague_is_who_is_meant(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        answer = await GroupPhone(stage, gateway, "李四").call("查看", mentions=("王店",))

        assert says(answer, "西湖店销售额")


@pytest.mark.parametrize("words", ["更新 1070", "1070"])
async def test_a_quoted_card_says_which_key_result_is_meant(gateway: str, words: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        li = GroupPhone(stage, gateway, "李四")
        await li.call("更新 KR8")
        about_visitors = li.last()
        await li.call("更新 KR9")
        answer = await li.call(words, quotes=about_visitors.id)

        assert says(answer, "KR8…1,070 人")
        if words == "1070":
            await li.press("是的")
        assert await value_of(stage, 8) == 1070


async def test_words_quoted_say_it_too(gateway: str, tmp_path: Path) -> None:
    async with opened(gateway, tmp_path) as stage:
        li = GroupPhone(stage, gateway, "李四")
        await li.call("查看 KR8")
        shown = li.last()
        await li.call("更新 1070", quotes=shown.id)

        assert await value_of(stage, 8) == 1070
