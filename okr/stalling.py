"""Whether a number stands still, or goes slower and slower (docs/rules/reminders.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from okr.cycle import Span
from okr.expected import expected_of
from okr.objectives import KeyResult, Kind
from okr.progress import key_result_progress, progress

ONE = Decimal(1)
SAME_AGAIN = 2
"""So many reports running with no move are a standstill, too."""
STEPS = 3
"""So many steps, each smaller than the one before, are a slowing down."""

Point = tuple[date, Decimal]


def may_stall(kr: KeyResult, cycle: Span, today: date) -> bool:
    """Whether a move is to be expected of it: not of a yes or no, of what is done or within its band, and not of what
    is as far as its stages want it by now, since its next stage lies ahead.
    """
    if kr.measure.kind in (Kind.BOOLEAN, Kind.BASELINE) or kr.reading is None:
        return False
    done = key_result_progress(kr)
    if done.raw >= ONE:
        return False
    staged = bool(kr.stages) or any(step.due for step in kr.measure.milestones)
    return not (staged and done.clamped >= expected_of(kr, cycle, today))


def by_day(points: Sequence[Point]) -> list[Point]:
    """One value a day, the last that was said, in order."""
    return sorted(dict(points).items())


def unmoved_since(points: Sequence[Point]) -> date | None:
    """The day on which the newest value was reported first without a break; None where there is none."""
    since: date | None = None
    last = points[-1][1] if points else None
    for day, value in reversed(points):
        if value != last:
            break
        since = day
    return since


def same_again(points: Sequence[Point]) -> int:
    """How many reports running, each of another day, brought no move."""
    count = 0
    for (_, before), (_, after) in reversed(list(pairwise(points))):
        if before != after:
            break
        count += 1
    return count


def slowing(kr: KeyResult, points: Sequence[Point], days_left: int) -> tuple[Decimal, ...]:
    """The pace a day of the last three steps where each is slower than the one before and the last is too slow to
    arrive; else nothing. A step that goes back is none.
    """
    start, target = kr.measure.start, kr.measure.target
    if kr.measure.kind is not Kind.NUMBER or start is None or target is None or len(points) <= STEPS:
        return ()
    upwards = ONE if target > start else -ONE
    paces = [
        (after - before) / (day - earlier).days
        for (earlier, before), (day, after) in pairwise(points[-STEPS - 1 :])
    ]
    forward = [pace * upwards for pace in paces]
    if forward[-1] <= 0 or any(later >= sooner for sooner, later in pairwise(forward)):
        return ()
    reached = progress(kr.measure, points[-1][1] + paces[-1] * max(0, days_left))
    return tuple(paces) if reached is not None and reached.raw < ONE else ()
