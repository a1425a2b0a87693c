"""Unknown accounts and the people who vouch for them, over the real wire of every gateway."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chat.events import Account, PlatformName
from sandbox.cast import OUTSIDER_DINGTALK, OUTSIDER_WECOM
from sandbox.stage import Stage
from sandbox.transcript import BOT, Bubble
from storage import people
from storage.session import Session
from tests.conversations.phones import GATEWAYS, Phone, read
from tests.conversations.rooms import opened
from tests.conversations.script import says

ASKED = "收到,工号对得上的话,已经请你的上级或管理员确认了"
MANAGER, ADMIN, COLLEAGUE = "赵店", "陈总", "吴越"
HAS_NO = {"dingtalk": "E0202", "wecom": "E0203"}
"""Somebody of 赵店's without an account on this platform."""


@dataclass
class Desk:
    """The one who knocks, and those who decide, each with the platform they are written to on."""

    stage: Stage
    gateway: str
    stranger: Phone
    manager: Phone
    admin: Phone

    @property
    def number(self) -> str:
        return HAS_NO[self.stranger.platform]

    async def asked(self, phone: Phone) -> Bubble:
        """The card that asks this decider, once it is there."""
        return await newest(phone, "是本人吗")

    async def owner(self) -> str | None:
        """Whose account the stranger's is by now."""
        user = OUTSIDER_DINGTALK if self.stranger.platform == "dingtalk" else OUTSIDER_WECOM
        account = Account(PlatformName(self.stranger.platform), user)

        async def look(session: Session) -> str | None:
            known = await people.by_account(session, account)
            return known.person.number if known else None

        return await self.stage.database.read(look)


async def newest(phone: Phone, words: str) -> Bubble:
    """The newest bubble of the bot in this chat with these words, waited for."""
    async with asyncio.timeout(30):
        while True:
            for bubble in reversed(phone.transcript.of(phone.chat)):
                if bubble.author == BOT and words in read(bubble, phone.user_id):
                    return bubble
            await asyncio.sleep(0.01)


def asked_times(phone: Phone) -> int:
    bubbles = phone.transcript.of(phone.chat)
    return sum("是本人吗" in read(bubble, phone.user_id) for bubble in bubbles if bubble.author == BOT)


@pytest.fixture(params=GATEWAYS)
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    gateway: str = request.param
    async with opened(gateway, tmp_path) as stage:
        yield Desk(
            stage,
            gateway,
            Phone(stage, gateway, "陌生人"),
            Phone(stage, "wecom-app", MANAGER),  # prefers WeCom
            Phone(stage, "dingtalk", ADMIN),  # prefers DingTalk
        )


async def said(phone: Phone, words: str) -> str:
    answer = await phone.say(words)
    assert answer is not None, words
    return read(answer, phone.user_id)


async def pressed(phone: Phone, card: Bubble, label: str) -> None:
    phones = phone.stage.dingtalk if phone.platform == "dingtalk" else phone.stage.wecom
    await phones.press(phone.user_id, card.id, label)


async def test_who_is_vouched_for_is_told_and_is_one_person_on_both_platforms(desk: Desk) -> None:
    assert says(await said(desk.stranger, f"绑定 {desk.number}"), ASKED)
    card = await desk.asked(desk.manager)
    await desk.asked(desk.admin)
    await pressed(desk.manager, card, "是本人,绑定")

    told = Phone(desk.stage, "dingtalk" if desk.gateway == "dingtalk" else "wecom-app", "陌生人")
    await newest(told, "绑定好了,可以开始用了")
    assert await desk.owner() == desk.number
    assert "已经把这个账号绑定给" in read(await newest(desk.manager, "绑定给"), desk.manager.user_id)

    draft = re.search(r"O\d+", await said(desk.stranger, "新建目标 把货架理顺\nKR 缺货率 从 8% 到 3%"))
    assert draft is not None
    elsewhere = Phone(desk.stage, "wecom-app" if desk.gateway == "dingtalk" else "dingtalk", desk.number)
    assert says(await said(elsewhere, f"查看 {draft[0]}"), "把货架理顺")


async def test_who_is_refused_is_told_and_stays_a_stranger(desk: Desk) -> None:
    await said(desk.stranger, f"绑定 {desk.number}")
    await pressed(desk.admin, await desk.asked(desk.admin), "不是")

    told = Phone(desk.stage, "dingtalk" if desk.gateway == "dingtalk" else "wecom-app", "陌生人")
    await newest(told, "这次绑定没有通过")
    assert await desk.owner() is None
    assert says(await said(desk.stranger, "我的目标"), "我还不认识你")


async def test_the_second_decider_is_told_who_was_first(desk: Desk) -> None:
    await said(desk.stranger, f"绑定 {desk.number}")
    first, second = await desk.asked(desk.manager), await desk.asked(desk.admin)
    await pressed(desk.manager, first, "不是")
    await newest(desk.manager, "没有绑定")
    await pressed(desk.admin, second, "是本人,绑定")

    await newest(desk.admin, f"{MANAGER}已经处理过了")
    assert await desk.owner() is None


async def test_a_number_that_nobody_has_is_answered_the_same_and_nobody_is_asked(desk: Desk) -> None:
    unknown = await said(desk.stranger, "绑定 E9999")
    real = await said(desk.stranger, f"绑定 {desk.number}")
    await desk.asked(desk.admin)

    assert unknown == real
    assert (asked_times(desk.admin), asked_times(desk.manager)) == (1, 1)


async def test_somebody_who_has_an_account_there_cannot_be_taken_over(desk: Desk) -> None:
    assert says(await said(desk.stranger, "绑定 E0102"), ASKED)
    await asyncio.sleep(0.2)

    assert asked_times(desk.admin) == 0
    assert says(await said(desk.admin, "确认绑定 E0102"), "没有找到在等着处理的绑定申请")
    assert await desk.owner() is None


async def test_it_can_be_typed_by_who_may_and_by_nobody_else(desk: Desk) -> None:
    await said(desk.stranger, f"绑定 {desk.number}")
    await desk.asked(desk.admin)
    colleague = Phone(desk.stage, "wecom-app", COLLEAGUE)
    assert says(await said(colleague, f"确认绑定 {desk.number}"), "确认绑定要对方的上级或管理员来做")
    assert await desk.owner() is None

    assert says(await said(desk.admin, f"确认绑定 {desk.number.lower()}"), "已经把这个账号绑定给")
    assert await desk.owner() == desk.number


async def test_asking_again_and_again_asks_nobody_again(desk: Desk) -> None:
    for _ in range(3):
        await said(desk.stranger, f"绑定 {desk.number}")
    await desk.asked(desk.admin)
    await asyncio.sleep(0.1)

    assert (asked_times(desk.admin), asked_times(desk.manager)) == (1, 1)
