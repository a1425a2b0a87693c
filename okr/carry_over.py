"""What goes on in the next cycle: where a key result begins there and what it aims at (docs/rules/carry-over.md)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from okr.objectives import KeyResult, Kind, Measure

ZERO = Decimal(0)
ONE = Decimal(1)


def carried(kr: KeyResult) -> Measure | None:
    """The measure of the same key result in the next cycle; None where nothing is left to do.

    A number begins where it stands and aims at the old target; where that was reached, as far again. A sum over the
    cycle begins anew. Of a list the steps that are not done go on.
    """
    measure, value = kr.measure, kr.value
    match measure.kind:
        case Kind.NUMBER:
            return _number(measure, value)
        case Kind.MILESTONE:
            left = tuple(step for step in measure.milestones if not step.done)
            return (
                replace(measure, milestones=tuple(replace(step, due=None) for step in left)) if left else None
            )
        case Kind.BOOLEAN | Kind.BASELINE:
            return None if value is not None and value >= ONE else measure
        case Kind.MAINTAIN | Kind.ORDINAL:
            return measure


def _number(measure: Measure, value: Decimal | None) -> Measure:
    start, target = measure.start, measure.target
    if measure.cumulative or value is None or start is None or target is None or start == target:
        return measure
    way = target - start
    reached = (value - start) / way >= ONE
    return replace(measure, start=value, target=value + way if reached else target)
