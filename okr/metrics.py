"""What a figure comes to: added up, averaged, the last one, or one over another (docs/rules/metrics.md).

Everything is computed from the days of a series (`storage.metrics` keeps them in step with the points), so that late
and corrected points need no rule of their own. A day without points is missing and not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from okr.cycle import Span
from okr.objectives import Basis
from okr.policy import MetricSpec

ZERO = Decimal(0)
MILLIONTH = Decimal("0.000001")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_SCALES = (("百万", 10**6), ("万", 10**4), ("千", 10**3), ("亿", 10**8))


@dataclass(frozen=True, slots=True)
class DayFigure:
    """One day of a series: the sum of its points, and the last of them. Of readings both are the last."""

    day: date
    total: Decimal
    last: Decimal


class Window(NamedTuple):
    """Days that count; both belong to it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Tally:
    """What a series comes to within a window. `days`, `weeks`: those that have points at all."""

    total: Decimal = ZERO
    days: int = 0
    weeks: int = 0
    last: Decimal | None = None
    week_means: Decimal = ZERO
    """The means of the weeks' days, added up."""


NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and how it came about: `total` divided by `over`, where anything was divided. None is shown as —."""

    value: Decimal | None
    window: Window
    total: Decimal | None = None
    over: Decimal | None = None


def tally(days: Iterable[DayFigure]) -> Tally:
    """The days of one series within a window, in whatever order."""
    known = sorted(days, key=lambda one: one.day)
    if not known:
        return NOTHING
    weeks: dict[date, list[Decimal]] = {}
    for one in known:
        weeks.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one.total)
    means = sum((sum(days, ZERO) / len(days) for days in weeks.values()), ZERO)
    return Tally(sum((one.total for one in known), ZERO), len(known), len(weeks), known[-1].last, means)


def windows(kind: str, basis: Basis, cycle: Span, today: date) -> tuple[Window, ...]:
    """The windows a figure may be computed over; the first of them that has any points counts. None before the cycle.

    本月累计 is the month that today lies in, 本季累计 what the cycle has seen so far. A day that is not over yet is
    no day for 日均 and 周均 of what adds up, unless there is no other.
    """
    last = min(today, cycle.end)
    if last < cycle.start:
        return ()
    whole = Window(cycle.start, last)
    if basis is Basis.MONTH:
        return (Window(max(cycle.start, last.replace(day=1)), last),)
    if kind != "cumulative" or basis not in (Basis.DAILY, Basis.WEEKLY):
        return (whole,)
    over = Window(cycle.start, last if today > cycle.end else last - DAY)
    found = [over, whole]
    if basis is Basis.WEEKLY:
        monday = cycle.start + timedelta(days=-cycle.start.weekday() % 7)
        sunday = over.last - timedelta(days=(over.last.weekday() + 1) % 7)
        found.insert(0, Window(monday, sunday))
    return tuple(window for window in found if window.first <= window.last)


def reckon(kind: str, basis: Basis, found: Tally, window: Window) -> Figure:
    """The figure of what adds up or is read off. `kind`: cumulative or snapshot; nothing known is None."""
    if not found.days:
        return Figure(None, window)
    if basis is Basis.DAILY:
        return _divided(found.total, Decimal(found.days), window)
    if basis is Basis.WEEKLY:
        whole = found.total if kind == "cumulative" else found.week_means
        return _divided(whole, Decimal(found.weeks), window)
    if kind == "cumulative" and basis in (Basis.MONTH, Basis.QUARTER):
        return Figure(found.total, window, found.total)
    return Figure(found.last, window)


def ratio(spec: MetricSpec, upper: Decimal | None, lower: Decimal | None, window: Window) -> Figure:
    """One figure over another, each summed over the window first: a quiet day does not weigh as much as a busy one.

    In percent as people say it, unless the metric has another unit (客单价 in 元). Over nothing there is no value.
    """
    if upper is None and lower is None:
        return Figure(None, window)
    over = lower or ZERO
    if not over:
        return Figure(None, window, upper or ZERO, over)
    scale = 100 if spec.is_percent else 1
    return Figure(_rounded((upper or ZERO) * scale / over), window, upper or ZERO, over)


def of_window(kind: str, found: Tally) -> Decimal | None:
    """What a side of a ratio brings: the sum of what adds up, the last reading of what is read off."""
    if not found.days:
        return None
    return found.total if kind == "cumulative" else found.last


def together(series: Sequence[Sequence[DayFigure]], *, added: bool) -> list[DayFigure]:
    """Readings of several places as those of the whole: each place stands at its last reading until the next one.

    Added up, or else the mean of the places that have been read.
    """
    days = sorted({one.day for days in series for one in days})
    by_day = [{one.day: one.last for one in days} for days in series]
    standing: dict[int, Decimal] = {}
    found = []
    for day in days:
        standing |= {place: known[day] for place, known in enumerate(by_day) if day in known}
        total = sum(standing.values(), ZERO)
        value = total if added else _rounded(total / len(standing))
        found.append(DayFigure(day, value, value))
    return found


def rescaled(value: Decimal, metric_unit: str, goal_unit: str) -> Decimal:
    """A figure in 元 for a goal in 万元."""
    size = scale_of(metric_unit, goal_unit)
    return value if size == 1 else _rounded(value / size)


def scale_of(metric_unit: str, goal_unit: str) -> int:
    """How many of the figure's unit one of the goal's is: 10,000 for 元 and 万元."""
    if metric_unit and goal_unit.endswith(metric_unit):
        for word, size in _SCALES:
            if goal_unit == word + metric_unit:
                return size
    return 1


def _divided(total: Decimal, over: Decimal, window: Window) -> Figure:
    return Figure(_rounded(total / over), window, total, over)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(MILLIONTH, rounding=ROUND_HALF_UP)
