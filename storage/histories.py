"""How values and confidence went, of many key results in one statement: what reminders judge by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from storage.check_ins import STANDING
from storage.session import Session, amount, moment

CHUNK = 500
"""Key results asked about in one statement."""

Value = tuple[datetime, Decimal]
"""The moment that a value speaks of, and the value."""


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure somebody said to be: 0-10, when, and in which words."""

    level: int
    at: datetime
    note: str


async def values(session: Session, kr_ids: Sequence[int], since: datetime) -> dict[int, list[Value]]:
    """The values that stand and speak of moments since then, oldest first; of who has none there is no entry."""
    found: dict[int, list[Value]] = {}
    for begin in range(0, len(kr_ids), CHUNK):
        some = kr_ids[begin : begin + CHUNK]
        rows = await session.all(
            f"SELECT c.key_result_id, c.on_at, c.value FROM check_ins c WHERE c.key_result_id IN ({_marks(some)})"
            f" AND c.value IS NOT NULL AND c.on_at >= ? AND {STANDING} ORDER BY c.on_at, c.id",
            *some,
            since,
        )
        for row in rows:
            found.setdefault(row[0], []).append((moment(row[1]), amount(row[2]) or Decimal(0)))
    return found


async def last_before(session: Session, kr_ids: Sequence[int], until: datetime) -> dict[int, Value]:
    """The last value that stands and speaks of a moment before `until`."""
    found: dict[int, Value] = {}
    for begin in range(0, len(kr_ids), CHUNK):
        some = kr_ids[begin : begin + CHUNK]
        rows = await session.all(
            f"SELECT c.key_result_id, c.on_at, c.value FROM check_ins c WHERE c.key_result_id IN ({_marks(some)})"
            f" AND c.value IS NOT NULL AND c.on_at < ? AND {STANDING} ORDER BY c.on_at, c.id",
            *some,
            until,
        )
        found |= {row[0]: (moment(row[1]), amount(row[2]) or Decimal(0)) for row in rows}
    return found


async def confidence(session: Session, kr_ids: Sequence[int], since: datetime) -> dict[int, list[Sure]]:
    """What was said about confidence and stands, oldest first."""
    found: dict[int, list[Sure]] = {}
    for begin in range(0, len(kr_ids), CHUNK):
        some = kr_ids[begin : begin + CHUNK]
        rows = await session.all(
            f"SELECT c.key_result_id, c.confidence, c.recorded_at, c.note FROM check_ins c WHERE c.key_result_id IN"
            f" ({_marks(some)}) AND c.confidence IS NOT NULL AND c.recorded_at >= ? AND {STANDING} ORDER BY c.id",
            *some,
            since,
        )
        for row in rows:
            found.setdefault(row[0], []).append(Sure(row[1], moment(row[2]), row[3]))
    return found


def _marks(some: Sequence[int]) -> str:
    return ", ".join("?" * len(some))
