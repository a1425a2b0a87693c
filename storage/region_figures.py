"""How people of a region carry their goals: what was warned of, and how soon they answer who asks for help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, tzinfo

from okr.moments import day_of
from storage.session import Session, moment

MOST = 400


async def warnings(
    session: Session, receivers: Collection[int], since: datetime, until: datetime, zone: tzinfo
) -> dict[int, int]:
    """How many progress warnings there were about the key results of each owner, whoever of `receivers` got them.

    What is told to the owner and to his superior on one day is one warning.
    """
    told: set[tuple[str, date]] = set()
    for some in _chunks(receivers):
        rows = await session.all(
            "SELECT subject, created_at FROM letters WHERE reminder = 'progress_warning'"
            f" AND state <> 'dropped' AND employee_id IN ({', '.join('?' * len(some))})"
            " AND created_at >= ? AND created_at < ?",
            *some,
            since,
            until,
        )
        told |= {(row[0], day_of(moment(row[1]), zone)) for row in rows if row[0].startswith("KR")}
    times = Counter(int(subject.removeprefix("KR")) for subject, _ in told)
    found: Counter[int] = Counter()
    for some in _chunks(times):
        rows = await session.all(
            "SELECT k.id, o.owner_id FROM key_results k JOIN objectives o ON o.id = k.objective_id"
            f" WHERE k.id IN ({', '.join('?' * len(some))})",
            *some,
        )
        for row in rows:
            found[row[1]] += times[row[0]]
    return found


async def answers(
    session: Session, employees: Collection[int], since: datetime, until: datetime
) -> dict[int, list[float]]:
    """How many hours each has taken to answer requests for help that were asked in this time."""
    found: dict[int, list[float]] = {}
    for some in _chunks(employees):
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


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for begin in range(0, len(ordered), MOST):
        yield ordered[begin : begin + MOST]
