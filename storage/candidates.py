"""Which key results a reminder has to look at closely: chosen in the database, in chunks, a little too many rather than too few.

The exact rule is `okr`'s, over whole objectives. Numbers are compared as floats here: near an edge both may hold.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime

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


async def lagging(session: Session, today: date, points: int) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that may be so many points behind its calendar, a chunk at a time.

    On the straight line of the cycle it is compared here; what has a deadline or stages of its own, or is no plain
    number, is left for the closer look.
    """
    days = "julianday(?) - julianday(c.start)", 'julianday(c."end") - julianday(c.start)'
    if session.for_update:
        days = "CAST(? AS date) - c.start", 'c."end" - c.start'
    expected = f"CAST({days[0]} AS REAL) / nullif({days[1]}, 0)"
    plain = f"k.kind = '{Kind.NUMBER}' AND k.due IS NULL AND k.stages = ''"
    sql = (
        f"SELECT k.id, k.objective_id {_IN_FORCE} AND (NOT ({plain}) OR {_PROGRESS} <= {expected} - ?)"
        " ORDER BY k.id LIMIT ?"
    )
    after = 0
    while rows := await session.all(sql, after, today, today, today, points / 100 - _NARROW - 0.005, CHUNK):
        after = rows[-1][0]
        yield sorted({row[1] for row in rows})


async def unreported(session: Session, today: date, since: datetime) -> AsyncIterator[list[int]]:
    """Ids of objectives with a key result that somebody has to report and nobody has since a moment."""
    sql = (
        f"SELECT k.id, k.objective_id {_IN_FORCE} AND k.metric = '' AND k.roll_up = 'manual'"
        " AND (k.value_at IS NULL OR k.value_at < ?) ORDER BY k.id LIMIT ?"
    )
    after = 0
    while rows := await session.all(sql, after, today, today, since, CHUNK):
        after = rows[-1][0]
        yield sorted({row[1] for row in rows})
