"""Who wants to hear of which goals: people, and groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.session import Session

DIGEST = "followed"
"""The mark of the letter that tells a person once a day."""
MOST = 30
"""Targets of one follower."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A person, or (`employee_id` None) a group by platform and conversation."""

    employee_id: int | None
    platform: str = ""
    conversation_id: str = ""

    @property
    def key(self) -> str:
        return (
            str(self.employee_id)
            if self.employee_id is not None
            else f"{self.platform}:{self.conversation_id}"
        )


async def follow(session: Session, follower: Follower, target: str, at: datetime) -> bool:
    """False where it follows that already. `target`: `O12`, `KR34`, or a unit's name."""
    if target in await of(session, follower):
        return False
    await session.run(
        "INSERT INTO follows (employee_id, platform, conversation_id, target, since) VALUES (?, ?, ?, ?, ?)",
        follower.employee_id,
        follower.platform,
        follower.conversation_id,
        target,
        at,
    )
    return True


async def unfollow(session: Session, follower: Follower, target: str) -> bool:
    where, values = _is(follower)
    return await session.run(f"DELETE FROM follows WHERE {where} AND target = ?", *values, target) > 0


async def of(session: Session, follower: Follower) -> list[str]:
    """In the order they were said."""
    where, values = _is(follower)
    rows = await session.all(f"SELECT target FROM follows WHERE {where} ORDER BY id", *values)
    return [row[0] for row in rows]


async def everybody(session: Session) -> list[Follower]:
    rows = await session.all(
        "SELECT DISTINCT f.employee_id, f.platform, f.conversation_id FROM follows f LEFT JOIN employees e"
        " ON e.id = f.employee_id WHERE f.employee_id IS NULL OR e.active = ? ORDER BY f.employee_id, f.conversation_id",
        True,
    )
    return [Follower(row[0], row[1], row[2]) for row in rows]


async def groups(session: Session) -> list[tuple[Follower, str]]:
    """Groups, each with everything it follows."""
    rows = await session.all(
        "SELECT platform, conversation_id, target FROM follows WHERE employee_id IS NULL ORDER BY id"
    )
    return [(Follower(None, row[0], row[1]), row[2]) for row in rows]


def _is(follower: Follower) -> tuple[str, tuple[object, ...]]:
    if follower.employee_id is not None:
        return "employee_id = ?", (follower.employee_id,)
    return "employee_id IS NULL AND platform = ? AND conversation_id = ?", (
        follower.platform,
        follower.conversation_id,
    )
