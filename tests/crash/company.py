"""The people who report: the cast, each with a level to set and a sum to add to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from okr.objectives import Basis, Kind, Measure
from sandbox.cast import CAST, CastMember
from sandbox.sample_company import ZONE, furnish
from storage import cycles, objectives, people
from storage.objectives import Draft
from storage.session import Session

NUMBERS = ("E0003", "E0101", "E0102", "E0103", "E0201", "E0202")
SHARED = {"E0003": "E0101"}
"""Who adds to somebody else's sum: a manager may report for their people, at the same time as they do."""
FAR = Decimal(1_000_000)
"""A way so long that no report looks like a slip."""


@dataclass(frozen=True, slots=True)
class Writer:
    """`level` and `total` are ids of key results: one is set, to the other one is added."""

    member: CastMember
    level: int
    total: int


async def employ(session: Session, now: datetime) -> Sequence[Writer]:
    """Fill an empty database and return who will write."""
    await furnish(session, now)
    made = {number: await _goal(session, number, now) for number in NUMBERS}
    cast = {member.number: member for member in CAST}
    return [Writer(cast[number], made[number][0], made[SHARED.get(number, number)][1]) for number in NUMBERS]


async def _goal(session: Session, number: str, now: datetime) -> tuple[int, int]:
    owner = await people.by_number(session, number)
    assert owner is not None
    cycle = await cycles.running(session, now.astimezone(ZONE).date())
    level = Measure(Kind.NUMBER, "人", Basis.LATEST, Decimal(1000), FAR)
    total = Measure(Kind.NUMBER, "次", Basis.QUARTER, Decimal(0), FAR, cumulative=True)
    drafts = [Draft("每天到店", level), Draft("顾客回访", total)]
    objective_id = await objectives.create(session, owner.id, cycle, "掉线也不丢数", drafts, None, now)
    await objectives.activate(session, objective_id, now)
    objective = await objectives.by_id(session, objective_id)
    assert objective is not None
    first, second = objective.key_results
    return first.id, second.id
