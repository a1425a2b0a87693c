"""A goal in stages (阶段性成果): how far at the end of each month (docs/rules/stages.md)."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from okr.apportion import step_of
from okr.cycle import Span
from okr.expected import Stage, expected, follows_days
from okr.objectives import KeyResult, Kind, Measure
from okr.refusals import OutOfRange, StageOutside, StagesFall

ZERO = Decimal(0)
ONE = Decimal(1)
_STAGED = frozenset({Kind.NUMBER, Kind.ORDINAL, Kind.MILESTONE})


@dataclass(frozen=True, slots=True)
class StageTarget:
    """By the end of `day`, `share` of the whole way; `value` where it is a number with both ends.

    `said`: somebody has set it; else it lies on the line between those that were.
    """

    day: date
    share: Decimal
    value: Decimal | None
    said: bool


def stage_targets(kr: KeyResult, cycle: Span) -> tuple[StageTarget, ...]:
    """The stages of a key result, the last of which is its target: the ends of the months and what was set.

    None for what is not done in part: yes or no, kept within a band.
    """
    if kr.measure.kind not in _STAGED:
        return ()
    end = kr.due or cycle.end
    said = {day for day, _ in kr.stages if cycle.start < day < end}
    days = sorted({*_month_ends(cycle.start, end), *said, end})
    return tuple(_target(kr, cycle, day, said=day in said) for day in days)


def current_stage(stages: Sequence[StageTarget], today: date) -> StageTarget | None:
    """The stage that is being worked on: the first that has not passed, after the end the last."""
    return next((stage for stage in stages if stage.day >= today), stages[-1] if stages else None)


def with_stage(kr: KeyResult, cycle: Span, day: date, share: Decimal) -> tuple[Stage, ...]:
    """The stages that were set, with another; one of the same day is replaced.

    Raises OutOfRange for a share outside [0, 1], StageOutside for a day on or before the first or on or after the
    last, StagesFall where a later stage would expect less than an earlier one.
    """
    end = kr.due or cycle.end
    if not ZERO <= share <= ONE:
        raise OutOfRange(share * 100, ZERO, Decimal(100), "阶段进度")
    if not cycle.start < day < end:
        raise StageOutside(kr.ref, day, cycle.start, end)
    stages = sorted({**dict(kr.stages), day: share}.items())
    shares = [each for _, each in stages]
    if shares != sorted(shares):
        raise StagesFall(kr.ref, day)
    return tuple(stages)


def without_stage(kr: KeyResult, day: date) -> tuple[Stage, ...]:
    """The stages that were set, but for that of a day."""
    return tuple(stage for stage in kr.stages if stage[0] != day)


def stages_text(stages: Sequence[Stage]) -> str:
    """Stages as they are kept; empty for the straight line."""
    return json.dumps([[day.isoformat(), str(share)] for day, share in stages]) if stages else ""


def stages_of(text: str) -> tuple[Stage, ...]:
    """Stages from what is kept."""
    kept = json.loads(text) if text else []
    return tuple((date.fromisoformat(day), Decimal(share)) for day, share in kept)


def share_of(measure: Measure, value: Decimal) -> Decimal | None:
    """The share of the way that a value of a stage means; None where there is no way."""
    if measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return None
    span = measure.target - measure.start
    return (value - measure.start) / span if span else None


def _target(kr: KeyResult, cycle: Span, day: date, *, said: bool) -> StageTarget:
    share = _share(kr, cycle, day)
    return StageTarget(day, share, _value(kr.measure, share), said)


def _share(kr: KeyResult, cycle: Span, day: date) -> Decimal:
    """What should be done when the day is over; by the line on it, and by the weights of its days all of them."""
    if kr.curve is not None and not kr.curve.monthly and follows_days(kr, cycle):
        assert kr.measure.start is not None
        assert kr.measure.target is not None
        return kr.curve.expected(kr.measure.start, kr.measure.target, day + timedelta(days=1))
    return expected(cycle, day, due=kr.due, stages=kr.stages)


def _value(measure: Measure, share: Decimal) -> Decimal | None:
    if measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return None
    step = step_of(measure)
    way = (measure.target - measure.start) * share
    return measure.start + (way / step).quantize(ONE, rounding=ROUND_HALF_UP) * step


def _month_ends(start: date, end: date) -> Iterator[date]:
    """The last days of the months that end between the two, neither of them included."""
    day = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    while day < end:
        if day > start:
            yield day
        following = day + timedelta(days=1)
        day = following.replace(day=calendar.monthrange(following.year, following.month)[1])
