"""How people of a region carry their goals: warnings they got, and how soon they answer who asks for help."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.session import Session, moment

MOST = 400


async def warnings(
    session: Session, employees: Collection[int], since: datetime, until: datetime
) -> dict[int, int]:
    """Progress warnings that each owner got of his own goals."""
    found: dict[int, int] = {}
    ids = sorted(employees)
    for begin in range(0, len(ids), MOST):
        some = ids[begin : begin + MOST]
        rows = await session.all(
            "SELECT employee_id, count(*) FROM letters WHERE reminder = 'progress_warning' AND variant = ''"
            f" AND state <> 'dropped' AND employee_id IN ({', '.join('?' * len(some))})"
            " AND created_at >= ? AND created_at < ? GROUP BY employee_id",
            *some,
            since,
            until,
        )
        found |= {row[0]: row[1] for row in rows}
    return found


async def answers(
    session: Session, employees: Collection[int], since: datetime, until: datetime
) -> dict[int, list[float]]:
    """How many hours each has taken to answer requests for help that were asked in this time."""
    found: dict[int, list[float]] = {}
    ids = sorted(employees)
    for begin in range(0, len(ids), MOST):
        some = ids[begin : begin + MOST]
        rows = await session.all(
            "SELECT asked_id, asked_at, answered_at FROM help_requests WHERE answered_at IS NOT NULL"
            f" AND kind = 'help' AND asked_id IN ({', '.join('?' * len(some))}) AND asked_at >= ? AND asked_at < ?",
            *some,
            since,
            until,
        )
        for row in rows:
            hours = (moment(row[2]) - moment(row[1])).total_seconds() / 3600
            found.setdefault(row[0], []).append(hours)
    return found
