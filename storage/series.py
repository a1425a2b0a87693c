"""Series: one figure over time each, by what it counts and for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from storage.session import Row, Session

ROWS = 200
"""Series asked for in one statement."""


class SeriesKey(NamedTuple):
    """`unit` is a key of `okr.units`, empty for a person's own; `employee_id` is 0 for a unit's."""

    metric: str
    unit: str
    employee_id: int


async def series_ids(session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of those series that have ever had a point."""
    wanted = sorted(keys)
    found: dict[SeriesKey, int] = {}
    for begin in range(0, len(wanted), ROWS):
        some = wanted[begin : begin + ROWS]
        metrics, units, people = (sorted(set(column)) for column in zip(*some, strict=True))
        rows = await session.all(
            f"SELECT id, metric, unit, employee_id FROM metric_series WHERE metric IN ({marks(metrics)})"
            f" AND unit IN ({marks(units)}) AND employee_id IN ({marks(people)})",
            *metrics,
            *units,
            *people,
        )
        found |= {key: row[0] for row in rows if (key := series_key(row)) in keys}
    return found


async def made_ids(session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of series, made where they are new."""
    found = await series_ids(session, keys)
    missing = sorted(key for key in keys if key not in found)
    if missing:
        await session.pour(
            "INSERT INTO metric_series (metric, unit, employee_id) {rows}"
            " ON CONFLICT (metric, unit, employee_id) DO NOTHING",
            ("text", "text", "int"),
            missing,
        )
        found |= await series_ids(session, missing)
    return found


def series_key(row: Row) -> SeriesKey:
    return SeriesKey(row[1], row[2], row[3])


def marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
