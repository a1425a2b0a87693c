"""Values beside each other: a bar for each, a mark where the middle is, and a sign on what is far from it. Measures are CSS pixels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.drawing.lettering import cut, width
from cards.drawing.sheet import BODY, INNER, MARGIN, SMALL, Block

TOP = 22.0
"""Room for what the mark of the middle says."""
ROW, NOTED = 40.0, 58.0
BAR_TOP, BAR = 24.0, 10.0
APART = 8.0
SIGN = 18.0
HEADED = 30.0
"""Room for a heading."""


@dataclass(frozen=True, slots=True)
class Side:
    """`apart`: 1 far above the others, -1 far below, 0 neither. `note` stands below the bar."""

    name: str
    value: Decimal
    said: str
    apart: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    y: float
    name: str
    said: str
    bar_x: float
    filled: float
    apart: int
    note: str


def beside(
    sides: Sequence[Side],
    middle: Decimal | None = None,
    middle_said: str = "",
    *,
    heading: str = "",
    scale: Collection[Decimal] = (),
) -> Block:
    """A row for each, in their order, below the heading. Bars begin at nought, also where some are below it.

    `scale`: values that are drawn elsewhere and have bars of the same measure.
    """
    values = [*(side.value for side in sides), *([middle] if middle is not None else []), *scale]
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    span = high - low

    def at(value: Decimal) -> float:
        return round(MARGIN + float((value - low) / span) * INNER, 1) if span else MARGIN

    top = HEADED if heading else 0.0
    rows, y = [], top + (TOP if middle_said else 4.0)
    for side in sides:
        rows.append(_row(side, y, at))
        y += NOTED if side.note else ROW
    line = at(middle) if middle is not None else None
    half = width(middle_said, SMALL) / 2
    shown = {
        "rows": rows,
        "heading": heading and cut(heading, BODY, INNER),
        "top": top,
        "middle": line,
        "middle_said": middle_said,
        "middle_x": line and round(min(max(line, MARGIN + half), MARGIN + INNER - half), 1),
        "nought": at(Decimal(0)) if low < 0 else None,
        "bar_top": BAR_TOP,
        "bar": BAR,
    }
    return Block("beside", y + 4, shown)


def _row(side: Side, y: float, at: Callable[[Decimal], float]) -> Row:
    begin, end = sorted((at(Decimal(0)), at(side.value)))
    room = INNER - width(side.said, BODY) - APART - (SIGN if side.apart else 0)
    return Row(
        y=y,
        name=cut(side.name, BODY, room),
        said=side.said,
        bar_x=begin,
        filled=round(end - begin, 1),
        apart=side.apart,
        note=cut(side.note, SMALL, INNER),
    )
