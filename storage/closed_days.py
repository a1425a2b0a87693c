"""Days on which a unit does not open (停业)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from okr.metrics import Window
from storage.session import Session, day


async def of(session: Session, units: Sequence[str], window: Window) -> frozenset[date]:
    """The days within a window on which a unit is closed: `units` are its key and those above it, which close it too."""
    rows = await session.all(
        f"SELECT day FROM closed_days WHERE unit IN ({', '.join('?' * len(units))}) AND day >= ? AND day <= ?",
        *units,
        *window,
    )
    return frozenset(day(row[0]) for row in rows)


async def within(session: Session, window: Window) -> dict[str, frozenset[date]]:
    """Every unit that was said to be closed on days of a window, by its key. They are few."""
    rows = await session.all("SELECT unit, day FROM closed_days WHERE day >= ? AND day <= ?", *window)
    found: dict[str, set[date]] = {}
    for row in rows:
        found.setdefault(row[0], set()).add(day(row[1]))
    return {unit: frozenset(days) for unit, days in found.items()}


async def close(session: Session, unit: str, days: Sequence[date], by: int, at: datetime) -> None:
    for one in days:
        await session.run(
            "INSERT INTO closed_days (unit, day, said_by_id, said_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (unit, day) DO NOTHING",
            unit,
            one,
            by,
            at,
        )


async def reopen(session: Session, unit: str, days: Sequence[date]) -> int:
    """Open these days again; how many of them were closed."""
    gone = 0
    for one in days:
        gone += await session.run("DELETE FROM closed_days WHERE unit = ? AND day = ?", unit, one)
    return gone
