"""Which key results a reminder has to look at closely: chosen in the database, in chunks, a little too many rather than too few.

The exact rule is `okr`'s, over whole objectives. Numbers are compared as floats here: near an edge both may hold.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from okr.objectives import Kind, State
from storage.session import Session

CHUNK = 2000
_NARROW = 0.001
_IN_FORCE = (
    "FROM key_results k JOIN objectives o ON o.id = k.objective_id JOIN cycles c ON c.id = o.cycle_id"
    f" WHERE k.id > ? AND k.state = '{State.ACTIVE}' AND o.state = '{State.ACTIVE}' AND c.start <= ? AND c.\"end\" >= ?"
)
_START, _TARGET = "CAST(k.start_value AS REAL)", "CAST(k.target_value AS REAL)"
_PROGRESS = f"(coalesce(CAST(k.value AS REAL), {_START}) - {_START}) / nullif({_TARGET} - {_START}, 0)"
OWNERS = 300
"""Owners looked at together."""
_OWNERS = f"SELECT DISTINCT owner_id FROM objectives WHERE owner_id > ? AND state = '{State.ACTIVE}' ORDER BY owner_id LIMIT ?"
_UNREPORTED = (
    "SELECT o.id FROM objectives o JOIN cycles c ON c.id = o.cycle_id WHERE o.owner_id BETWEEN ? AND ?"
    f" AND o.state = '{State.ACTIVE}' AND c.start <= ? AND c.\"end\" >= ? AND EXISTS (SELECT 1 FROM key_results k"
    f" WHERE k.objective_id = o.id AND k.state = '{State.ACTIVE}' AND coalesce(k.metric, '') = '' AND k.roll_up = 'manual'"
    " AND (k.value_at IS NULL OR k.value_at < ?)) ORDER BY o.id"
)
"""Not by the index of metrics, in which nearly all have the same: hence the `coalesce`."""
DATED_BACK = timedelta(days=14)
"""What is reported now may speak of a day so long ago."""
_RECORDED = "k.value_at >= ? AND EXISTS (SELECT 1 FROM check_ins r WHERE r.key_result_id = k.id AND r.recorded_at >= ?)"


async def lagging(session: Session, today: date, points: int) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that may be so many points behind its calendar, a chunk at a time.

    On the straight line of the cycle it is compared here; what has a deadline or stages of its own, or is no plain
    number, is left for the closer look.
    """
    async for ids in _chunks(session, today, _behind(session), today, points / 100 - _NARROW - 0.005):
        yield ids


def _behind(session: Session) -> str:
    """Behind the straight line by so much, or nothing that can be said so; takes the day and the part of 1."""
    days = "julianday(?) - julianday(c.start)", 'julianday(c."end") - julianday(c.start)'
    if session.for_update:
        days = "CAST(? AS date) - c.start", 'c."end" - c.start'
    expected = f"CAST({days[0]} AS REAL) / nullif({days[1]}, 0)"
    plain = f"k.kind = '{Kind.NUMBER}' AND k.due IS NULL AND k.stages = ''"
    return f"(NOT ({plain}) OR {_PROGRESS} <= {expected} - ?)"


async def unreported(session: Session, today: date, since: datetime) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that somebody has to report and nobody has since a moment: those of some owners
    at a time, and of one owner together.
    """
    after = 0
    while owners := await session.all(_OWNERS, after, OWNERS):
        first, after = owners[0][0], owners[-1][0]
        rows = await session.all(_UNREPORTED, first, after, today, today, since)
        if rows:
            yield [row[0] for row in rows]


async def on_the_way(
    session: Session, today: date, recorded: datetime | None = None
) -> AsyncIterator[list[int]]:
    """Ids of objectives with a number that has been reported and is not where it is to go.

    `recorded`: only where something was recorded since, of which the newest value is at most a few days older.
    """
    number = f"k.kind = '{Kind.NUMBER}' AND k.value IS NOT NULL AND {_PROGRESS} < 1"
    values: list[datetime] = []
    if recorded is not None:
        number += f" AND {_RECORDED}"
        values = [recorded - DATED_BACK, recorded]
    async for ids in _chunks(session, today, number, *values):
        yield ids


async def unmoved(
    session: Session, today: date, since: datetime, recorded: datetime
) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that has the same value since a moment, or of which something was recorded
    since another one: it may have been the same once more, or a smaller step.
    """
    still = (
        f"k.kind NOT IN ('{Kind.BOOLEAN}', '{Kind.BASELINE}') AND k.value IS NOT NULL AND (({_RECORDED}) OR"
        " NOT EXISTS (SELECT 1 FROM check_ins h WHERE h.key_result_id = k.id AND h.on_at >= ?"
        " AND CAST(h.value AS REAL) <> CAST(k.value AS REAL)))"
    )
    async for ids in _chunks(session, today, still, recorded - DATED_BACK, recorded, since):
        yield ids


