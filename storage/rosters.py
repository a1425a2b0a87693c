"""The roster: who works when. A shift is one span of one person; importing a day replaces that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from storage.session import Session, day, moment


@dataclass(frozen=True, slots=True)
class Shift:
    """`day` is the one it begins on; both moments are aware."""

    employee_id: int
    day: date
    starts_at: datetime
    ends_at: datetime


async def of(session: Session, employee_id: int, since: datetime, limit: int = 60) -> list[Shift]:
    """A person's shifts that are not over at `since`, in order."""
    rows = await session.all(
        "SELECT employee_id, day, starts_at, ends_at FROM shifts WHERE employee_id = ? AND ends_at > ?"
        " ORDER BY starts_at LIMIT ?",
        employee_id,
        since,
        limit,
    )
    return [Shift(row[0], day(row[1]), moment(row[2]), moment(row[3])) for row in rows]


async def put(session: Session, employee_id: int, on: date, shifts: Iterable[Shift], source: str) -> None:
    """Set what a person works on a day; no shifts is a day off."""
    await session.run("DELETE FROM shifts WHERE employee_id = ? AND day = ?", employee_id, on)
    for shift in shifts:
        await session.run(
            "INSERT INTO shifts (employee_id, day, starts_at, ends_at, source) VALUES (?, ?, ?, ?, ?)",
            employee_id,
            shift.day,
            shift.starts_at,
            shift.ends_at,
            source,
        )
