"""Tables that people have sent: what was read waits for a yes, is written once, and is forgotten within two days."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.session import Row, Session, moment

KEPT = timedelta(hours=24)
"""So long a table waits, and so long it can be undone; the next night it is gone."""


class State(StrEnum):
    WAITING = "waiting"
    WRITTEN = "written"
    DROPPED = "dropped"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Kept:
    """`content` and `undo` are whatever was given, `outcome` the lines that were said."""

    id: int
    employee_id: int
    kind: str
    name: str
    content: Any
    mark: str
    state: State
    outcome: tuple[str, ...]
    undo: Any
    settled_at: datetime | None


_COLUMNS = "id, employee_id, kind, name, content, mark, state, outcome, undo, settled_at"


async def keep(
    session: Session, employee_id: int, kind: str, name: str, content: Any, mark: str, at: datetime
) -> int:
    row = await session.one(
        "INSERT INTO tables_in (employee_id, kind, name, content, mark, sent_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        employee_id,
        kind,
        name[:128],
        json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        mark,
        at,
        at + KEPT,
    )
    assert row is not None
    return int(row[0])


async def by_id(session: Session, number: int, now: datetime) -> Kept | None:
    """The table, locked; None where there is none of this number any more."""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM tables_in WHERE id = ? AND expires_at > ?{session.for_update}", number, now
    )
    return None if row is None else _kept(row)


async def newest(session: Session, employee_id: int, now: datetime, state: State) -> list[int]:
    """The numbers of somebody's tables that are in this state and not too old, the newest first."""
    rows = await session.all(
        "SELECT id FROM tables_in WHERE employee_id = ? AND state = ? AND expires_at > ? ORDER BY id DESC LIMIT 5",
        employee_id,
        str(state),
        now,
    )
    return [row[0] for row in rows]


async def shown_again(session: Session, number: int, mark: str) -> None:
    await session.run("UPDATE tables_in SET mark = ? WHERE id = ?", mark, number)


async def settle(
    session: Session,
    number: int,
    state: State,
    at: datetime,
    *,
    outcome: tuple[str, ...] = (),
    undo: Any = None,
) -> None:
    """What was read is not needed any more; what undoes it is, for a while."""
    await session.run(
        "UPDATE tables_in SET state = ?, content = '', outcome = ?, undo = ?, settled_at = ?, expires_at = ?"
        " WHERE id = ?",
        str(state),
        json.dumps(outcome, ensure_ascii=False),
        "" if undo is None else json.dumps(undo, ensure_ascii=False, separators=(",", ":")),
        at,
        at + KEPT,
        number,
    )


async def forget_before(session: Session, at: datetime) -> int:
    return await session.run("DELETE FROM tables_in WHERE expires_at <= ?", at)


def _kept(row: Row) -> Kept:
    return Kept(
        id=row[0],
        employee_id=row[1],
        kind=row[2],
        name=row[3],
        content=json.loads(row[4]) if row[4] else None,
        mark=row[5],
        state=State(row[6]),
        outcome=tuple(json.loads(row[7])) if row[7] else (),
        undo=json.loads(row[8]) if row[8] else None,
        settled_at=None if row[9] is None else moment(row[9]),
    )
