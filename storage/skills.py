"""What people are good at, by words that they or their superiors have said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.session import Session

LONGEST = 32
MOST = 20
"""Skills of one person."""


async def add(session: Session, employee_id: int, words: Sequence[str], said_by: int, at: datetime) -> None:
    """What has been said before stays as it was."""
    for word in words:
        await session.run(
            "INSERT INTO skills (employee_id, word, said_by_id, said_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (employee_id, word) DO NOTHING",
            employee_id,
            word,
            said_by,
            at,
        )


async def remove(session: Session, employee_id: int, words: Sequence[str]) -> int:
    """Take them back, and return how many there were."""
    gone = 0
    for word in words:
        gone += await session.run("DELETE FROM skills WHERE employee_id = ? AND word = ?", employee_id, word)
    return gone


async def of(session: Session, employee_id: int) -> list[str]:
    """In the order they were said."""
    rows = await session.all("SELECT word FROM skills WHERE employee_id = ? ORDER BY id", employee_id)
    return [row[0] for row in rows]


async def fitting(session: Session, words: Iterable[str], text: str) -> dict[int, list[str]]:
    """Whose skills are among these words, or stand in the text, by employee; leavers left out."""
    wanted = sorted(words)
    marks = ", ".join("?" * len(wanted)) or "''"
    rows = await session.all(
        "SELECT s.employee_id, s.word FROM skills s JOIN employees e ON e.id = s.employee_id WHERE e.active = ?"
        f" AND (s.word IN ({marks}) OR ? LIKE '%' || s.word || '%') ORDER BY s.employee_id, s.id",
        True,
        *wanted,
        text,
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    return found
