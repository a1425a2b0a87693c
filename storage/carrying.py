"""Objectives that go on in another cycle: which was made from which, and what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from okr.objectives import State
from storage import scores
from storage.scores import Mark
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was said with the score of a key result of the objective that was carried over."""

    title: str
    mark: Mark


async def mark(session: Session, objective_id: int, carried_from: int) -> None:
    """Keep that an objective goes on with another."""
    await session.run("UPDATE objectives SET carried_from = ? WHERE id = ?", carried_from, objective_id)


async def made_from(session: Session, objective_id: int, cycle_id: int) -> int | None:
    """The objective of a cycle that goes on with this one; None where there is none, or it was deleted."""
    row = await session.one(
        "SELECT id FROM objectives WHERE carried_from = ? AND cycle_id = ? AND state <> ? ORDER BY id LIMIT 1",
        objective_id,
        cycle_id,
        str(State.DELETED),
    )
    return None if row is None else int(row[0])


async def lessons(session: Session, objective_id: int) -> tuple[int | None, list[Lesson]]:
    """The objective that this one goes on with, and what was said there, the lowest score first."""
    row = await session.one("SELECT carried_from FROM objectives WHERE id = ?", objective_id)
    if row is None or row[0] is None:
        return None, []
    marks = await scores.of(session, [row[0]])
    rows = await session.all("SELECT id, title FROM key_results WHERE objective_id = ?", row[0])
    titles = {one[0]: one[1] for one in rows}
    said = [Lesson(titles[kr_id], given) for kr_id, given in marks.items() if given.reason or given.cause]
    return int(row[0]), sorted(said, key=_score)


def _score(lesson: Lesson) -> Decimal:
    return lesson.mark.score
