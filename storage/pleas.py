"""Corrections and appeals: what somebody asks a human, and how it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.session import Row, Session, moment, moment_or_none


class PleaKind(StrEnum):
    CORRECTION = "correction"
    APPEAL = "appeal"


class PleaState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Plea:
    id: int
    kind: PleaKind
    employee_id: int
    objective_id: int | None
    words: str
    state: PleaState
    answered_by: int | None
    answer: str
    asked_at: datetime
    answered_at: datetime | None


_COLUMNS = "id, kind, employee_id, objective_id, words, state, answered_by_id, answer, asked_at, answered_at"


async def make(
    session: Session, kind: PleaKind, employee_id: int, objective_id: int | None, words: str, at: datetime
) -> int:
    row = await session.one(
        "INSERT INTO pleas (kind, employee_id, objective_id, words, state, answer, asked_at)"
        " VALUES (?, ?, ?, ?, ?, '', ?) RETURNING id",
        str(kind),
        employee_id,
        objective_id,
        words,
        str(PleaState.WAITING),
        at,
    )
    assert row is not None
    number: int = row[0]
    return number


async def by_id(session: Session, number: int) -> Plea | None:
    row = await session.one(f"SELECT {_COLUMNS} FROM pleas WHERE id = ?", number)
    return None if row is None else _plea(row)


async def waiting(session: Session) -> Sequence[Plea]:
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM pleas WHERE state = ? ORDER BY id", str(PleaState.WAITING)
    )
    return [_plea(row) for row in rows]


async def close(session: Session, number: int, state: PleaState, by: int, answer: str, at: datetime) -> bool:
    """False where somebody has answered it before."""
    return (
        await session.run(
            "UPDATE pleas SET state = ?, answered_by_id = ?, answer = ?, answered_at = ? WHERE id = ? AND state = ?",
            str(state),
            by,
            answer,
            at,
            number,
            str(PleaState.WAITING),
        )
        > 0
    )


def _plea(row: Row) -> Plea:
    return Plea(
        id=row[0],
        kind=PleaKind(row[1]),
        employee_id=row[2],
        objective_id=row[3],
        words=row[4],
        state=PleaState(row[5]),
        answered_by=row[6],
        answer=row[7],
        asked_at=moment(row[8]),
        answered_at=moment_or_none(row[9]),
    )
