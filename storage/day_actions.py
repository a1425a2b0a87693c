"""What people want to do on a day (A5), and whether it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from storage.session import Row, Session, day, moment, moment_or_none

OPEN, DONE, DROPPED = "open", "done", "dropped"
CARRIED = timedelta(days=7)
"""So long what was not done is asked about."""
_COLUMNS = "id, kr_id, owner_id, by_id, day, words, until, state, made_at, settled_at"
MOST = 400


@dataclass(frozen=True, slots=True)
class DayAction:
    id: int
    kr_id: int | None
    owner_id: int
    by_id: int
    day: date
    words: str
    until: str
    state: str
    made_at: datetime
    settled_at: datetime | None

    @property
    def ref(self) -> str:
        return f"A{self.id}"

    @property
    def done(self) -> bool:
        return self.state == DONE


class Rate(NamedTuple):
    people: int
    total: int
    done: int


async def write(session: Session, action: DayAction) -> int:
    """Write one down; its number."""
    row = await session.one(
        "INSERT INTO day_actions (kr_id, owner_id, by_id, day, words, until, state, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        action.kr_id,
        action.owner_id,
        action.by_id,
        action.day,
        action.words,
        action.until,
        OPEN,
        action.made_at,
    )
    assert row is not None
    number: int = row[0]
    return number


async def by_id(session: Session, number: int) -> DayAction | None:
    row = await session.one(f"SELECT {_COLUMNS} FROM day_actions WHERE id = ?{session.for_update}", number)
    return _action(row) if row else None


async def of(session: Session, owner_id: int, today: date) -> list[DayAction]:
    """A person's of a day, those done included, and what is left of the days before; in the order they were written."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM day_actions WHERE owner_id = ? AND state <> ? AND day <= ?"
        " AND (day = ? OR (state = ? AND day >= ?)) ORDER BY id",
        owner_id,
        DROPPED,
        today,
        today,
        OPEN,
        today - CARRIED,
    )
    return [_action(row) for row in rows]


async def left(session: Session, today: date) -> dict[int, list[DayAction]]:
    """What people have left of the days before, by whose it is, in the order it was written."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM day_actions WHERE state = ? AND day < ? AND day >= ? ORDER BY id",
        OPEN,
        today,
        today - CARRIED,
    )
    found: dict[int, list[DayAction]] = {}
    for action in map(_action, rows):
        found.setdefault(action.owner_id, []).append(action)
    return found


async def settle(session: Session, number: int, state: str, at: datetime | None) -> None:
    await session.run("UPDATE day_actions SET state = ?, settled_at = ? WHERE id = ?", state, at, number)


async def move(session: Session, number: int, to: date) -> None:
    await session.run("UPDATE day_actions SET day = ? WHERE id = ?", to, number)


async def rate(session: Session, people: Sequence[int], first: date, last: date) -> Rate:
    """How many of these people had any from `first` to `last`, how many they were, and how many are done."""
    had, total, done = 0, 0, 0
    for begin in range(0, len(people), MOST):
        some = people[begin : begin + MOST]
        rows = await session.all(
            "SELECT owner_id, count(*), sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END) FROM day_actions"
            f" WHERE owner_id IN ({', '.join('?' * len(some))}) AND state <> 'dropped' AND day >= ? AND day <= ?"
            " GROUP BY owner_id",
            *some,
            first,
            last,
        )
        had += len(rows)
        total += sum(row[1] for row in rows)
        done += sum(row[2] for row in rows)
    return Rate(had, total, done)


def _action(row: Row) -> DayAction:
    return DayAction(
        row[0],
        row[1],
        row[2],
        row[3],
        day(row[4]),
        row[5],
        row[6],
        row[7],
        moment(row[8]),
        moment_or_none(row[9]),
    )
