"""What is there after the rounds: rows of the database, and what stands on the phones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandbox.cast import CAST
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.fake_wecom import FakeWeCom
from sandbox.transcript import BOT
from scheduler.sending import GONE
from storage.session import Session, amount, moment

_NOTE = re.compile(r"c\d{6}")
_ANSWERED = re.compile(r"说明:(c\d{6})")


@dataclass(frozen=True, slots=True)
class Applied:
    """A check-in that a command of ours made."""

    id: int
    note: str
    kr_id: int
    value: Decimal
    on_at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter; `note` is empty where it answers no command of ours, `reminder` where nothing reminded of it."""

    id: int
    note: str
    state: str
    error: str
    reminder: str = ""

    @property
    def overtaken(self) -> bool:
        """Whether it reminded of what the load has reported before it could go out."""
        return bool(self.reminder) and (self.state, self.error) == ("dropped", GONE)


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as it stands on a phone; `reader` is an employee number."""

    note: str
    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    applied: Sequence[Applied]
    posted: Sequence[Posted]
    seen: Sequence[Seen]
    values: Mapping[int, Decimal | None]
    """What the key results say, by their ids."""


async def applied(session: Session) -> list[Applied]:
    rows = await session.all(
        "SELECT c.id, c.note, c.key_result_id, c.value, c.on_at, e.number FROM check_ins c"
        " JOIN employees e ON e.id = c.author_id ORDER BY c.id"
    )
    return [
        Applied(row[0], row[1], row[2], amount(row[3]) or Decimal(0), moment(row[4]), row[5])
        for row in rows
        if _NOTE.fullmatch(row[1])
    ]


async def posted(session: Session) -> list[Posted]:
    rows = await session.all("SELECT id, card, state, error, reminder FROM letters ORDER BY id")
    return [Posted(row[0], _answered(row[1]), row[2], row[3], row[4]) for row in rows]


async def values(session: Session) -> dict[int, Decimal | None]:
    return {row[0]: amount(row[1]) for row in await session.all("SELECT id, value FROM key_results")}


async def waiting(session: Session) -> int:
    row = await session.one("SELECT count(*) FROM letters WHERE state = 'waiting'")
    assert row is not None
    count: int = row[0]
    return count


def seen(dingtalk: FakeDingTalk, wecom: FakeWeCom) -> Iterator[Seen]:
    """Every answer that was shown, in the order in which each platform showed them."""
    readers = _readers(dingtalk, wecom)
    for bubble in (*dingtalk.transcript.bubbles, *wecom.transcript.bubbles):
        if bubble.author == BOT and (note := _answered(f"{bubble.title}\n{bubble.text}")):
            yield Seen(note, readers.get(bubble.conversation_id, bubble.conversation_id), bubble.at)


def _readers(dingtalk: FakeDingTalk, wecom: FakeWeCom) -> dict[str, str]:
    chats = {dingtalk.private_id(member.dingtalk_id): member.number for member in CAST if member.dingtalk_id}
    for member in CAST:
        if member.wecom_id:
            chats[wecom.private_id(member.wecom_id, "app")] = member.number
            chats[wecom.private_id(member.wecom_id, "robot")] = member.number
    return chats


def _answered(words: str) -> str:
    found = _ANSWERED.search(words)
    return found[1] if found else ""
