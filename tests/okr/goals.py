"""Goals as the tests of the rules build them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from okr.objectives import Cycle, KeyResult, Kind, Measure, Objective, Reading, State

Q4 = Cycle(1, "2026Q4", date(2026, 10, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 23)


def number(start: str | None, target: str | None, unit: str = "人", **more: Any) -> Measure:
    return Measure(
        Kind.NUMBER,
        unit,
        start=None if start is None else Decimal(start),
        target=None if target is None else Decimal(target),
        **more,
    )


def reading(value: str, day: date = date(2026, 11, 22)) -> Reading:
    return Reading(Decimal(value), datetime(day.year, day.month, day.day, 4, tzinfo=UTC), "李四")


def key_result(kr_id: int, measure: Measure, value: str | None = None, **more: Any) -> KeyResult:
    """A key result of O12, in force; reported on 22 November 2026 where a value is given."""
    more.setdefault("title", f"KR {kr_id}")
    more.setdefault("reading", None if value is None else reading(value))
    return KeyResult(kr_id, 12, measure=measure, **more)


def objective(*key_results: KeyResult, state: State = State.ACTIVE, **more: Any) -> Objective:
    more.setdefault("title", "提升门店季度业绩")
    return Objective(12, owner_id=4, cycle=Q4, state=state, key_results=key_results, **more)


def o12(visitors: str) -> Objective:
    """KR34 customers 1000 to 1100, KR35 losses 8% to 5% now 6.9%, KR36 the members' day, not done."""
    return objective(
        key_result(34, number("1000", "1100"), visitors),
        key_result(35, number("8", "5", "%"), "6.9", weight=Decimal(2)),
        key_result(36, Measure(Kind.BOOLEAN)),
    )
