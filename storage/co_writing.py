"""Drafts that several people write: who they are, what each was shown last, and who has changed what since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from okr.objectives import State
from storage.session import Row, Session, moment


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody was shown last: the draft's version, and the words of each of its parts by their keys."""

    version: int
    content: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """One save: by whom, when, and the keys of the parts that it changed."""

    objective_id: int
    author_id: int
    at: datetime
    keys: tuple[str, ...]


async def lock(session: Session, objective_id: int) -> None:
    """Let saves of one draft come one after the other: each sees what the one before has written."""
    if session.for_update:
        await session.one(f"SELECT id FROM objectives WHERE id = ?{session.for_update}", objective_id)


# --- who ---


async def writers(session: Session, objective_id: int) -> list[int]:
    """Who writes it together with its owner, in the order they were invited."""
    rows = await session.all(
        "SELECT employee_id FROM co_editors WHERE objective_id = ? ORDER BY id", objective_id
    )
    return [row[0] for row in rows]


async def invite(session: Session, objective_id: int, employee_id: int) -> bool:
    """False where the person writes it already."""
    return (
        await session.run(
            "INSERT INTO co_editors (objective_id, employee_id) VALUES (?, ?)"
            " ON CONFLICT (objective_id, employee_id) DO NOTHING",
            objective_id,
            employee_id,
        )
        > 0
    )


async def part(session: Session, objective_id: int, employee_id: int) -> bool:
    """End somebody's part in a draft; false where there was none."""
    await session.run(
        "DELETE FROM seen_drafts WHERE objective_id = ? AND employee_id = ?", objective_id, employee_id
    )
    gone = await session.run(
        "DELETE FROM co_editors WHERE objective_id = ? AND employee_id = ?", objective_id, employee_id
    )
    return gone > 0


async def shared_with(session: Session, employee_id: int) -> list[int]:
    """The drafts of others that somebody writes, the oldest first."""
    rows = await session.all(
        "SELECT o.id FROM co_editors c JOIN objectives o ON o.id = c.objective_id"
        " WHERE c.employee_id = ? AND o.state = ? ORDER BY o.id",
        employee_id,
        str(State.DRAFT),
    )
    return [row[0] for row in rows]


# --- what each has seen, and what was saved ---


async def seen(session: Session, objective_id: int, employee_id: int) -> Seen | None:
    row = await session.one(
        "SELECT version, content FROM seen_drafts WHERE objective_id = ? AND employee_id = ?",
        objective_id,
        employee_id,
    )
    return None if row is None else Seen(row[0], json.loads(row[1]))


async def show(session: Session, objective_id: int, employee_id: int, shown: Seen) -> None:
    """Remember what somebody is shown now."""
    await session.run(
        "INSERT INTO seen_drafts (objective_id, employee_id, version, content) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (objective_id, employee_id) DO UPDATE SET version = excluded.version, content = excluded.content",
        objective_id,
        employee_id,
        shown.version,
        json.dumps(shown.content, ensure_ascii=False),
    )


async def save(
    session: Session, objective_id: int, author_id: int, keys: Iterable[str], at: datetime
) -> None:
    """Note that somebody has changed these parts: after the change, whose version it takes."""
    row = await session.one("SELECT version FROM objectives WHERE id = ?", objective_id)
    assert row is not None
    await session.run(
        "INSERT INTO draft_edits (objective_id, version, author_id, at, keys) VALUES (?, ?, ?, ?, ?)",
        objective_id,
        row[0],
        author_id,
        at,
        json.dumps(sorted(keys)),
    )


async def since(session: Session, objective_id: int, version: int, *, but_not_by: int) -> list[DraftEdit]:
    """What others have saved after a version, the oldest first."""
    rows = await session.all(
        f"{_EDITS} WHERE objective_id = ? AND version > ? AND author_id <> ? ORDER BY id",
        objective_id,
        version,
        but_not_by,
    )
    return [_edit(row) for row in rows]


async def deleted(session: Session, kr_id: int, employee_id: int) -> DraftEdit | None:
    """The save of somebody else that deleted a key result of a draft which this person writes, too."""
    row = await session.one(
        f"{_EDITS} WHERE objective_id = (SELECT k.objective_id FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        " WHERE k.id = ? AND k.state = ? AND o.state = ? AND (o.owner_id = ? OR EXISTS (SELECT 1 FROM co_editors c"
        " WHERE c.objective_id = o.id AND c.employee_id = ?))) AND keys LIKE ? AND author_id <> ? ORDER BY id DESC LIMIT 1",
        kr_id,
        str(State.DELETED),
        str(State.DRAFT),
        employee_id,
        employee_id,
        f'%"KR{kr_id}"%',
        employee_id,
    )
    return None if row is None else _edit(row)


_EDITS = "SELECT objective_id, author_id, at, keys FROM draft_edits"


def _edit(row: Row) -> DraftEdit:
    return DraftEdit(row[0], row[1], moment(row[2]), tuple(json.loads(row[3])))
