"""What a target asks of each day, and what is left for the days to come (docs/rules/day-targets.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from okr.apportion import allocate, step_of
from okr.curve import Curve
from okr.objectives import Basis, KeyResult, Kind
from okr.policy import MetricSpec

ZERO = Decimal(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayTarget:
    """What a day has to bring, in the key result's unit. `left`: what was missing that morning, never negative.

    `days`: the days from that one on to `last`, those that are closed left out.
    """

    day: date
    amount: Decimal
    left: Decimal
    days: int
    last: date
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Mean:
    """What a mean is over: so many days (or weeks) are counted, so many are still to come, the last of them ends on `last`."""

    counted: int
    to_come: int
    last: date


OUT_OF_REACH = Decimal(2)
"""Times what a day usually brings: no day brings more by trying harder."""


def is_out_of_reach(amount: Decimal, usual: Decimal | None) -> bool:
    """Whether a day is asked for far more than it usually brings; unknown where nothing is usual yet."""
    return usual is not None and usual > 0 and amount > OUT_OF_REACH * usual


def is_spread(kr: KeyResult, spec: MetricSpec | None) -> bool:
    """Whether its target is one that days add up to: a sum of a month or of the quarter that data feed."""
    return _is_fed_by_days(kr, spec) and kr.measure.basis in (Basis.MONTH, Basis.QUARTER)


def is_mean(kr: KeyResult, spec: MetricSpec | None) -> bool:
    """Whether its target is the mean of the days or weeks of something that adds up and that data feed."""
    return _is_fed_by_days(kr, spec) and kr.measure.basis in (Basis.DAILY, Basis.WEEKLY)


def _is_fed_by_days(kr: KeyResult, spec: MetricSpec | None) -> bool:
    """Whether it grows by what the days bring."""
    measure = kr.measure
    return (
        spec is not None
        and spec.kind == "cumulative"
        and measure.kind is Kind.NUMBER
        and measure.start is not None
        and measure.target is not None
        and measure.target > max(ZERO, measure.start)
    )


def days_to_come(curve: Curve, day: date, last: date) -> int:
    """How many days from one to another are open."""
    return sum(curve.weight(day + DAY * n) > 0 for n in range((last - day).days + 1))


def weeks_that_count(first: date, last: date) -> tuple[date, date] | None:
    """The Monday and the Sunday between which all weeks of a time are whole; None where there is no whole week."""
    monday = first + DAY * (-first.weekday() % 7)
    sunday = last - DAY * ((last.weekday() + 1) % 7)
    return (monday, sunday) if monday < sunday else None


def spread(target: Decimal, curve: Curve, first: date, last: date, step: Decimal) -> dict[date, Decimal]:
    """`target` over the days from first to last by their weights, in whole steps, adding up to exactly it."""
    days = [first + DAY * n for n in range((last - first).days + 1)]
    weights = [Decimal(curve.weight(day)) for day in days]
    whole = sum(weights, ZERO)
    if not whole:
        return dict.fromkeys(days, ZERO)
    shares = [weight / whole for weight in weights]
    finest = step if not target % step else Decimal(1).scaleb(-6)
    return dict(zip(days, allocate(target, shares, finest), strict=True))


def day_target(kr: KeyResult, curve: Curve, done: Decimal, day: date, mean: Mean | None = None) -> DayTarget:
    """What a day has to bring where so much was done before it: since the quarter or the month began, or in the days of
    which a mean is made.
    """
    left, last = _left(kr, curve, done, day, mean)
    days = [day + DAY * n for n in range((last - day).days + 1)]
    amounts = spread(left, curve, day, last, step_of(kr.measure))
    open_ = sum(curve.weight(one) > 0 for one in days)
    return DayTarget(day, amounts[day], left, open_, last, closed=not curve.weight(day))


def week_of_targets(
    kr: KeyResult, curve: Curve, done: Decimal, day: date, mean: Mean | None = None
) -> dict[date, Decimal]:
    """What the days to come have to bring, as it stands this morning: at most seven."""
    left, last = _left(kr, curve, done, day, mean)
    amounts = spread(left, curve, day, last, step_of(kr.measure))
    return dict(list(amounts.items())[:7])


def _left(kr: KeyResult, curve: Curve, done: Decimal, day: date, mean: Mean | None) -> tuple[Decimal, date]:
    """What is missing, and until when. A mean reaches its target where all its days together come to as many times it."""
    assert kr.measure.target is not None
    if mean is None:
        return max(ZERO, kr.measure.target - done), curve.span(day)[1]
    return max(ZERO, kr.measure.target * (mean.counted + mean.to_come) - done), mean.last
