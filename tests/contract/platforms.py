"""Every gateway behind one face: the real platform code on its make-believe platform, with the same people on it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.dingtalk.gateway import DingTalkPlatform
from bot.wecom.platform import WeComPlatform
from chat.card import Card
from chat.errors import DeliveryFailed
from chat.events import Account, Event, PlatformName
from chat.platform import Parcel, Receipt
from sandbox.fake_dingtalk.world import CallFault
from sandbox.transcript import Bubble
from tests.bot.dingtalk import office as dingtalk
from tests.bot.wecom import office as wecom

GATEWAYS = ("dingtalk", "wecom-app", "wecom-robot", "wecom-robot-url")
PEOPLE = {"dingtalk": {"李四": "dt-li", "王店": "dt-wang"}, "wecom": {"李四": "WxLi", "王店": "WxWang"}}
ROBOTS = {"wecom-app": "none", "wecom-robot": "websocket", "wecom-robot-url": "callback"}
RATE_LIMITED, SERVER_ERROR, SPENT_TOKEN = "rate limited", "server error", "spent token"
WECOM_CODES = {RATE_LIMITED: [45009], SERVER_ERROR: [-1], SPENT_TOKEN: [42001, 42001, 42001]}
DINGTALK_FAULTS = {
    RATE_LIMITED: CallFault("/v1.0/*", times=9, status=403, code="Forbidden.AccessDenied.QpsLimitForApi"),
    SERVER_ERROR: CallFault("/v1.0/*", times=9, status=503),
    SPENT_TOKEN: CallFault("/v1.0/*", times=9, status=401, code="InvalidAuthentication"),
}


@dataclass
class Gateway:
    """One gateway. People are named; where something stands is told by its conversation in the transcript."""

    name: str
    at: dingtalk.Office | wecom.Office

    @property
    def platform_name(self) -> PlatformName:
        return PlatformName(self.name.partition("-")[0])

    @property
    def platform(self) -> DingTalkPlatform | WeComPlatform:
        return self.at.platform

    @property
    def events(self) -> list[Event]:
        return list(self.at.ears.events)

    @property
    def group(self) -> str:
        return dingtalk.GROUP if self.name == "dingtalk" else wecom.GROUP

    def user(self, who: str) -> str:
        return PEOPLE[str(self.platform_name)].get(who, "nobody-at-all")

    def chat(self, who: str, *, pushed: bool = False) -> str:
        """The private chat as it stands in the transcript; WeCom pushes by the app."""
        if isinstance(self.at, dingtalk.Office):
            return self.at.fake.private_id(self.user(who))
        via = "app" if pushed or self.name == "wecom-app" else "robot"
        return self.at.fake.private_id(self.user(who), "app" if via == "app" else "robot")

    async def say(
        self, who: str, text: str = "", *, group: bool = False, kind: str = "text", voice: str = ""
    ) -> None:
        place = self.group if group else None
        if isinstance(self.at, dingtalk.Office):
            await self.at.fake.say(self.user(who), text, group=place, kind=kind, voice_text=voice)
            return
        via = "app" if self.name == "wecom-app" else "robot"
        await self.at.fake.say(
            self.user(who),
            text,
            group=place,
            via="app" if via == "app" else "robot",
            kind=kind,
            voice_text=voice,
        )

    async def press(self, who: str, bubble: Bubble, label: str) -> float:
        """Press a button; the seconds until the platform had its answer, endless where it got none."""
        pressed = await self.at.fake.press(self.user(who), bubble.id, label)
        return pressed.seconds if pressed.acked else float("inf")

    def from_bot(self, chat: str) -> list[Bubble]:
        return [bubble for bubble in self.at.fake.transcript.of(chat) if bubble.author == "bot"]

    async def shown(self, chat: str, count: int = 1) -> list[Bubble]:
        await dingtalk.until(lambda: len(self.from_bot(chat)) >= count)
        return self.from_bot(chat)

    async def heard(self, count: int = 1) -> list[Event]:
        await dingtalk.until(lambda: len(self.events) >= count)
        return self.events

    def answers(self, card: Card, *, redraw: Card | None = None) -> None:
        self.at.answers(card, redraw=redraw)

    def letter(self, who: str, card: Card) -> Parcel:
        to = Account(self.platform_name, self.user(who))
        return Parcel(7, "okr-7", card, self.platform_name, dingtalk.START, to=to)

    async def push(self, who: str, card: Card) -> Receipt | DeliveryFailed:
        """Deliver a letter, and what follows it, as the postman does."""
        try:
            receipt = await self.platform.deliver(self.letter(who, card))
        except DeliveryFailed as failed:
            return failed
        if receipt.rest is not None:
            return await self.push(who, receipt.rest)
        return receipt

    def seen(self, chat: str) -> list[bytes]:
        """The pictures and files that stand in a chat, as they were uploaded."""
        ids = [media_id for bubble in self.from_bot(chat) for media_id in _media_of(bubble)]
        uploads = [self.at.fake.upload(media_id) for media_id in ids]
        return [upload.content for upload in uploads if upload is not None]

    def goes_wrong(self, how: str) -> None:
        """The next calls of the platform's API fail in this way."""
        if isinstance(self.at, dingtalk.Office):
            self.at.fake.faults.calls.append(DINGTALK_FAULTS[how])
        else:
            self.at.fake.faults.next_errors.extend(WECOM_CODES[how])

    def comes_twice(self) -> None:
        self.at.fake.faults.twice = True

    async def drop(self) -> None:
        """Break the connection there is, or lose the answer of the next callback."""
        if isinstance(self.at, dingtalk.Office):
            self.at.fake.abort()
            self.at.fake.patience.ack = 0.2  # what nobody hears need not be waited for
        elif self.name == "wecom-robot":
            await self.at.fake.robot_server.drop()
        else:
            self.at.fake.faults.lose_replies = 1

    def connected(self) -> bool:
        return set(self.platform.state().values()) == {"ok"}


def _media_of(bubble: Bubble) -> list[str]:
    """What a message refers to: on its own, beside its words, or in them."""
    content = bubble.content
    named = [content[name] for name in ("media_id", "mediaId", "photoURL") if name in content]
    beside = content.get("pictures", [])
    assert isinstance(beside, list)
    return [str(one) for one in (*named, *beside, *re.findall(r"!\[[^\]]*\]\(([^)]+)\)", bubble.text))]


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[Gateway]:
    if name == "dingtalk":
        async with dingtalk.office() as ours:
            yield Gateway(name, ours)
    else:
        async with wecom.office(ROBOTS[name]) as theirs:
            yield Gateway(name, theirs)
