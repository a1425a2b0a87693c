"""Two platforms on paper: real transcripts and a bot of a few sentences behind them, without any wire."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import WoundClock
from sandbox.office import DINGTALK, WECOM, MakeBelieveOffice
from sandbox.transcript import BOT, Bubble, Pressable, Transcript
from sandbox.uploads import Upload

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""2026-11-23 09:30 in Shanghai."""


@dataclass(frozen=True)
class Pressed:
    acked: bool = True
    updated: bool = True
    seconds: float = 0.01


class PaperPhones:
    """One platform. Says back what it heard; a pressed card loses its buttons and says who pressed."""

    def __init__(self, platform: str, clock: WoundClock) -> None:
        self.platform = platform
        self.transcript = Transcript()
        self.said: list[dict[str, Any]] = []
        self.opened: list[tuple[str, str]] = []
        self.deaf = False
        self.thinking = asyncio.Event()
        """Cleared, the bot does not come to the end of an answer to a press."""
        self.thinking.set()
        self.uploads: dict[str, Upload] = {}
        self._clock = clock
        self._numbers = itertools.count(1)

    def upload(self, media_id: str) -> Upload | None:
        return self.uploads.get(media_id)

    def holds(self, media_id: str, name: str, content: bytes, kind: str = "image") -> None:
        """The bot has uploaded this."""
        self.uploads[media_id] = Upload(media_id, kind, name, content, self._clock.now())

    def private_id(self, user_id: str, via: str = "app") -> str:
        return f"{via}:{user_id}"

    def put(self, conversation: str, author: str = BOT, **drawn: Any) -> Bubble:
        return self.transcript.add(
            Bubble(
                id=f"{self.platform}-{next(self._numbers)}",
                platform=self.platform,
                conversation_id=conversation,
                author=author,
                at=self._clock.now(),
                **{"kind": "text", **drawn},
            )
        )

    async def say(
        self,
        user_id: str,
        text: str = "",
        *,
        group: str | None = None,
        via: str = "app",
        mentions: Sequence[str] = (),
        at_bot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        voice_text: str = "",
        content: bytes = b"",
    ) -> Bubble:
        heard = {"user": user_id, "text": text, "group": group, "via": via, "mentions": tuple(mentions)}
        self.said.append({**heard, "at_bot": at_bot, "quotes": quotes, "kind": kind, "voice": voice_text})
        if content:
            self.said[-1]["content"] = content
        where = group or self.private_id(user_id, via)
        shown = self.put(where, user_id, kind=kind, text=text, quotes=quotes or "")
        if at_bot:
            self.put(where, text=f"听到了:{text}")
        return shown

    async def press(self, user_id: str, bubble_id: str, label: str) -> Pressed:
        bubble = next((each for each in self.transcript.bubbles if each.id == bubble_id), None)
        if bubble is None or label not in [button.label for button in bubble.seen_by(user_id).buttons]:
            raise KeyError(label)
        await self.thinking.wait()
        if self.deaf:
            return Pressed(acked=False, updated=False)
        self.transcript.change(bubble_id, text=f"{user_id} 按了 {label}", buttons=(), content={})
        return Pressed()

    async def open_chat(self, user_id: str, via: str = "app") -> bool:
        self.opened.append((user_id, via))
        self.put(self.private_id(user_id, via), text="你好,我是 OKR 助手")
        return True


@dataclass(frozen=True)
class PaperOffice:
    """The office of the page, and the paper that it is made of."""

    office: MakeBelieveOffice
    dingtalk: PaperPhones
    wecom: PaperPhones
    wound: list[datetime]


def paper_office() -> PaperOffice:
    clock = WoundClock(MONDAY)
    dingtalk, wecom = PaperPhones(DINGTALK, clock), PaperPhones(WECOM, clock)
    wound: list[datetime] = []

    async def on_wound(moment: datetime) -> None:
        wound.append(moment)

    office = MakeBelieveOffice(dingtalk, wecom, clock, wound=on_wound)
    return PaperOffice(office, dingtalk, wecom, wound)


def card(*labels: str, title: str = "📝 李四想改 KR34 的目标(R8)") -> dict[str, Any]:
    """The fields of a DingTalk card with these buttons."""
    buttons = tuple(Pressable(label, key=f"key-{label}") for label in labels)
    return {
        "kind": "card",
        "title": title,
        "text": "1,100 → 1,200 人",
        "buttons": buttons,
        "card_ref": "card-1",
    }


def own_face(bubble: Bubble, user_id: str, **seen: Any) -> dict[str, Bubble]:
    """The faces of a bubble that one member sees otherwise."""
    return {user_id: replace(bubble, **seen)}
