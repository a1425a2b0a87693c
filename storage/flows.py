"""Sums of metrics over days, of many people or units at once: what funnels and weekly figures are made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from okr.metrics import Window
from storage.lots import MICROS
from storage.session import Session

CHUNK = 400

Sums = dict[tuple[str, int], Decimal]
"""By metric and employee; who has no points within the days is not in it."""


async def of_people(
    session: Session, metrics: Collection[str], people: Sequence[int], window: Window
) -> Sums:
    """Each person's own figures."""
    found: Sums = {}
    keys = sorted(metrics)
    for begin in range(0, len(people), CHUNK):
        some = people[begin : begin + CHUNK]
        rows = await session.all(
            "SELECT s.metric, s.employee_id, sum(d.total) FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
            f" WHERE s.metric IN ({_marks(keys)}) AND s.employee_id IN ({_marks(some)}) AND s.unit = ''"
            " AND d.day >= ? AND d.day <= ? GROUP BY s.metric, s.employee_id",
            *keys,
            *some,
            *window,
        )
        found |= {(row[0], row[1]): Decimal(row[2]) / MICROS for row in rows}
    return found


async def of_units(
    session: Session, metrics: Collection[str], units: Sequence[str], window: Window
) -> dict[tuple[str, str], Decimal]:
    """Each unit's figures, by metric and the unit's key."""
    found: dict[tuple[str, str], Decimal] = {}
    keys = sorted(metrics)
    for begin in range(0, len(units), CHUNK):
        some = units[begin : begin + CHUNK]
        rows = await session.all(
            "SELECT s.metric, s.unit, sum(d.total) FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
            f" WHERE s.metric IN ({_marks(keys)}) AND s.unit IN ({_marks(some)}) AND s.employee_id = 0"
            " AND d.day >= ? AND d.day <= ? GROUP BY s.metric, s.unit",
            *keys,
            *some,
            *window,
        )
        found |= {(row[0], row[1]): Decimal(row[2]) / MICROS for row in rows}
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
