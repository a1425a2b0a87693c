"""70/30: how much comes from above, of a person or a team, and how it was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.examples import Examples
from cards.sayings import say_split
from cards.templating import render
from chat.card import Card
from okr.numbers import points_between, say_percent
from okr.origin import Origins

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the team."""

    name: str
    own: bool
    split: Origins


def farthest_first(rows: Sequence[Row]) -> list[Row]:
    """Who is out of what is wanted before the others, and the farther the earlier."""
    return sorted(rows, key=lambda row: (row.split.within, -abs(row.split.top_down - row.split.share)))


def origins_card(  # a number and how it was counted
    name: str,
    cycle: str,
    split: Origins | None,
    rows: Sequence[Row],
    *,
    without: int,
    share: Decimal,
    tolerance: Decimal,
    kr: str,
    eg: Examples,
) -> Card:
    """`rows` in their order; `without`: members without a goal; `kr`: one of the asker's own, for an example that works."""
    return render(
        "origins",
        name=name,
        cycle=cycle,
        some=split is not None,
        top_down=say_percent(split.top_down) if split else "",
        bottom_up=f"{100 - _whole(split.top_down)}%" if split else "",
        within=split.within if split else True,
        off=abs(points_between(share, split.top_down)) if split else 0,
        more_from_above=split.top_down > share if split else False,
        key_results=split.key_results if split else 0,
        people=split.people if split else 0,
        without=without,
        wanted=say_split(share),
        tolerance=_whole(tolerance),
        rows=[
            {
                "name": row.name,
                "own": row.own,
                "top_down": say_percent(row.split.top_down),
                "within": row.split.within,
                "key_results": row.split.key_results,
            }
            for row in rows[:SHOWN]
        ],
        more=max(0, len(rows) - SHOWN),
        kr=kr,
        eg=eg,
    )


def _whole(share: Decimal) -> int:
    return int(say_percent(share).removesuffix("%"))
