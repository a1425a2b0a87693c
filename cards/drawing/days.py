"""A figure day by day: a bar each, lighter at weekends; a day without data is missing and not 0. CSS pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cards.drawing.sheet import INNER, MARGIN, Block
from okr.moments import WEEKDAYS, say_short_day
from okr.numbers import say_number

HEIGHT, TOP, BOTTOM = 124.0, 6.0, 26.0
FILLED = 0.72
"""Of a day's room."""
LEAST = 2.0
STUB = 14.0
"""How high a missing day is."""
SATURDAY = 5
MISSING = "缺"


@dataclass(frozen=True, slots=True)
class Day:
    x: float
    high: float
    told: str
    missing: bool
    weekend: bool


def days(values: Mapping[date, Decimal], unit: str, last: date, count: int) -> Block:
    """The last `count` days up to `last`."""
    wanted = [last - timedelta(days=n) for n in range(count - 1, -1, -1)]
    top = max((values[day] for day in wanted if day in values), default=Decimal(0))
    step = INNER / count
    room = HEIGHT - TOP - BOTTOM
    shown = {
        "days": [
            Day(
                x=round(MARGIN + index * step, 1),
                high=_high(values.get(day), top, room),
                told=f"{say_short_day(day)} 周{WEEKDAYS[day.weekday()]} {said(values.get(day), unit)}",
                missing=day not in values,
                weekend=day.weekday() >= SATURDAY,
            )
            for index, day in enumerate(wanted)
        ],
        "wide": round(step * FILLED, 1),
        "low": STUB,
        "left": MARGIN,
        "right": round(MARGIN + INNER - step * (1 - FILLED), 1),
        "bottom": HEIGHT - BOTTOM,
        "first": say_short_day(wanted[0]),
        "last": say_short_day(last),
        "top": f"最高 {say_number(top, unit)}" if any(day in values for day in wanted) else "",
    }
    return Block("days", HEIGHT, shown)


def said(value: Decimal | None, unit: str) -> str:
    return MISSING if value is None else say_number(value, unit)


def _high(value: Decimal | None, top: Decimal, room: float) -> float:
    if value is None or value <= 0 or top <= 0:
        return LEAST
    return max(round(float(value / top) * room, 1), LEAST)
