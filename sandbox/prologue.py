"""What the company said to the bot the day before the visitor comes: the chats are not empty, and something waits.

Played through the platforms like everything else. It shows a goal broken down, changes that wait for a yes, and the map.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.cast import CastMember
from sandbox.office import DINGTALK, WECOM, Chat, MakeBelieveOffice, Utterance
from sandbox.transcript import BOT

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = time(10, 10)
PATIENCE = 30.0
"""Seconds to wait for an answer: the demo opens without it rather than not at all."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Somebody says something, then presses the button `press` of what is answered, where it is given.

    `tells`: who hears of it from the bot, by number and platform.
    """

    number: str
    platform: str
    words: str
    press: str = ""
    tells: tuple[tuple[str, str], ...] = ()


SCENES: Sequence[Scene] = (
    Scene("E0001", DINGTALK, "新建年度方向 做周边三公里的第一选择\nKR 会员数 最新值 从 10万 到 20万 人"),
    Scene("E0001", DINGTALK, "提交 O9"),
    Scene("E0001", DINGTALK, "方向 O1 O9"),
    Scene("E0003", DINGTALK, "分解 KR3 按门店", "确认", tells=(("E0101", DINGTALK), ("E0201", WECOM))),
    Scene("E0102", DINGTALK, "修改 KR8 目标值 1200 原因 新店开业", tells=(("E0101", DINGTALK),)),
    Scene("E0202", WECOM, "修改 KR15 目标值 150 原因 新加了两个企业客户", tells=(("E0201", WECOM),)),
    Scene("E0201", WECOM, "擅长 损耗 陈列"),
    Scene("E0102", DINGTALK, "目标地图"),
    Scene("E0202", WECOM, "我的目标"),
)


def curtain_time(now: datetime) -> datetime:
    """When it begins, for a visitor who comes at `now`: ten past ten on the day before, company time."""
    day = now.astimezone(ZONE).date() - timedelta(days=1)
    return datetime.combine(day, HOUR, ZONE).astimezone(UTC)


def stops(now: datetime) -> list[datetime]:
    """Where the clock is wound to on its way to `now`, so that what is due in the morning and at noon is said then."""
    day = now.astimezone(ZONE).date()
    moments = [datetime.combine(day, hour, ZONE).astimezone(UTC) for hour in (time(10, 40), time(15, 10))]
    return [moment for moment in moments if moment < now]


async def play(office: MakeBelieveOffice, scenes: Sequence[Scene] = SCENES) -> None:
    """Play the scenes one after another, each once everybody has heard what the one before brought."""
    for scene in scenes:
        chat = _chat(office, scene.number, scene.platform)
        told = [_chat(office, number, platform) for number, platform in scene.tells]
        before = [_answers(office, each) for each in (chat, *told)]
        await office.say(_person(office, scene.number), chat, Utterance(scene.words))
        await _heard(office, chat, before[0])
        if scene.press:
            bubble = office.transcripts[chat.platform].of(chat.id)[-1]
            await office.press(_person(office, scene.number), chat, bubble.id, scene.press)
        for each, known in zip(told, before[1:], strict=True):
            await _heard(office, each, known)


def _person(office: MakeBelieveOffice, number: str) -> CastMember:
    return next(member for member in office.cast if member.number == number)


def _chat(office: MakeBelieveOffice, number: str, platform: str) -> Chat:
    """Somebody's first private chat with the bot there."""
    return next(chat for chat in office.chats(_person(office, number)) if chat.platform == platform)


def _answers(office: MakeBelieveOffice, chat: Chat) -> int:
    return sum(bubble.author == BOT for bubble in office.transcripts[chat.platform].of(chat.id))


async def _heard(office: MakeBelieveOffice, chat: Chat, before: int) -> None:
    """Wait until the bot has said something more in this chat than so many things."""
    more = asyncio.Event()
    stop = office.transcripts[chat.platform].listen(lambda _: more.set())
    try:
        async with asyncio.timeout(PATIENCE):
            while _answers(office, chat) <= before:
                more.clear()
                await more.wait()
    except TimeoutError:
        pass
    finally:
        stop()
