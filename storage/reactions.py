"""Likes and comments on goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.session import Session, moment

LIKED = "liked"
"""The mark of the letter that tells an owner of a like: it counts towards the ceiling, and may be folded."""


class ReactionKind(StrEnum):
    LIKE = "like"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Comment:
    author_id: int
    author: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people like a goal, and how many comments it has."""

    likes: int = 0
    comments: int = 0


async def add(
    session: Session,
    kind: ReactionKind,
    *,
    objective_id: int | None,
    kr_id: int | None,
    author_id: int,
    words: str,
    at: datetime,
) -> None:
    """About a key result, or, without one, about an objective."""
    await session.run(
        "INSERT INTO reactions (kind, objective_id, kr_id, author_id, words, at) VALUES (?, ?, ?, ?, ?, ?)",
        str(kind),
        objective_id if kr_id is None else None,
        kr_id,
        author_id,
        words,
        at,
    )


async def liked_since(
    session: Session, objective_id: int, kr_id: int | None, author_id: int, since: datetime
) -> bool:
    where, about = _about(objective_id, kr_id)
    row = await session.one(
        f"SELECT 1 FROM reactions r WHERE r.kind = ? AND {where} AND r.author_id = ? AND r.at >= ? LIMIT 1",
        str(ReactionKind.LIKE),
        about,
        author_id,
        since,
    )
    return row is not None


async def tally(session: Session, objective_id: int, kr_id: int | None) -> Tally:
    where, about = _about(objective_id, kr_id)
    rows = await session.all(
        f"SELECT r.kind, count(*), count(DISTINCT r.author_id) FROM reactions r WHERE {where} GROUP BY r.kind",
        about,
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    return Tally(
        likes=found.get(str(ReactionKind.LIKE), (0, 0))[1],
        comments=found.get(str(ReactionKind.COMMENT), (0, 0))[0],
    )


async def comments(session: Session, objective_id: int, kr_id: int | None, limit: int) -> list[Comment]:
    """The newest first."""
    where, about = _about(objective_id, kr_id)
    rows = await session.all(
        "SELECT r.author_id, e.name, r.words, r.at FROM reactions r JOIN employees e ON e.id = r.author_id"
        f" WHERE r.kind = ? AND {where} ORDER BY r.at DESC, r.id DESC LIMIT ?",
        str(ReactionKind.COMMENT),
        about,
        limit,
    )
    return [Comment(row[0], row[1], row[2], moment(row[3])) for row in rows]


def _about(objective_id: int, kr_id: int | None) -> tuple[str, int]:
    return ("r.objective_id = ?", objective_id) if kr_id is None else ("r.kr_id = ?", kr_id)