async def reported(session: Session, today: date, since: datetime) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result of which something was recorded since a moment."""
    async for ids in _chunks(session, today, _RECORDED, since - DATED_BACK, since):
        yield ids


async def due_between(session: Session, today: date, last: date) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that has a deadline of its own until a day, or steps, which may have."""
    with_day = f"((k.due IS NOT NULL AND k.due <= ?) OR k.kind = '{Kind.MILESTONE}')"
    async for ids in _chunks(session, today, with_day, last):
        yield ids


async def unscored(
    session: Session, cycle_id: int, owners: Sequence[int] | None = None
) -> AsyncIterator[list[int]]:
    """Ids of objectives of a cycle that are in force and have no score yet; `owners`: only theirs."""
    mine = "" if owners is None else f" AND o.owner_id IN ({', '.join('?' * len(owners))})"
    sql = (
        f"SELECT o.id FROM objectives o WHERE o.id > ? AND o.cycle_id = ? AND o.state = '{State.ACTIVE}'"
        f" AND o.score IS NULL{mine} ORDER BY o.id LIMIT ?"
    )
    after = 0
    while rows := await session.all(sql, after, cycle_id, *(owners or ()), CHUNK):
        after = rows[-1][0]
        yield [row[0] for row in rows]


async def with_gaps(session: Session, cycle_id: int) -> list[int]:
    """Who has an objective in force and unscored that may lack something: whom it supports, key results, their ends, or
    whose fixed shares may come to more than all; or that supports neither his superior nor himself, which may skip a level.
    """
    of_it = "SELECT 1 FROM key_results k WHERE k.objective_id = o.id"
    rows = await session.all(
        "SELECT DISTINCT o.owner_id FROM objectives o JOIN employees e ON e.id = o.owner_id WHERE o.cycle_id = ?"
        f" AND o.state = '{State.ACTIVE}' AND o.score IS NULL AND ((o.parent_kr_id IS NULL AND e.manager_id IS NOT NULL)"
        " OR EXISTS (SELECT 1 FROM key_results p JOIN objectives po ON po.id = p.objective_id WHERE p.id = o.parent_kr_id"
        " AND po.owner_id <> o.owner_id AND po.owner_id <> coalesce(e.manager_id, 0))"
        f" OR NOT EXISTS ({of_it} AND k.state = '{State.ACTIVE}')"
        f" OR EXISTS ({of_it} AND k.state <> '{State.DELETED}' AND (k.target_value IS NULL OR k.start_value IS NULL))"
        " OR (SELECT sum(CAST(k.share AS REAL)) FROM key_results k WHERE k.objective_id = o.id"
        f" AND k.state <> '{State.DELETED}') > 1.0000001) ORDER BY o.owner_id",
        cycle_id,
    )
    return [row[0] for row in rows]


async def doubtful(
    session: Session, today: date, lately: datetime, low: int, high: int
) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that is not done, and of which somebody is at most so sure, is less sure than
    he was and has said something lately, or is at least so sure although it is behind.
    """
    fell = (
        "(EXISTS (SELECT 1 FROM check_ins e WHERE e.key_result_id = k.id AND e.confidence > k.confidence)"
        " AND EXISTS (SELECT 1 FROM check_ins r WHERE r.key_result_id = k.id AND r.recorded_at >= ?))"
    )
    said = (
        f"k.confidence IS NOT NULL AND coalesce({_PROGRESS}, 0) < 1"
        f" AND (k.confidence <= ? OR (k.confidence >= ? AND {_behind(session)}) OR {fell})"
    )
    async for ids in _chunks(session, today, said, low, high, today, -_NARROW, lately):
        yield ids


async def _chunks(session: Session, today: date, condition: str, *values: object) -> AsyncIterator[list[int]]:
    """Ids of objectives in force with a key result in force like this, a chunk at a time."""
    sql = f"SELECT k.id, k.objective_id {_IN_FORCE} AND {condition} ORDER BY k.id LIMIT ?"
    after = 0
    while rows := await session.all(sql, after, today, today, *values, CHUNK):
        after = rows[-1][0]
        yield sorted({row[1] for row in rows})
