"""数据断更提醒: which source is silent or cannot be placed, since when, and which goals stand still for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from cards.templating import render
from chat.card import Card

SHOWN = 4


class Follower(Protocol):
    """A key result that shows the source's number."""

    @property
    def kr_id(self) -> int: ...

    @property
    def title(self) -> str: ...


def silent_card(
    source: str, following: Sequence[Follower], *, when: str, hours: float, limit: timedelta, steward: bool
) -> Card:
    """`when`: how far the data reach. `steward`: who can do something about the source, not only about a goal."""
    return render(
        "reminders/data_stale",
        source=source,
        when=when,
        days=int(hours // 24),
        hours=int(hours),
        limit=int(limit.total_seconds() // 3600),
        count=len(following),
        goals=[{"ref": f"KR{one.kr_id}", "title": one.title} for one in following[:SHOWN]],
        steward=steward,
        unmapped=0,
    )


def unmapped_card(source: str, unmapped: int, example: str) -> Card:
    return render(
        "reminders/data_stale", source=source, unmapped=unmapped, example=example, steward=True, goals=[]
    )
