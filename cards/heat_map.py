"""A heat map of stores by days, or of one store's weeks by weekdays: as a picture, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cards.drawing.heat import Line, heat, mean_of
from cards.drawing.sheet import Block, pictured
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.moments import WEEKDAYS
from okr.numbers import TENTH, coarse, half_up, percent, say_number, say_percent
from okr.policy import MetricSpec

TEN_THOUSAND = Decimal(10_000)
MISSING = "缺"
WORD_ROWS = 6
COLOURS = "颜色:比各自的平均"
"""What the colours mean."""


@dataclass(frozen=True, slots=True)
class Days:
    """A row: its name and the value of each column's day; None is missing and not 0.

    `over`: so many of them are days that are over; of the others nothing is said. `begins`: the first day of a week
    that is over, so that its days can be called by their dates.
    """

    name: str
    values: Sequence[Decimal | None]
    over: int = 7
    begins: date | None = None

    def said(self, scale: Decimal) -> list[str]:
        return [_said(value, scale) if at < self.over else "" for at, value in enumerate(self.values)]

    def apart(self) -> list[str]:
        """By how many percent each day is off the mean of these days: +39, −8, 0."""
        mean = mean_of(self.values)
        return [_apart(value, mean) if at < self.over else "" for at, value in enumerate(self.values)]


def heat_card(
    spec: MetricSpec,
    title: str,
    days: str,
    columns: Sequence[date],
    rows: Sequence[Days],
    *,
    weeks: bool = False,
    more: int = 0,
    others: Sequence[str] = (),
) -> tuple[Card, tuple[File, ...]]:
    """`days`: which they are, in words. `columns`: the days, or (`weeks`) any seven of a week, whose weekdays are said.
    `more`: rows that are left out. `others`: what to ask for next.
    """
    scale, unit = _scale(spec, rows)
    heads = [_head(day, weeks=weeks) for day in columns]
    lines = [Line(row.name, row.values, row.said(scale)) for row in rows]
    named = [f"周{WEEKDAYS[day.weekday()]}" for day in columns]
    about = " · ".join(part for part in (days, unit, COLOURS) if part)
    shown = pictured(title, about, [heat(heads, lines)])
    card = render(
        "heat_map",
        picture=shown.ref,
        in_words="heat_map_in_words",
        title=title,
        days=days,
        metric=spec.name,
        unit=unit,
        best=_farthest(rows, named, highest=True),
        worst=_farthest(rows, named, highest=False),
        columns=heads,
        rows=[
            {"name": line.name, "said": [said for said in line.said if said]} for line in lines[:WORD_ROWS]
        ],
        more=more + max(0, len(rows) - WORD_ROWS),
        others=others,
        missing=sum(said == MISSING for line in lines for said in line.said),
    )
    return card, (shown,)


def heat_block(
    spec: MetricSpec,
    columns: Sequence[date],
    rows: Sequence[Days],
    *,
    weeks: bool = False,
    shares: bool = False,
) -> tuple[Block, str]:
    """The map alone, and the unit of its numbers. `shares`: how far each is from its row's mean, in percent."""
    scale, unit = _scale(spec, rows)
    heads = [_head(day, weeks=weeks) for day in columns]
    said = [row.apart() if shares else row.said(scale) for row in rows]
    lines = [Line(row.name, row.values, cells) for row, cells in zip(rows, said, strict=True)]
    return heat(heads, lines), "%,比各自的平均" if shares else unit


def heat_told(columns: Sequence[date], rows: Sequence[Days]) -> str:
    """What stands out, in words."""
    named = [f"周{WEEKDAYS[day.weekday()]}" for day in columns]
    best, worst = (_farthest(rows, named, highest=highest) for highest in (True, False))
    said = [*([f"最旺的是{best}"] if best else []), *([f"最淡的是{worst}"] if worst else [])]
    return ",".join(said)


def _scale(spec: MetricSpec, rows: Sequence[Days]) -> tuple[Decimal, str]:
    """What all numbers are divided by, so that they are short, and the unit they are said in then."""
    largest = max(
        (abs(value) for row in rows for value in row.values if value is not None), default=Decimal(0)
    )
    scale = TEN_THOUSAND if largest >= TEN_THOUSAND else Decimal(1)
    return scale, f"{'万' if scale > 1 else ''}{spec.shown_unit}"


def _head(day: date, *, weeks: bool) -> str:
    weekday = WEEKDAYS[day.weekday()]
    return f"周{weekday}" if weeks else f"{weekday} {day.day}"


def _said(value: Decimal | None, scale: Decimal) -> str:
    if value is None:
        return MISSING
    if scale > 1:
        return f"{half_up(value / scale, TENTH)}"
    if abs(value) >= 1000:
        return f"{half_up(value)}"  # a cell has no room for the comma
    return say_number(coarse(value, 100, TENTH))


def _apart(value: Decimal | None, mean: Decimal) -> str:
    if value is None or mean <= 0:
        return MISSING
    points = percent(value / mean - 1)
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points)}"


def _called(row: Days, at: int) -> str:
    """What stands before the weekday: a place, this week, or the date."""
    if row.begins is None:
        return row.name.removesuffix("周")
    day = row.begins + timedelta(days=at)
    return f"{day.month}月{day.day}日"


def _farthest(rows: Sequence[Days], named: Sequence[str], *, highest: bool) -> str:
    """The cell that is farthest above (or below) its own row's mean: 西湖店周三(+31%), 11月7日周六(+39%). Empty where none is."""
    found: list[tuple[Decimal, str]] = []
    for row in rows:
        mean = mean_of(row.values)
        found += [
            (value / mean - 1, f"{_called(row, at)}{day}")
            for at, (value, day) in enumerate(zip(row.values, named, strict=True))
            if value is not None and mean > 0
        ]
    apart, where = (max if highest else min)(found, default=(Decimal(0), ""))
    if not where or (apart <= 0) is highest:
        return ""
    return f"{where}({'+' if highest else '-'}{say_percent(abs(apart))})"
