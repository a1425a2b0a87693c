"""Annual directions: objectives of a year's cycle, and the quarters' objectives that belong to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from okr.cycle import Span
from okr.objectives import Objective, State
from storage import objectives
from storage.session import Session, day

HIGHEST = 12
"""Supported goals that are walked up when a direction is looked for."""
LONGEST_YEAR = 300
"""A cycle of more days is a year's."""


def is_annual(cycle: Span) -> bool:
    """Whether a cycle is a year's: its objectives are directions."""
    return (cycle.end - cycle.start).days > LONGEST_YEAR


async def of_day(
    session: Session, today: date, states: Collection[State] = (State.ACTIVE,)
) -> list[Objective]:
    """The annual objectives of the year that `today` lies in, in the order they were made."""
    return await _in_years(session, today, states, "")


async def of_owner(
    session: Session, owner_id: int, today: date, states: Collection[State] = (State.ACTIVE,)
) -> list[Objective]:
    """Somebody's annual objectives of the year that `today` lies in."""
    return await _in_years(session, today, states, " AND owner_id = ?", owner_id)


async def _in_years(
    session: Session, today: date, states: Collection[State], further: str, *values: object
) -> list[Objective]:
    cycles = await session.all(
        'SELECT id, start, "end" FROM cycles WHERE start <= ? AND "end" >= ?', today, today
    )
    years = [row[0] for row in cycles if (day(row[2]) - day(row[1])).days > LONGEST_YEAR]
    if not years:
        return []
    marks, wanted = ", ".join("?" * len(years)), ", ".join("?" * len(states))
    rows = await session.all(
        f"SELECT id FROM objectives WHERE cycle_id IN ({marks}) AND state IN ({wanted}){further} ORDER BY id",
        *years,
        *(str(state) for state in states),
        *values,
    )
    return await objectives.by_ids(session, [row[0] for row in rows])


async def belonging(session: Session, direction_ids: Collection[int]) -> dict[int, int]:
    """How many objectives name each of these directions themselves."""
    if not direction_ids:
        return {}
    marks = ", ".join("?" * len(direction_ids))
    rows = await session.all(
        "SELECT direction_id, count(*) FROM objectives WHERE state IN ('active', 'draft', 'pending')"
        f" AND direction_id IN ({marks}) GROUP BY direction_id",
        *direction_ids,
    )
    return {row[0]: row[1] for row in rows}


async def above(session: Session, objective_id: int) -> tuple[int | None, str]:
    """The direction of an objective: its own, else that of the nearest goal it supports; and its exception's reason.

    A goal that supports an annual objective's key result belongs to that objective.
    """
    seen: set[int] = set()
    current: int | None = objective_id
    while current is not None and current not in seen and len(seen) < HIGHEST:
        seen.add(current)
        row = await session.one(
            'SELECT o.direction_id, o.exception, k.objective_id, c.start, c."end" FROM objectives o'
            " JOIN cycles c ON c.id = o.cycle_id LEFT JOIN key_results k ON k.id = o.parent_kr_id WHERE o.id = ?",
            current,
        )
        if row is None:
            break
        if current != objective_id and (day(row[4]) - day(row[3])).days > LONGEST_YEAR:
            return current, ""
        if row[0] is not None or row[1]:
            return row[0], row[1]
        current = row[2]
    return None, ""


async def set_direction(
    session: Session, objective_id: int, direction_id: int | None, exception: str = ""
) -> None:
    """Name the direction of an objective, or why it has none."""
    await session.run(
        "UPDATE objectives SET direction_id = ?, exception = ? WHERE id = ?",
        direction_id,
        exception,
        objective_id,
    )
