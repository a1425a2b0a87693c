"""What people do in a chat: they write, they press, they open the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PlatformName(StrEnum):
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    BOARD = "board"
    """The bot's own web page: said and pressed there as elsewhere; nothing is sent to it."""


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"


class MessageKind(StrEnum):
    TEXT = "text"
    VOICE = "voice"
    """Recognised speech: its text may be wrong, so what it would write is confirmed."""
    FILE = "file"
    """A file that somebody sent: its attachment is what could be fetched of it."""
    UNREADABLE = "unreadable"
    """A picture, a video, a location: answered politely, never in silence."""


class NotFetched(StrEnum):
    """Why a file is not there."""

    KIND = "kind"
    """Its name says that it is no table: nobody asked for it."""
    TOO_LARGE = "too_large"
    GONE = "gone"
    """The platform gives it out for a short while only."""
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's identity on one platform. `user_id` is the organisation's id, empty for outsiders."""

    platform: PlatformName
    user_id: str
    name: str = ""

    @property
    def key(self) -> str:
        """The id as it is compared: WeCom's ids ignore case, DingTalk's do not."""
        return self.user_id.lower() if self.platform is PlatformName.WECOM else self.user_id


@dataclass(frozen=True, slots=True)
class Conversation:
    """One chat. `id` is opaque and case-sensitive; in a private chat it may be the person's own id."""

    platform: PlatformName
    id: str
    kind: ChatKind
    title: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent. `name` is empty as long as the platform has not told it.

    `code` and `key` are what its gateway fetches and opens it with. Afterwards there is `content`, or why there is none,
    and how many calls of the platform's quota that took.
    """

    name: str = ""
    code: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    content: bytes = field(default=b"", repr=False)
    why: NotFetched | None = None
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What a message answers to: the quoted words, and our own reference of the card where it is told."""

    text: str = ""
    card_ref: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Anything heard. `event_id` is the platform's own id and the key by which a repeat is known.

    `at` is an aware UTC time. `route` is how an answer gets back: strings that only the gateway reads,
    kept with the answer so that it can still be delivered after a restart.
    """

    event_id: str
    at: datetime
    sender: Account
    conversation: Conversation
    route: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message(Event):
    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    mentions: tuple[Account, ...] = ()
    """Colleagues mentioned, without the bot, in no reliable order."""
    quote: Quote | None = None
    unreadable: str = ""
    """What an unreadable message was, in Chinese: 图片 · 视频 · 位置 …"""
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Click(Event):
    """A pressed button: the action on its wire, and the reference of the card it stood on."""

    action: str = ""
    card_ref: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """Somebody opened the private chat or was given access to the bot: a welcome is due."""
