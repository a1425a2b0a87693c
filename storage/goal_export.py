"""Goals and check-ins of a cycle, read in portions so that a table of any size can be written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from okr.objectives import Cycle, KeyResult, Objective, State
from okr.people import Person
from storage import check_ins, objectives, people, scores
from storage.check_ins import CheckIn
from storage.session import Session

AT_A_TIME = 200
"""Owners whose goals are read at once."""
PUBLISHED = (State.PENDING, State.ACTIVE, State.PAUSED, State.CLOSED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Whole:
    """An objective with its owner, what it supports (`E0101/西湖店销售额`), and what was said with its scores."""

    objective: Objective
    owner: Person
    supports: str
    notes: dict[int, str]


async def owners(session: Session, cycle: Cycle) -> list[int]:
    rows = await session.all(
        "SELECT DISTINCT o.owner_id, e.number FROM objectives o JOIN employees e ON e.id = o.owner_id"
        " WHERE o.cycle_id = ? AND o.state <> ? ORDER BY e.number",
        cycle.id,
        str(State.DELETED),
    )
    return [row[0] for row in rows]


async def goals(session: Session, cycle: Cycle, some: Sequence[int], *, drafts: bool = False) -> list[Whole]:
    """The goals of these owners in a cycle, each owner's together; drafts only where they are asked for."""
    states = (State.DRAFT, *PUBLISHED) if drafts else PUBLISHED
    found = await objectives.of_owners(session, some, cycle.id, states)
    known = await people.by_ids(session, some)
    place = {owner: number for number, owner in enumerate(some)}
    marks = await scores.of(session, [objective.id for objective in found])
    notes = {
        kr_id: " ".join(part for part in (str(mark.cause or ""), mark.reason) if part)
        for kr_id, mark in marks.items()
    }
    parents = await _titles(session, [objective.parent_kr for objective in found if objective.parent_kr])
    return [
        Whole(objective, known[objective.owner_id], parents.get(objective.parent_kr or 0, ""), notes)
        for objective in sorted(found, key=lambda one: (place[one.owner_id], one.id))
    ]


async def _titles(session: Session, kr_ids: Sequence[int]) -> dict[int, str]:
    if not kr_ids:
        return {}
    marks = ", ".join("?" * len(kr_ids))
    rows = await session.all(
        "SELECT k.id, e.number, k.title FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        f" JOIN employees e ON e.id = o.owner_id WHERE k.id IN ({marks})",
        *kr_ids,
    )
    return {row[0]: f"{row[1]}/{row[2]}" for row in rows}


async def reported(session: Session, whole: Whole) -> AsyncIterator[tuple[Objective, KeyResult, CheckIn]]:
    """Everything that was ever reported on an objective, oldest first, what was taken back among it."""
    for kr in whole.objective.key_results:
        for entry in reversed(await check_ins.of(session, kr.id, limit=1_000_000)):
            yield whole.objective, kr, entry
