"""A small trend: four weeks of a value, its target, and where it is heading. Measures are CSS pixels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from okr.forecast import WINDOW_DAYS, Forecast, Point
from okr.numbers import say_number

WIDTH, HEIGHT = 390.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 14.0, 86.0, 48.0, 26.0
"""Beside the plot: on the right stand the numbers, above it the title, below it the days."""
AHEAD_DAYS = 14
"""So far the way it is heading is drawn on."""


def plot(
    points: Sequence[Point], target: Decimal, ahead: Forecast | None, today: date, unit: str
) -> dict[str, Any]:
    """Where everything stands, for `charts/trend.svg.j2`. At least two points, in the order of their days."""
    first, last = today - timedelta(days=WINDOW_DAYS), today + timedelta(days=AHEAD_DAYS)
    heading = points[-1][1] + ahead.recent * (last - points[-1][0]).days if ahead else None
    values = [value for _, value in points] + [target] + ([heading] if heading is not None else [])
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)

    def x(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * max(0, (day - first).days) / (last - first).days

    def y(value: Decimal) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * float((high - value) / span)

    at = [(round(x(day), 1), round(y(value), 1)) for day, value in points]
    end = (round(x(last), 1), round(y(heading), 1)) if heading is not None else None
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "points": at,
        "target_y": round(y(target), 1),
        "target": f"目标 {say_number(target, unit)}",
        "end": end,
        "now": say_number(points[-1][1], unit),
        "now_y": _apart(at[-1][1], round(y(target), 1)),
        "since": f"{first.month}月{first.day}日",
        "today_x": round(x(today), 1),
    }


def _apart(wanted: float, taken: float) -> float:
    """A place for a line of letters that does not lie on another one."""
    if abs(wanted - taken) >= 14:
        return wanted
    return taken + 14 if wanted >= taken else taken - 14
