"""A figure of rows by columns: each column's colours say how a row compares with that column's middle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from cards.drawing.heat import Line, heat
from cards.drawing.sheet import Block
from cards.figures import mark_of
from okr.comparison import median, outliers
from okr.numbers import TENTH, half_up

TEN_THOUSAND = Decimal(10_000)
LONG = Decimal(100_000)
"""From here on a cell has no room for all digits."""
MISSING, FEW = "缺", "少"


def matrix(
    heads: Sequence[str],
    table: Mapping[str, Sequence[Decimal | None]],
    drawn: Sequence[str],
    unit: str,
    few: Collection[tuple[str, ...]] = (),
) -> tuple[Block, str]:
    """The drawing of some of the rows, and the unit that its numbers are in. `few`: cells that are not to be told."""
    columns = [
        {row: value for row, values in table.items() if (value := values[at]) is not None}
        for at in range(len(heads))
    ]
    middles = [median(column.values()) if column else None for column in columns]
    far = [outliers(column) for column in columns]
    largest = max((abs(value) for column in columns for value in column.values()), default=Decimal(0))
    scale = TEN_THOUSAND if largest >= LONG else Decimal(1)

    def said(row: str, at: int, value: Decimal | None) -> str:
        if value is None:
            return FEW if (row, heads[at]) in few else MISSING
        return f"{mark_of(far[at].get(row))}{_short(value, scale)}"

    lines = [
        Line(row, table[row], [said(row, at, value) for at, value in enumerate(table[row])]) for row in drawn
    ]
    return heat(heads, lines, middles), f"{'万' if scale > 1 else ''}{unit}"


def _short(value: Decimal, scale: Decimal) -> str:
    if scale > 1:
        return f"{half_up(value / scale, TENTH)}"
    return f"{half_up(value, TENTH)}" if abs(value) < 100 else f"{half_up(value):,}"
