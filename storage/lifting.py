"""What stores counted day by day, and what was done in them on which day: whether the one has moved the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okr.contrast import Part
from okr.metrics import Window
from okr.policy import MetricSpec
from storage.lots import MICROS
from storage.session import Session, day


@dataclass(frozen=True, slots=True)
class Done:
    """Something done for a key result, by somebody of a store."""

    id: int
    kr_id: int
    store: str
    words: str
    on: date


async def done(session: Session, window: Window) -> list[Done]:
    """What was ticked of the actions of these days, the earliest first."""
    rows = await session.all(
        "SELECT a.id, a.kr_id, e.store, a.words, a.day FROM day_actions a JOIN employees e ON e.id = a.owner_id"
        " WHERE a.state = 'done' AND a.kr_id IS NOT NULL AND e.store <> '' AND a.day >= ? AND a.day <= ?"
        " ORDER BY a.day, a.id",
        *window,
    )
    return [Done(row[0], row[1], row[2], row[3], day(row[4])) for row in rows]


async def days_of(
    session: Session, spec: MetricSpec, metrics: Mapping[str, MetricSpec], window: Window
) -> dict[str, dict[date, Part]]:
    """Every unit's figures by day; of a ratio the days that both sides have."""
    if spec.kind != "ratio":
        found = await _days(session, spec, window)
        return {unit: {on: Part(value) for on, value in some.items()} for unit, some in found.items()}
    upper, lower = [
        await _days(session, metrics[side], window) for side in (spec.numerator, spec.denominator)
    ]
    return {
        unit: {on: Part(some[on], lower[unit][on]) for on in some if on in lower[unit]}
        for unit, some in upper.items()
        if unit in lower
    }


async def _days(session: Session, spec: MetricSpec, window: Window) -> dict[str, dict[date, Decimal]]:
    column = "total" if spec.kind == "cumulative" else "last_value"
    rows = await session.all(
        f"SELECT s.unit, d.day, d.{column} FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
        " WHERE s.metric = ? AND s.employee_id = 0 AND d.day >= ? AND d.day <= ?",
        spec.key,
        *window,
    )
    found: dict[str, dict[date, Decimal]] = {}
    for row in rows:
        found.setdefault(row[0], {})[day(row[1])] = Decimal(row[2]) / MICROS
    return found
