"""When a number is worth a cheer: a step of the way reached for the first time, a best day (docs/rules/reminders.md)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from okr.objectives import Basis, KeyResult, Kind
from okr.progress import progress

FEWEST_DAYS = 5
"""Before so many values a best one says nothing."""
_CHEERED = frozenset({Kind.NUMBER, Kind.MILESTONE, Kind.ORDINAL, Kind.BOOLEAN})


def step_reached(
    kr: KeyResult, before: Sequence[Decimal], lately: Sequence[Decimal], steps: Sequence[int]
) -> int:
    """The highest step, in percent, that was reached lately for the first time and still is; 0 where there is none.

    Both lists are of one history, oldest first. What was reached, lost and reached again is no news, nor is a step
    below one that was reached.
    """
    if kr.measure.kind not in _CHEERED or not lately:
        return 0
    old = max((_percent(kr, value) for value in before), default=Decimal(0))
    best = max(old, *(_percent(kr, value) for value in lately))
    highest = max((step for step in steps if step <= best), default=0)
    return highest if old < highest <= _percent(kr, lately[-1]) else 0


def is_record(kr: KeyResult, values: Sequence[Decimal]) -> bool:
    """Whether the newest value of a daily number is the best of all."""
    start, target = kr.measure.start, kr.measure.target
    if kr.measure.basis is not Basis.DAILY or len(values) < FEWEST_DAYS or start is None or target is None:
        return False
    best = max(values[:-1]) if target > start else min(values[:-1])
    return values[-1] > best if target > start else values[-1] < best


def _percent(kr: KeyResult, value: Decimal) -> Decimal:
    """Of steps the share that is done is the value itself."""
    if kr.measure.kind is Kind.MILESTONE:
        return value * 100
    reached = None if kr.measure.start == kr.measure.target is not None else progress(kr.measure, value)
    return reached.clamped * 100 if reached else Decimal(0)
