"""A ranking as rows: place, name, a bar, the value, and how the place has moved; one's own row and the gap above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.drawing.lettering import cut, width
from cards.drawing.sheet import BODY, INNER, MARGIN, SMALL, Block

ROW, BREAK = 46.0, 22.0
PLACE = 34.0
MOVED = 40.0
BAR = 6.0
MINE = "我"


@dataclass(frozen=True, slots=True)
class Rung:
    """`share`: how long the bar is, of 1, None for no bar; `risen`: places, None where there was none before.

    `left_out`: rows are missing above it. `gap`: what is missing to the one above, on one's own row.
    """

    place: int
    name: str
    value: str
    share: Decimal | None
    risen: int | None
    own: bool = False
    left_out: bool = False
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    y: float
    place: int
    medal: bool
    name: str
    value: str
    filled: float
    barred: bool
    moved: str
    way: str
    own: bool
    break_y: float | None
    gap: str
    gap_width: float


def ladder(rungs: Sequence[Rung]) -> Block:
    rows: list[Row] = []
    y = 4.0
    for rung in rungs:
        gap_y = None
        if rung.left_out:
            gap_y, y = y + BREAK / 2, y + BREAK
        elif rung.gap:
            y += 14
        rows.append(_row(rung, y, gap_y))
        y += ROW
    return Block("ladder", y + 4, {"rows": rows, "left": MARGIN + PLACE, "bar": INNER - PLACE - MOVED})


def _row(rung: Rung, y: float, break_y: float | None) -> Row:
    risen = rung.risen
    moved = "" if risen is None else str(abs(risen)) if risen else "平"
    room = INNER - PLACE - MOVED
    name_room = room - width(rung.value, BODY) - 10 - (22 if rung.own else 0)
    share = min(max(rung.share or Decimal(0), Decimal(0)), Decimal(1))
    return Row(
        y=y,
        place=rung.place,
        medal=rung.place <= 3,
        name=cut(rung.name, BODY, name_room),
        value=rung.value,
        filled=round(float(share) * room, 1),
        barred=rung.share is not None,
        moved=moved,
        way="" if risen is None else "up" if risen > 0 else "down" if risen < 0 else "same",
        own=rung.own,
        break_y=break_y,
        gap=rung.gap,
        gap_width=width(rung.gap, SMALL) + 18,
    )
