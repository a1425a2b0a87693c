"""The letters for people who run the bot: what has not gone, and trying it once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chat.card import load_card
from storage.session import Session, moment


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter as `okrbot outbox list` shows it."""

    id: int
    state: str
    receiver: str
    first_line: str
    next_try: datetime
    attempts: int
    error: str


async def listed(session: Session, states: Sequence[str], limit: int = 200) -> list[Listed]:
    marks = ", ".join("?" * len(states))
    rows = await session.all(
        "SELECT l.id, l.state, coalesce(e.name, l.user_id), l.platform, l.card, l.next_try, l.attempts, l.error,"
        f" l.conversation_id FROM letters l LEFT JOIN employees e ON e.id = l.employee_id WHERE l.state IN ({marks})"
        " ORDER BY l.id LIMIT ?",
        *states,
        limit,
    )
    return [
        Listed(
            id=row[0],
            state=row[1],
            receiver=f"{row[2] or row[8] or '-'}@{row[3] or '-'}",
            first_line=load_card(row[4]).face.title,
            next_try=moment(row[5]),
            attempts=row[6],
            error=row[7],
        )
        for row in rows
    ]


async def retry(session: Session, now: datetime, letter_id: int | None = None) -> int:
    """Let a dead or waiting letter, or all of them, be tried at once."""
    one, values = (" AND id = ?", (letter_id,)) if letter_id is not None else ("", ())
    return await session.run(
        f"UPDATE letters SET state = 'waiting', next_try = ?, attempts = 0, claimed_by = '' WHERE state IN ('dead', 'waiting'){one}",
        now,
        *values,
    )
