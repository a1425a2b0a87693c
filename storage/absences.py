"""Days on which somebody is away, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.session import Session, day


@dataclass(frozen=True, slots=True)
class Absence:
    """Both days belong to it."""

    id: int
    employee_id: int
    first: date
    last: date
    deputy_id: int | None


async def say(
    session: Session, employee_id: int, first: date, last: date, deputy_id: int | None, at: datetime
) -> int:
    """Note that somebody is away; what was said before about any of these days is taken back."""
    await session.run(
        "UPDATE absences SET ended_at = ? WHERE employee_id = ? AND ended_at IS NULL AND first_day <= ? AND last_day >= ?",
        at,
        employee_id,
        last,
        first,
    )
    row = await session.one(
        "INSERT INTO absences (employee_id, first_day, last_day, deputy_id, said_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        employee_id,
        first,
        last,
        deputy_id,
        at,
    )
    assert row is not None
    absence_id: int = row[0]
    return absence_id


async def take_back(session: Session, employee_id: int, today: date, at: datetime) -> bool:
    """End whatever absences are not over; false where there are none."""
    return (
        await session.run(
            "UPDATE absences SET ended_at = ? WHERE employee_id = ? AND ended_at IS NULL AND last_day >= ?",
            at,
            employee_id,
            today,
        )
        > 0
    )


async def on(session: Session, employee_ids: Sequence[int], today: date) -> dict[int, Absence]:
    """Who of these is away on a day; the newest word counts."""
    if not employee_ids:
        return {}
    marks = ", ".join("?" * len(employee_ids))
    rows = await session.all(
        "SELECT id, employee_id, first_day, last_day, deputy_id FROM absences WHERE ended_at IS NULL"
        f" AND employee_id IN ({marks}) AND first_day <= ? AND last_day >= ? ORDER BY id",
        *employee_ids,
        today,
        today,
    )
    return {row[1]: Absence(row[0], row[1], day(row[2]), day(row[3]), row[4]) for row in rows}


async def replaced_by(session: Session, deputy_id: int, today: date) -> list[int]:
    """For whom somebody stands in on a day."""
    rows = await session.all(
        "SELECT DISTINCT employee_id FROM absences WHERE ended_at IS NULL AND deputy_id = ? AND first_day <= ?"
        " AND last_day >= ? ORDER BY employee_id",
        deputy_id,
        today,
        today,
    )
    return [row[0] for row in rows]
