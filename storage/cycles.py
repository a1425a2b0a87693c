"""Cycles: the quarters that goals belong to. The running one opens by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okr.cycle import quarter_of
from okr.objectives import Cycle
from storage.session import Row, Session, day


def cycle_of_row(row: Row) -> Cycle:
    """A cycle from a row of id, name, start, end."""
    return Cycle(row[0], row[1], day(row[2]), day(row[3]))


async def running(session: Session, today: date) -> Cycle:
    """The quarter that `today` lies in, opened now if nobody has needed it yet."""
    found = await on(session, today)
    if found is not None:
        return found
    name, start, end = quarter_of(today)
    await session.run(
        'INSERT INTO cycles (name, start, "end", state) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
        name,
        start,
        end,
        "active",
    )
    opened = await on(session, today)
    assert opened is not None
    return opened


async def on(session: Session, today: date) -> Cycle | None:
    row = await session.one(
        'SELECT id, name, start, "end" FROM cycles WHERE start <= ? AND "end" >= ? ORDER BY start DESC LIMIT 1',
        today,
        today,
    )
    return None if row is None else cycle_of_row(row)


async def by_name(session: Session, name: str) -> Cycle | None:
    row = await session.one('SELECT id, name, start, "end" FROM cycles WHERE name = ?', name)
    return None if row is None else cycle_of_row(row)


async def is_closed(session: Session, cycle_id: int) -> bool:
    """Whether its numbers and goals are locked."""
    row = await session.one("SELECT state FROM cycles WHERE id = ?", cycle_id)
    return row is not None and row[0] == "closed"


async def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    return {
        row[0]: row[1]
        for row in await session.all(f"SELECT id, name FROM cycles WHERE id IN ({marks})", *ids)
    }
