"""A group and the people in it, on the gateways that have groups."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sandbox.cast import GROUP_DINGTALK, GROUP_WECOM
from sandbox.clock import WoundClock
from sandbox.stage import Stage, staged
from sandbox.transcript import BOT, Bubble
from storage import objectives
from storage.session import Session
from tests.conversations.phones import PATIENCE, Phone, read
from tests.engines import MONDAY
from tests.quiet import QUIET_JOBS

WITH_GROUPS = ("dingtalk", "wecom-robot", "wecom-robot-url")
HERE = ("李四", "王店", "周敏")
"""Who is in the group on every platform."""


@asynccontextmanager
async def opened(gateway: str, folder: Path) -> AsyncIterator[Stage]:
    """The whole bot with this gateway connected, and 李四 and 王店 in WeCom's group as they are in DingTalk's."""
    mode = "callback" if gateway == "wecom-robot-url" else "websocket"
    async with staged(
        f"sqlite://{folder / 'okrbot.db'}",
        WoundClock(MONDAY),
        robot_mode=mode,
        furnished=False,
        jobs=QUIET_JOBS,
    ) as stage:
        stage.wecom.patience.update = 5.0  # a press that leaves its card as it is need not be waited for
        members = [Phone(stage, "wecom-robot", who).user_id for who in HERE]
        stage.wecom.add_group(*GROUP_WECOM, members)
        yield stage


@dataclass
class GroupPhone(Phone):
    """One person's phone with the group opened."""

    @property
    def chat(self) -> str:
        return GROUP_DINGTALK[0] if self.platform == "dingtalk" else GROUP_WECOM[0]

    @property
    def private(self) -> Phone:
        return Phone(self.stage, self.gateway, self.who)

    async def call(self, text: str, *, mentions: tuple[str, ...] = (), quotes: str | None = None) -> str:
        """Say something to the bot and read all of its answer."""
        users = tuple(Phone(self.stage, self.gateway, who).user_id for who in mentions)

        async def say() -> None:
            if self.platform == "dingtalk":
                await self.stage.dingtalk.say(
                    self.user_id, text, group=self.chat, mentions=users, quotes=quotes
                )
            else:
                named = " ".join([text, *(f"@{who}" for who in mentions)])
                await self.stage.wecom.say(self.user_id, named, group=self.chat, quotes=quotes)

        answer = await self._answered(say, patience=PATIENCE)
        assert answer is not None, f"no answer to {text!r}"
        return read(answer, self.user_id)

    async def _say(self, text: str, kind: str, content: bytes = b"") -> None:
        phones = self.stage.dingtalk if self.platform == "dingtalk" else self.stage.wecom
        await phones.say(self.user_id, text, group=self.chat, kind=kind, content=content)

    async def chat_among_people(self, text: str) -> None:
        """Say something without mentioning the bot."""
        phones = self.stage.dingtalk if self.platform == "dingtalk" else self.stage.wecom
        await phones.say(self.user_id, text, group=self.chat, at_bot=False)

    def from_bot(self) -> list[Bubble]:
        return [bubble for bubble in self.transcript.of(self.chat) if bubble.author == BOT]


async def value_of(stage: Stage, number: int) -> Decimal | None:
    """What a key result stands at."""

    async def look(session: Session) -> Decimal | None:
        objective = await objectives.with_key_result(session, number)
        assert objective is not None
        return next(kr.value for kr in objective.key_results if kr.id == number)

    return await stage.database.read(look)
