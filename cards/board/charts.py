"""Drawings of the board: plain numbers where things stand, for SVG that lies in the page and takes its colours."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from okr.numbers import say_number

WEEKDAYS = "一二三四五六日"
SHADES = 6
"""Steps of a heat map, the first for the least."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: where it stands and how high, of 100; `told` in words. A missing one has no height."""

    x: float
    height: float
    told: str
    missing: bool
    weekend: bool


@dataclass(frozen=True, slots=True)
class Days:
    """A figure day by day. `width`: of one bar, of 100. `rows`: the same as a table, newest first."""

    bars: tuple[Bar, ...]
    width: float
    first: str
    last: str
    top: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a heat map; `shade` 0 for missing."""

    shade: int
    told: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Weeks as rows, weekdays as columns: which days are the strong ones."""

    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Line:
    """How far a goal has come over its cycle: points of 100 by 100, and the line that it should follow."""

    done: str
    expected: str
    now: tuple[float, float]
    first: str
    last: str
    told: str


def days(values: Mapping[date, Decimal], unit: str, last: date, count: int) -> Days:
    """The last `count` days up to `last`."""
    wanted = [last - timedelta(days=n) for n in range(count - 1, -1, -1)]
    top = max((abs(values[day]) for day in wanted if day in values), default=Decimal(0))
    step = 100 / count
    return Days(
        bars=tuple(
            Bar(
                x=round(index * step, 2),
                height=round(float(max(values.get(day, Decimal(0)), Decimal(0)) / top * 100), 2)
                if top
                else 0,
                told=_told(day, values.get(day), unit),
                missing=day not in values,
                weekend=day.weekday() >= 5,
            )
            for index, day in enumerate(wanted)
        ),
        width=round(step * 0.72, 2),
        first=_say_day(wanted[0]),
        last=_say_day(last),
        top=say_number(top, unit) if top else "",
        rows=tuple((_say_day(day), _say(values.get(day), unit)) for day in reversed(wanted)),
    )


def heat(values: Mapping[date, Decimal], unit: str, last: date, weeks: int) -> Heat:
    """The last `weeks` weeks, Monday to Sunday; days to come are missing."""
    monday = last - timedelta(days=last.weekday())
    shown = {
        day: value for day, value in values.items() if monday - timedelta(weeks=weeks - 1) <= day <= last
    }
    order = sorted(shown.values())
    rows = []
    for back in range(weeks - 1, -1, -1):
        first = monday - timedelta(weeks=back)
        week = [first + timedelta(days=n) for n in range(7)]
        cells = tuple(Cell(_shade(shown.get(day), order), _told(day, shown.get(day), unit)) for day in week)
        rows.append((_say_day(first), cells))
    least, most = (order[0], order[-1]) if order else (Decimal(0), Decimal(0))
    return Heat(tuple(rows), say_number(least, unit), say_number(most, unit))


def line(
    points: Sequence[tuple[date, int]],
    expected: Sequence[tuple[date, int]],
    first: date,
    last: date,
    today: date,
) -> Line | None:
    """Percents by day, oldest first, over a cycle. None where nothing was reported."""
    if not points:
        return None
    length = max((last - first).days, 1)

    def at(day: date, done: int) -> tuple[float, float]:
        across = min(max((day - first).days, 0), length) / length * 100
        return round(across, 2), round(100 - min(max(done, 0), 100), 2)

    steps = [at(first, 0), *(at(day, done) for day, done in points)]
    if points[-1][0] < today:
        steps.append((at(min(today, last), 0)[0], steps[-1][1]))
    return Line(
        done=_joined(steps),
        expected=_joined([at(day, done) for day, done in expected]),
        now=steps[-1],
        first=_say_day(first),
        last=_say_day(last),
        told=f"从 {_say_day(first)} 到现在,走到 {points[-1][1]}%",
    )


def _joined(steps: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in steps)


def _shade(value: Decimal | None, order: Sequence[Decimal]) -> int:
    """By the place among all shown, so that one odd day does not make all others look alike."""
    if value is None:
        return 0
    return 1 + min(SHADES - 1, bisect_left(order, value) * SHADES // len(order))


def _say_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _say(value: Decimal | None, unit: str) -> str:
    return "缺" if value is None else say_number(value, unit)


def _told(day: date, value: Decimal | None, unit: str) -> str:
    return f"{_say_day(day)} 周{WEEKDAYS[day.weekday()]} {_say(value, unit)}"
