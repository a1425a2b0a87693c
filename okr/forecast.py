"""Where a key result is heading, and what it would take to arrive (docs/rules/forecast.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from okr.cycle import Span
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
    of the way: negative is going down.
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
    else the mean pace since the start, is continued from the last value.
    """
    start, target = kr.measure.start, kr.measure.target
    if kr.measure.kind is not Kind.NUMBER or start is None or target is None or start == target:
        return None
    known = sorted({day: value for day, value in points if cycle.start <= day <= today}.items())
    pace = _pace(known, cycle.start, start, today)
    if pace is None:
        return None
    method, recent = pace
    end = kr.due or cycle.end
    last_day, current = known[-1]
    value = _bounded(kr, current, current + recent * max(0, (end - last_day).days))
    upwards = ONE if target > start else -ONE
    way = max(ZERO, (target - current) * upwards)
    required = _required(way, (end - today).days)
    ratio = required / (recent * upwards) if required is not None and recent * upwards > ZERO else None
    late = bool(required) if ratio is None else ratio > gap_from
    reached = progress(kr.measure, value)
    return Forecast(
        method=method,
        value=value,
        attainment=reached.raw if reached else ZERO,
        reaches_on=_arrival(last_day, way, recent * upwards),
        recent=recent,
        required=None if required is None else required * upwards,
        required_per_working_day=way / working_days_left * upwards if working_days_left else None,
        ratio=ratio,
        short=max(ZERO, (target - value) * upwards),
        resource_gap=late,
    )


def _pace(
    known: Sequence[Point], first_day: date, start: Decimal, today: date
) -> tuple[Method, Decimal] | None:
    """The change a day: by least squares over the window, else on the average since the start."""
    recent = [(day, value) for day, value in known if (today - day).days <= WINDOW_DAYS]
    if len(recent) >= FEWEST_POINTS and (recent[-1][0] - recent[0][0]).days >= SHORTEST_DAYS:
        return Method.TREND, _slope(recent)
    if not known or known[-1][0] <= first_day:
        return None
    last_day, value = known[-1]
    return Method.RUN_RATE, (value - start) / (last_day - first_day).days


def _slope(points: Sequence[Point]) -> Decimal:
    begin = points[0][0]
    days = [Decimal((day - begin).days) for day, _ in points]
    values = [value for _, value in points]
    mean_day, mean = sum(days, ZERO) / len(days), sum(values, ZERO) / len(values)
    spread = sum(((day - mean_day) ** 2 for day in days), ZERO)
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


def _arrival(last_day: date, way: Decimal, pace: Decimal) -> date | None:
    if not way:
        return last_day
    if pace <= ZERO:
        return None
    days = (way / pace).to_integral_value(rounding=ROUND_CEILING)
    return last_day + timedelta(days=int(days)) if days <= FARTHEST_DAYS else None
