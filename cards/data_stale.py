"""数据断更提醒: which source is silent, cannot be read or placed, or brings odd numbers, and which goals stand still for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from cards.templating import render
from chat.card import Card
from okr.moments import say_day
from okr.numbers import TENTH, half_up, say_number, say_percent
from okr.oddities import Odd, Oddity

SHOWN = 4


class Follower(Protocol):
    """A key result that shows the source's number."""

    @property
    def kr_id(self) -> int: ...

    @property
    def title(self) -> str: ...


def silent_card(
    source: str,
    following: Sequence[Follower],
    *,
    when: str,
    hours: float,
    limit: timedelta,
    steward: bool,
    pulled: bool = False,
) -> Card:
    """`when`: how far the data reach. `steward`: who can do something about the source, not only about a goal.

    `pulled`: it is fetched, and can be fetched again.
    """
    return render(
        "reminders/data_stale",
        source=source,
        when=when,
        days=int(hours // 24),
        hours=int(hours),
        limit=int(limit.total_seconds() // 3600),
        count=len(following),
        goals=_goals(following),
        steward=steward,
        pulled=pulled,
        unmapped=0,
    )


def unmapped_card(source: str, unmapped: int, example: str, *, pulled: bool = False) -> Card:
    return render(
        "reminders/data_stale",
        source=source,
        unmapped=unmapped,
        example=example,
        steward=True,
        pulled=pulled,
        goals=[],
    )


def failing_card(
    source: str,
    following: Sequence[Follower],
    *,
    trouble: str,
    fails: int,
    limit: int,
    when: str,
    steward: bool,
) -> Card:
    """`trouble`: what kind of failure, in words; `when`: how far the data reach, empty where there are none yet."""
    return render(
        "reminders/data_failing",
        source=source,
        trouble=trouble,
        fails=fails,
        limit=limit,
        when=when,
        goals=_goals(following),
        more=max(0, len(following) - SHOWN),
        steward=steward,
    )


def odd_card(
    source: str,
    odd: Sequence[tuple[Follower, Oddity]],
    *,
    limit: Decimal,
    today: date,
    steward: bool,
    pulled: bool,
) -> Card:
    """No value is in it, only how much it has changed: who looks after data need not see money."""
    lines = [
        {"ref": f"KR{one.kr_id}", "title": one.title, "what": _what(oddity, today)}
        for one, oddity in odd[:SHOWN]
    ]
    return render(
        "reminders/data_odd",
        source=source,
        odd=lines,
        more=max(0, len(odd) - SHOWN),
        limit=say_percent(limit),
        steward=steward,
        pulled=pulled,
    )


def _what(oddity: Oddity, today: date) -> str:
    day = {today: "今天", today - timedelta(days=1): "昨天"}.get(oddity.day) or say_day(oddity.day, today)
    if oddity.kind is Odd.FALL:
        return f"累计的数{day}少了 {say_percent(oddity.share)}"
    if oddity.share >= 2:
        return f"{day}是平时的 {say_number(half_up(oddity.share, TENTH))} 倍"
    change = say_percent(abs(oddity.share - 1))
    return f"{day}比平时{'多' if oddity.share > 1 else '少'} {change}"


def _goals(following: Sequence[Follower]) -> list[dict[str, str]]:
    return [{"ref": f"KR{one.kr_id}", "title": one.title} for one in following[:SHOWN]]
