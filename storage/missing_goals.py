"""Who has no goals in a cycle: nothing in force, or handed in."""

from __future__ import annotations

from collections.abc import Sequence

from okr.people import Person
from storage.people import COLUMNS, person_of
from storage.session import Session

CHUNK = 500
"""People asked about in one statement."""
_NONE = (
    f"SELECT {COLUMNS} FROM employees e WHERE e.active = ? AND NOT EXISTS (SELECT 1 FROM objectives o WHERE"
    " o.owner_id = e.id AND o.cycle_id = ? AND o.state NOT IN ('draft', 'deleted', 'cancelled'))"
)
_IN_ORDER = " ORDER BY e.department, e.number"


async def everybody(session: Session, cycle_id: int) -> list[Person]:
    """All of the company who have none, by their departments."""
    return [person_of(row) for row in await session.all(f"{_NONE}{_IN_ORDER}", True, cycle_id)]


async def among(session: Session, cycle_id: int, ids: Sequence[int]) -> list[Person]:
    """Those of these who have none."""
    found: list[Person] = []
    for begin in range(0, len(ids), CHUNK):
        some = ids[begin : begin + CHUNK]
        marks = ", ".join("?" * len(some))
        rows = await session.all(f"{_NONE} AND e.id IN ({marks}){_IN_ORDER}", True, cycle_id, *some)
        found += [person_of(row) for row in rows]
    return found
