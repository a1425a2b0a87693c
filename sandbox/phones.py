"""The people's side of the make-believe platforms, as far as the office needs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from sandbox.transcript import Bubble, Transcript
from sandbox.uploads import Upload


class Pressed(Protocol):
    """What came of a button: whether the bot took it, whether the card changed, after how many seconds."""

    @property
    def acked(self) -> bool: ...
    @property
    def updated(self) -> bool: ...
    @property
    def seconds(self) -> float: ...


class DingTalkPhones(Protocol):
    """The people's side of the make-believe DingTalk."""

    @property
    def transcript(self) -> Transcript: ...
    def upload(self, media_id: str) -> Upload | None: ...
    def private_id(self, user_id: str) -> str: ...
    async def press(self, user_id: str, bubble_id: str, label: str) -> Pressed: ...
    async def say(
        self,
        user_id: str,
        text: str = "",
        *,
        group: str | None = None,
        mentions: Sequence[str] = (),
        at_bot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        voice_text: str = "",
        content: bytes = b"",
    ) -> Bubble: ...


class WeComPhones(Protocol):
    """The people's side of the make-believe WeCom."""

    @property
    def transcript(self) -> Transcript: ...
    def upload(self, media_id: str) -> Upload | None: ...
    def private_id(self, user_id: str, via: Literal["app", "robot"] = "app") -> str: ...
    async def press(self, user_id: str, bubble_id: str, label: str) -> Pressed: ...
    async def open_chat(self, user_id: str, via: Literal["app", "robot"] = "app") -> bool: ...
    async def say(
        self,
        user_id: str,
        text: str = "",
        *,
        group: str | None = None,
        via: Literal["app", "robot"] = "app",
        at_bot: bool = True,
        quotes: str | None = None,
        kind: str = "text",
        voice_text: str = "",
        content: bytes = b"",
    ) -> Bubble: ...
