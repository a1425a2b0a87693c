"""Cycles: the quarters that goals belong to, years and halves beside them. The running quarter opens by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okr.cycle import Period, cycle_of, quarter_of
from okr.lifecycle import state_on
from okr.objectives import Cycle, CycleState
from storage.session import Row, Session, day

_COLUMNS = 'c.id, c.name, c.start, c."end", c.state'


def cycle_of_row(row: Row) -> Cycle:
    """A cycle from a row of id, name, start, end, state."""
    return Cycle(row[0], row[1], day(row[2]), day(row[3]), CycleState(row[4]))


async def running(session: Session, today: date) -> Cycle:
    """The quarter that `today` lies in, opened now if nobody has needed it yet."""
    return await opened(session, quarter_of(today), today)


async def year_of(session: Session, today: date) -> Cycle:
    """The year that `today` lies in, for the annual directions; opened now if nobody has needed it yet."""
    return await opened(session, cycle_of(f"{today.year}"), today)


async def opened(session: Session, period: Period, today: date) -> Cycle:
    """The cycle of this period, made now if it is not there yet, in the state that the calendar gives it."""
    found = await by_name(session, period.name)
    if found is not None:
        return found
    await session.run(
        'INSERT INTO cycles (name, start, "end", state) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
        period.name,
        period.start,
        period.end,
        str(state_on(CycleState.PLANNED, period, today)),
    )
    made = await by_name(session, period.name)
    assert made is not None
    return made


async def by_name(session: Session, name: str, *, lock: bool = False) -> Cycle | None:
    """`lock`: nobody else closes or reopens it meanwhile."""
    locked = session.for_update if lock else ""
    row = await session.one(f"SELECT {_COLUMNS} FROM cycles c WHERE c.name = ?{locked}", name)
    return None if row is None else cycle_of_row(row)


async def everything(session: Session) -> list[Cycle]:
    """All cycles, the newest first; of those that begin together the longest first."""
    rows = await session.all(f'SELECT {_COLUMNS} FROM cycles c ORDER BY c.start DESC, c."end" DESC')
    return [cycle_of_row(row) for row in rows]


async def in_states(session: Session, states: Sequence[CycleState]) -> list[Cycle]:
    """Cycles that were last kept in one of these states, the oldest first."""
    marks = ", ".join("?" * len(states))
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM cycles c WHERE c.state IN ({marks}) ORDER BY c.start, c.id",
        *(str(state) for state in states),
    )
    return [cycle_of_row(row) for row in rows]


async def set_state(session: Session, cycle_id: int, state: CycleState) -> None:
    await session.run("UPDATE cycles SET state = ? WHERE id = ?", str(state), cycle_id)


async def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    return {
        row[0]: row[1]
        for row in await session.all(f"SELECT id, name FROM cycles WHERE id IN ({marks})", *ids)
    }
