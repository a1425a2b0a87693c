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


def is_spread(kr: KeyResult, spec: MetricSpec | None) -> bool:
    """Whether its target is one that days add up to: a sum of a month or of the quarter that data feed."""
    measure = kr.measure
    return (
        spec is not None
        and spec.kind == "cumulative"
        and measure.kind is Kind.NUMBER
        and measure.basis in (Basis.MONTH, Basis.QUARTER)
        and measure.start is not None
        and measure.target is not None
        and measure.target > max(ZERO, measure.start)
    )


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


def day_target(kr: KeyResult, curve: Curve, done: Decimal, day: date) -> DayTarget:
    """What a day has to bring where so much was done before it, since the quarter or the month began."""
    assert kr.measure.target is not None
    _, last = curve.span(day)
    left = max(ZERO, kr.measure.target - done)
    days = [day + DAY * n for n in range((last - day).days + 1)]
    amounts = spread(left, curve, day, last, step_of(kr.measure))
    open_ = sum(curve.weight(one) > 0 for one in days)
    return DayTarget(day, amounts[day], left, open_, last, closed=not curve.weight(day))


def week_of_targets(kr: KeyResult, curve: Curve, done: Decimal, day: date) -> dict[date, Decimal]:
    """What the days to come have to bring, as it stands this morning: at most seven."""
    assert kr.measure.target is not None
    _, last = curve.span(day)
    amounts = spread(max(ZERO, kr.measure.target - done), curve, day, last, step_of(kr.measure))
    return dict(list(amounts.items())[:7])
