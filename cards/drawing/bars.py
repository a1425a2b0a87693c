"""Progress bars: how far each is, and a mark where it should be by now. Measures are CSS pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.drawing.goal_rows import KINDS
from cards.drawing.lettering import cut, width
from cards.drawing.sheet import BODY, INNER, MARGIN, SMALL, Block
from okr.numbers import say_percent
from okr.objectives import Status

SIGN = 18.0
"""A light with the room after it."""
ROW = 62.0
BAR_TOP, BAR = 24.0, 10.0
FIGURE = 16.0
APART = 8.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one bar says: `expected` None where nothing is expected; `note` stands below it, `aside` at its right end."""

    name: str
    status: Status
    progress: Decimal
    percent: str
    expected: Decimal | None
    note: str
    aside: str


@dataclass(frozen=True, slots=True)
class Bar:
    y: float
    kind: str
    name: str
    percent: str
    filled: float
    mark: float | None
    note: str
    aside: str


def bars(parts: Sequence[Part]) -> Block:
    """A row for each, in their order."""
    return Block("bars", ROW * len(parts) + 4, [_bar(part, ROW * at) for at, part in enumerate(parts)])


def _bar(part: Part, y: float) -> Bar:
    share = min(max(part.progress, Decimal(0)), Decimal(1))
    expected = part.expected
    aside = cut(part.aside, SMALL, INNER / 2)
    return Bar(
        y=y,
        kind=KINDS[part.status],
        name=cut(part.name, BODY, INNER - SIGN - width(part.percent, FIGURE) - APART),
        percent=part.percent,
        filled=round(float(share) * INNER, 1),
        mark=None if expected is None else round(MARGIN + float(min(expected, Decimal(1))) * INNER, 1),
        note=cut(part.note, SMALL, INNER - width(aside, SMALL) - APART),
        aside=aside,
    )


def marked(expected: Decimal | None) -> str:
    """What the marks of bars mean; None where they are not all alike."""
    return "竖线是按时间该到的" if expected is None else f"竖线是该到的 {say_percent(expected)}"
