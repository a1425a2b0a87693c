"""A heat map: rows of cells, each with its number, coloured by how it compares with the mean of its row, or what is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.drawing.lettering import cut
from cards.drawing.sheet import INNER, MARGIN, SMALL, Block

NAMES = 62.0
CELL, HEAD = 34.0, 24.0
LEGEND = 34.0
LEVELS = (Decimal("-0.2"), Decimal("-0.07"), Decimal("0.07"), Decimal("0.2"))
"""Where one colour ends and the next begins, against the mean of the row."""
LEGEND_WORDS = ("远低", "偏低", "持平", "偏高", "远高")


@dataclass(frozen=True, slots=True)
class Line:
    """A name and its values by column, as numbers and in words. None is missing and not 0; without words there is no cell,
    as of a day that is still to come.
    """

    name: str
    values: Sequence[Decimal | None]
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cell:
    x: float
    y: float
    level: int | None
    said: str


def heat(
    columns: Sequence[str], lines: Sequence[Line], middles: Sequence[Decimal | None] | None = None
) -> Block:
    """At most seven columns: the numbers need their room. `middles`: of each column what its cells are compared with."""
    wide = (INNER - NAMES) / len(columns)
    cells = []
    for down, line in enumerate(lines):
        mean = mean_of(line.values)
        for across, (value, said) in enumerate(zip(line.values, line.said, strict=True)):
            if not said:
                continue
            against = mean if middles is None else middles[across] or Decimal(0)
            x, y = MARGIN + NAMES + wide * across, HEAD + CELL * down
            cells.append(Cell(round(x, 1), y, None if value is None else level(value, against), said))
    shown = {
        "columns": [(round(MARGIN + NAMES + wide * (at + 0.5), 1), name) for at, name in enumerate(columns)],
        "names": [(HEAD + CELL * at, cut(line.name, SMALL, NAMES - 6)) for at, line in enumerate(lines)],
        "cells": cells,
        "wide": round(wide, 1),
        "high": CELL,
        "legend_y": HEAD + CELL * len(lines) + 10,
        "legend": LEGEND_WORDS,
    }
    return Block("heat", HEAD + CELL * len(lines) + LEGEND + 8, shown)


def mean_of(values: Sequence[Decimal | None]) -> Decimal:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else Decimal(0)


def level(value: Decimal, mean: Decimal) -> int:
    """0 far below the mean, 2 about as much, 4 far above."""
    if not mean:
        return 2
    apart = value / mean - 1
    return sum(apart >= edge if edge > 0 else apart > edge for edge in LEVELS)
