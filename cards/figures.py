"""How figures that stand beside each other are said."""

from __future__ import annotations

from decimal import Decimal

from okr.numbers import coarse, say_number

SHOWN = 7
"""Rows in words."""
DRAWN = 10
"""Rows of a picture; who is far from the others is drawn besides."""
TOLD = 2


def say_figure(value: Decimal, unit: str = "") -> str:
    return say_number(coarse(value, 1000), unit)


def way_of(far: Decimal | None) -> int:
    """1 far above the others, -1 far below, 0 neither."""
    return 0 if far is None else 1 if far > 0 else -1


def mark_of(far: Decimal | None) -> str:
    return ("", "▲", "▼")[way_of(far)]
