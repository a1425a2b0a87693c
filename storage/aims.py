"""What people have set themselves for a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from okr.weekly import Aim
from storage.session import Session

CHUNK = 400


async def keep(session: Session, employee_id: int, week: str, aim: Aim, at: datetime) -> None:
    """The newest said holds."""
    await session.run(
        "INSERT INTO week_aims (employee_id, week, kr_id, words, set_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (employee_id, week) DO UPDATE SET kr_id = excluded.kr_id, words = excluded.words,"
        " set_at = excluded.set_at",
        employee_id,
        week,
        aim.kr_id,
        aim.words,
        at,
    )


async def of(session: Session, people: Sequence[int], week: str) -> dict[int, Aim]:
    """By employee, of those who have set one."""
    found: dict[int, Aim] = {}
    for begin in range(0, len(people), CHUNK):
        some = people[begin : begin + CHUNK]
        rows = await session.all(
            f"SELECT employee_id, kr_id, words FROM week_aims WHERE week = ? AND employee_id IN ({', '.join('?' * len(some))})",
            week,
            *some,
        )
        found |= {row[0]: Aim(row[1], row[2]) for row in rows}
    return found
