"""The goals around a goal, read a level at a time: what counts in each, and by how much."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from okr.objectives import Objective, State
from okr.progress import Progress
from okr.rollup import Part
from storage import objectives
from storage.alignments import STANDS, Child
from storage.session import Session, amount

ONE = Decimal(1)
MOST = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class Support:
    """One goal that supports a key result, with what it takes to weigh it."""

    child: Child
    parent: int
    part: Part


_SUPPORTS = (
    "SELECT a.child_objective_id, a.child_kr_id, a.parent_kr_id, a.share, a.weight, a.rolls, a.progress,"
    " coalesce(k.state, o.state), k.start_value, k.target_value, k.unit, k.value"
    " FROM alignments a LEFT JOIN key_results k ON k.id = a.child_kr_id"
    " LEFT JOIN objectives o ON o.id = a.child_objective_id"
)


async def supports_of(session: Session, kr_ids: Collection[int]) -> list[Support]:
    """All that supports these key results, in the order it was aligned."""
    return await _supports(session, "a.parent_kr_id", sorted(kr_ids))


async def supported_by(
    session: Session, objective_ids: Collection[int], kr_ids: Collection[int]
) -> list[Support]:
    """What these goals support, the main one of each first."""
    return [
        *await _supports(session, "a.child_objective_id", sorted(objective_ids)),
        *await _supports(session, "a.child_kr_id", sorted(kr_ids)),
    ]


async def _supports(session: Session, column: str, ids: Sequence[int]) -> list[Support]:
    found: list[Support] = []
    for begin in range(0, len(ids), MOST):
        some = ids[begin : begin + MOST]
        rows = await session.all(
            f"{_SUPPORTS} WHERE {column} IN ({', '.join('?' * len(some))}) AND a.state {STANDS} ORDER BY a.id",
            *some,
        )
        for row in rows:
            child = Child(row[0]) if row[0] is not None else Child(row[1], is_kr=True)
            done = amount(row[6]) or Decimal(0)
            part = Part(
                child.ref,
                Progress(done, done),
                value=amount(row[11]),
                start=amount(row[8]),
                target=amount(row[9]),
                unit=row[10] or "",
                weight=amount(row[4]) or Decimal(0),
                share=ONE if row[3] is None else amount(row[3]) or Decimal(0),
                rolls_up=bool(row[5]),
                state=State(row[7]),
            )
            found.append(Support(child, row[2], part))
    return found


async def counts_below(session: Session, kr_ids: Collection[int]) -> dict[int, int]:
    """How many goals support each of these key results directly, where any do."""
    found: dict[int, int] = {}
    wanted = sorted(kr_ids)
    for begin in range(0, len(wanted), MOST):
        some = wanted[begin : begin + MOST]
        rows = await session.all(
            "SELECT a.parent_kr_id, count(*) FROM alignments a WHERE a.parent_kr_id IN"
            f" ({', '.join('?' * len(some))}) AND a.state {STANDS} GROUP BY a.parent_kr_id",
            *some,
        )
        found |= {row[0]: row[1] for row in rows}
    return found


async def tops_of(session: Session, cycle_id: int, limit: int) -> list[int]:
    """Objectives in force of a cycle that support nothing, those of who has no superior first."""
    rows = await session.all(
        "SELECT o.id FROM objectives o JOIN employees e ON e.id = o.owner_id WHERE o.cycle_id = ?"
        " AND o.state = 'active' AND o.parent_kr_id IS NULL"
        " ORDER BY CASE WHEN e.manager_id IS NULL THEN 0 ELSE 1 END, o.id LIMIT ?",
        cycle_id,
        limit,
    )
    return [row[0] for row in rows]


async def objectives_of(session: Session, kr_ids: Collection[int]) -> list[Objective]:
    """The objectives that these key results belong to, whole."""
    ids: set[int] = set()
    wanted = sorted(kr_ids)
    for begin in range(0, len(wanted), MOST):
        some = wanted[begin : begin + MOST]
        rows = await session.all(
            f"SELECT objective_id FROM key_results WHERE id IN ({', '.join('?' * len(some))})", *some
        )
        ids |= {row[0] for row in rows}
    return await objectives.by_ids(session, ids)
