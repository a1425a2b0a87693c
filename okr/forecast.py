"""Where a key result is heading, and what it would take to arrive (docs/rules/forecast.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from okr.curve import Curve
from okr.cycle import Span
from okr.expected import follows_days
from okr.objectives import KeyResult, Kind
from okr.progress import progress

ZERO = Decimal(0)
ONE = Decimal(1)
WINDOW_DAYS = 28
FEWEST_POINTS = 4
SHORTEST_DAYS = 10
RESOURCE_GAP = Decimal("1.3")
FARTHEST_DAYS = 3650
"""Who would need ten years does not arrive."""

Point = tuple[date, Decimal]


class Method(StrEnum):
    TREND = "近四周的走势"
    RUN_RATE = "从开始到现在的平均"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Amounts are in the key result's unit and a day is a calendar day; `recent` and `required` carry the sign
    of the way: negative is going down. Where days are not alike, `recent` is what the recent pace makes of the days left.
    """

    method: Method
    value: Decimal
    """What it will be on the last day."""
    attainment: Decimal
    """The progress which that would be, raw: above 1 where it passes the target."""
    reaches_on: date | None
    """When it gets to its target, which may be after the last day; None where it does not move towards it."""
    recent: Decimal
    """How much it has moved a day of late."""
    required: Decimal | None
    """How much it has to move a day from now on, 0 where it has arrived; None after the last day."""
    required_per_working_day: Decimal | None
    ratio: Decimal | None
    """Required by recent; None where that says nothing: no days left, or no move towards the target."""
    short: Decimal
    """How much will be missing on the last day, never negative."""
    resource_gap: bool
    """It has to become that much faster that more hands, days or money are needed."""


def forecast(
    kr: KeyResult,
    points: Iterable[Point],
    cycle: Span,
    today: date,
    *,
    working_days_left: int | None = None,
    gap_from: Decimal = RESOURCE_GAP,
) -> Forecast | None:
    """Where a number is heading; None is 数据不足, or what is not measured by a number from start to target.

    `points`: the values of its history in the order of their days; of several on a day the last holds, what lies
    outside the cycle or after today is not looked at. The trend of the last four weeks, where there is enough of it,
    else the mean pace since the start, is continued from the last value. What follows the weights of its days is
    counted in usual days; of a month's sum it is the end of the month.
    """
    start, target = kr.measure.start, kr.measure.target
    if kr.measure.kind is not Kind.NUMBER or start is None or target is None or start == target:
        return None
    road = _road(kr, cycle, start, today)
    known = sorted({day: value for day, value in points if road.first <= day <= today}.items())
    finished = road.finished(known, today)
    pace = _pace(finished, road, today)
    if pace is None:
        return None
    method, recent = pace
    last_day, current = known[-1]
    value = _bounded(kr, current, finished[-1][1] + recent * road.way(finished[-1][0], road.end))
    upwards = ONE if target > start else -ONE
    way = max(ZERO, (target - current) * upwards)
    left = (road.end - today).days
    if left > 0:
        recent = recent * road.way(today, road.end) / left
    required = _required(way, left)
    ratio = required / (recent * upwards) if required is not None and recent * upwards > ZERO else None
    late = bool(required) if ratio is None else ratio > gap_from
    reached = progress(kr.measure, value)
    return Forecast(
        method=method,
        value=value,
        attainment=reached.raw if reached else ZERO,
        reaches_on=_arrival(road, last_day, way, pace[1] * upwards),
        recent=recent,
        required=None if required is None else required * upwards,
        required_per_working_day=way / working_days_left * upwards if working_days_left else None,
        ratio=ratio,
        short=max(ZERO, (target - value) * upwards),
        resource_gap=late,
    )


@dataclass(frozen=True, slots=True)
class _Road:
    """The days from the first to the end. With a curve they are not alike: what is counted are usual days.

    `begins`: the value before anything was done.
    """

    first: date
    end: date
    begins: Decimal
    curve: Curve | None = None

    def at(self, day: date) -> Decimal:
        return Decimal((day - self.first).days) if self.curve is None else self.curve.axis(day)

    def way(self, since: date, until: date) -> Decimal:
        return max(ZERO, self.at(until) - self.at(since))

    def finished(self, known: Sequence[Point], today: date) -> Sequence[Point]:
        """A sum of today is compared with no whole day, unless there is no other."""
        if self.curve is None or len(known) < 2 or known[-1][0] < today:
            return known
        return known[:-1]


def _road(kr: KeyResult, cycle: Span, start: Decimal, today: date) -> _Road:
    curve = kr.curve
    if curve is None or not follows_days(kr, cycle):
        return _Road(cycle.start, kr.due or cycle.end, start)
    first, last = curve.span(today)
    return _Road(first, last, ZERO, curve.part(first, last) if curve.monthly else curve)


def _pace(known: Sequence[Point], road: _Road, today: date) -> tuple[Method, Decimal] | None:
    """The change a day: by least squares over the window, else on the average since the start."""
    recent = [(day, value) for day, value in known if (today - day).days <= WINDOW_DAYS]
    if len(recent) >= FEWEST_POINTS and (recent[-1][0] - recent[0][0]).days >= SHORTEST_DAYS:
        return Method.TREND, _slope([(road.at(day), value) for day, value in recent])
    if not known or known[-1][0] <= road.first:
        return None
    last_day, value = known[-1]
    passed = road.at(last_day)
    return (Method.RUN_RATE, (value - road.begins) / passed) if passed else None


def _slope(points: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    days = [place for place, _ in points]
    values = [value for _, value in points]
    mean_day, mean = sum(days, ZERO) / len(days), sum(values, ZERO) / len(values)
    spread = sum(((day - mean_day) ** 2 for day in days), ZERO)
    if not spread:
        return ZERO
    return (
        sum(((day - mean_day) * (value - mean) for day, value in zip(days, values, strict=True)), ZERO)
        / spread
    )


def _bounded(kr: KeyResult, current: Decimal, value: Decimal) -> Decimal:
    """A sum does not become smaller, and what is counted from 0 does not fall below it."""
    if kr.measure.cumulative:
        value = max(value, current)
    if value < ZERO and min(current, kr.measure.start or ZERO, kr.measure.target or ZERO) >= ZERO:
        return ZERO
    return value


def _required(way: Decimal, days_left: int) -> Decimal | None:
    if not way:
        return ZERO
    return way / days_left if days_left > 0 else None


def _arrival(road: _Road, last_day: date, way: Decimal, pace: Decimal) -> date | None:
    if not way:
        return last_day
    if pace <= ZERO:
        return None
    days = way / pace
    if days > FARTHEST_DAYS:
        return None
    if road.curve is not None:
        return road.curve.arrival(road.at(last_day) + days)
    return last_day + timedelta(days=int(days.to_integral_value(rounding=ROUND_CEILING)))
