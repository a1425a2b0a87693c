"""Series: one figure over time each, by what it counts and for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from storage.session import Row, Session

_TYPES = ("text", "text", "int")


class SeriesKey(NamedTuple):
    """`unit` is a key of `okr.units`, empty for a person's own; `employee_id` is 0 for a unit's."""

    metric: str
    unit: str
    employee_id: int


async def series_ids(session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of those series that have ever had a point."""
    rows = await session.pour(
        "WITH wanted (metric, unit, employee_id) AS ({rows}) SELECT s.id, s.metric, s.unit, s.employee_id FROM wanted w"
        " JOIN metric_series s ON s.metric = w.metric AND s.unit = w.unit AND s.employee_id = w.employee_id",
        _TYPES,
        sorted(keys),
    )
    return {series_key(row): row[0] for row in rows}


async def made_ids(session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of series, made where they are new."""
    found = await series_ids(session, keys)
    missing = sorted(key for key in keys if key not in found)
    if missing:
        await session.pour(
            "INSERT INTO metric_series (metric, unit, employee_id) {rows}"
            " ON CONFLICT (metric, unit, employee_id) DO NOTHING",
            _TYPES,
            missing,
        )
        found |= await series_ids(session, missing)
    return found


def series_key(row: Row) -> SeriesKey:
    return SeriesKey(row[1], row[2], row[3])


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
