"""How far a goal should be by the calendar (docs/rules/expected.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from okr.cycle import Span
from okr.objectives import KeyResult, Kind, Milestone

ZERO = Decimal(0)
ONE = Decimal(1)

Stage = tuple[date, Decimal]
"""By the end of that day, that share of the whole way (0-1) should be done."""


def expected(cycle: Span, today: date, *, due: date | None = None, stages: Sequence[Stage] = ()) -> Decimal:
    """The share that should be done on `today`: 0 on the first day, 1 on the last, never outside [0, 1].

    The line ends on `due` where the key result has a deadline of its own. Stage targets bend it: straight
    from one to the next. They should not fall; what lies on the last day or after it changes nothing.
    """
    end = due or cycle.end
    if today >= end:
        return ONE
    if today <= cycle.start:
        return ZERO
    if not stages:
        return Decimal((today - cycle.start).days) / (end - cycle.start).days
    before = sorted(stage for stage in stages if stage[0] < end)
    return _along((cycle.start, ZERO), [*before, (end, ONE)], today)


def expected_of(kr: KeyResult, cycle: Span, today: date) -> Decimal:
    """What is expected of this key result by the curve of its kind.

    A maintained value is always expected inside its band. What is done or not done (yes/no, a baseline, dated
    milestones) is expected after its day has passed, never in part. Everything else follows the line, bent by its
    stage targets; without any, what data of unequal days feed follows these days.
    """
    kind = kr.measure.kind
    if follows_days(kr, cycle):
        assert kr.curve is not None
        assert kr.measure.start is not None
        assert kr.measure.target is not None
        return kr.curve.expected(kr.measure.start, kr.measure.target, today)
    if kind is Kind.NUMBER or kind is Kind.ORDINAL:
        return expected(cycle, today, due=kr.due, stages=kr.stages)
    if kind is Kind.MAINTAIN:
        return ONE
    if kind is Kind.MILESTONE:
        return _milestones_due(kr, cycle, today)
    return ONE if today > (kr.due or cycle.end) else ZERO


def follows_days(kr: KeyResult, cycle: Span) -> bool:
    """Whether it is expected by the weights of its days. Stages that somebody set, and another end, come before them."""
    start, target = kr.measure.start, kr.measure.target
    if kr.curve is None or kr.stages or kr.measure.kind is not Kind.NUMBER:
        return False
    if start is None or target is None or start == target:
        return False
    return kr.curve.first == cycle.start and kr.curve.last == (kr.due or cycle.end)


def _milestones_due(kr: KeyResult, cycle: Span, today: date) -> Decimal:
    milestones = kr.measure.milestones
    total = sum((milestone.weight for milestone in milestones), ZERO)
    if not total or any(milestone.due is None for milestone in milestones):
        return expected(cycle, today, due=kr.due, stages=kr.stages)
    return sum((milestone.weight for milestone in milestones if _has_passed(milestone, today)), ZERO) / total


def _has_passed(milestone: Milestone, today: date) -> bool:
    return milestone.due is not None and milestone.due < today


def _along(begin: Stage, stages: Sequence[Stage], today: date) -> Decimal:
    day, share = begin
    for next_day, next_share in stages:
        if today < next_day:
            step = Decimal((today - day).days) / (next_day - day).days
            return min(ONE, max(ZERO, share + (next_share - share) * step))
        day, share = next_day, next_share
    return ONE
