"""What the admins have changed of the company's settings in chat: every change is kept, the last one of a key holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from okr.amendments import Amendment
from storage.session import Row, Session, moment


@dataclass(frozen=True, slots=True)
class Change:
    """`was`: what held before, by the file or by an earlier change."""

    id: int
    amendment: Amendment
    was: Any
    by_id: int
    at: datetime
    by: str = ""


_COLUMNS = "c.id, c.key, c.whom, c.value, c.was, c.by_id, c.at, e.name"
_FROM = "FROM settings_changes c LEFT JOIN employees e ON e.id = c.by_id"


async def record(session: Session, amendment: Amendment, was: Any, by_id: int, at: datetime) -> int:
    row = await session.one(
        "INSERT INTO settings_changes (key, whom, value, was, by_id, at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        amendment.key,
        amendment.whom,
        json.dumps(amendment.value, ensure_ascii=False),
        json.dumps(was, ensure_ascii=False),
        by_id,
        at,
    )
    assert row is not None
    number: int = row[0]
    return number


async def newest(session: Session) -> int:
    """The number of the last change; 0 where there is none."""
    row = await session.one("SELECT max(id) FROM settings_changes")
    return 0 if row is None else row[0] or 0


async def in_force(session: Session) -> list[Amendment]:
    """The last of each key, in the order they were made; what was taken back to the file is not one."""
    rows = await session.all(
        f"SELECT {_COLUMNS} {_FROM} WHERE c.id IN (SELECT max(id) FROM settings_changes GROUP BY key, whom) ORDER BY c.id"
    )
    found = [_change(row).amendment for row in rows]
    return [one for one in found if one.value is not None]


async def before(session: Session, change: Change) -> Amendment:
    """What was in force of its key before this change; the file where nothing was."""
    row = await session.one(
        f"SELECT {_COLUMNS} {_FROM} WHERE c.key = ? AND c.whom = ? AND c.id < ? ORDER BY c.id DESC LIMIT 1",
        change.amendment.key,
        change.amendment.whom,
        change.id,
    )
    return (
        _change(row).amendment
        if row is not None
        else Amendment(change.amendment.key, None, change.amendment.whom)
    )


async def by_id(session: Session, number: int) -> Change | None:
    row = await session.one(f"SELECT {_COLUMNS} {_FROM} WHERE c.id = ?", number)
    return None if row is None else _change(row)


async def latest(session: Session, limit: int) -> list[Change]:
    rows = await session.all(f"SELECT {_COLUMNS} {_FROM} ORDER BY c.id DESC LIMIT ?", limit)
    return [_change(row) for row in rows]


def _change(row: Row) -> Change:
    return Change(
        id=row[0],
        amendment=Amendment(row[1], json.loads(row[3]), row[2]),
        was=json.loads(row[4]),
        by_id=row[5],
        at=moment(row[6]),
        by=row[7] or "",
    )
