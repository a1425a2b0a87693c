"""达成率 of a month: what a key result has gained in it, of what the month was to bring (docs/rules/metrics.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from okr.cycle import Span
from okr.expected import expected_of
from okr.objectives import Basis, KeyResult, Kind
from okr.progress import key_result_progress, progress

ZERO = Decimal(0)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """Days of a month that belong to a cycle."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Attained:
    """`share` of the month's part, None where it has none; `gained` and `wanted` in the unit, None where it has no ends."""

    share: Decimal | None
    gained: Decimal | None = None
    wanted: Decimal | None = None


def month_of(day: date, cycle: Span) -> Month:
    """The month that a day lies in, as far as the cycle has it; before the cycle its first, after it its last."""
    day = min(max(day, cycle.start), cycle.end)
    end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY
    return Month(max(day.replace(day=1), cycle.start), min(end, cycle.end))


def attained(kr: KeyResult, cycle: Span, month: Month, had: Decimal | None) -> Attained:
    """Of what a month was to bring, how much has come. `had`: the value as the month began, None where there was none."""
    measure = kr.measure
    if measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return Attained(key_result_progress(kr).clamped)
    way = measure.target - measure.start
    now = kr.value if kr.value is not None else measure.start
    if measure.basis is Basis.MONTH:
        done = progress(measure, kr.value)
        return Attained(done.raw if done else ZERO, now - measure.start, way)
    planned = expected_of(kr, cycle, month.last) - _by_the_eve(kr, cycle, month)
    gained, wanted = now - (had if had is not None else measure.start), planned * way
    return Attained(gained / wanted if wanted else None, gained, wanted)


def _by_the_eve(kr: KeyResult, cycle: Span, month: Month) -> Decimal:
    return expected_of(kr, cycle, month.first - DAY) if month.first > cycle.start else ZERO
