"""Scores of key results and objectives, with the reason and the cause that were given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from okr.objectives import State
from okr.scoring import Cause
from storage.session import Session, amount

LONGEST_REASON = 80


@dataclass(frozen=True, slots=True)
class Mark:
    """A key result's score as it was given. `reason`: why it is not the progress; `cause`: why it is low."""

    kr_id: int
    score: Decimal
    reason: str = ""
    cause: Cause | None = None


async def of(session: Session, objective_ids: Sequence[int]) -> dict[int, Mark]:
    """What has been given to the key results of these objectives, by their ids."""
    if not objective_ids:
        return {}
    marks = ", ".join("?" * len(objective_ids))
    rows = await session.all(
        f"SELECT id, score, score_note FROM key_results WHERE objective_id IN ({marks}) AND score IS NOT NULL",
        *objective_ids,
    )
    return {row[0]: _mark(row[0], amount(row[1]) or Decimal(0), row[2]) for row in rows}


async def give(session: Session, mark: Mark) -> None:
    note = [mark.cause, mark.reason[:LONGEST_REASON]] if mark.cause or mark.reason else None
    await session.run(
        "UPDATE key_results SET score = ?, score_note = ? WHERE id = ?",
        mark.score,
        json.dumps(note, ensure_ascii=False) if note else "",
        mark.kr_id,
    )


async def confirm(session: Session, objective_id: int, score: Decimal | None) -> None:
    """Keep the objective's score as confirmed; None takes the confirmation back."""
    kept = None if score is None else score.quantize(Decimal("0.001"))
    await session.run("UPDATE objectives SET score = ? WHERE id = ?", kept, objective_id)


async def close(session: Session, kr_id: int, score: Decimal | None) -> None:
    await session.run(
        "UPDATE key_results SET state = ?, score = ? WHERE id = ?", str(State.CLOSED), score, kr_id
    )


async def close_objective(session: Session, objective_id: int, score: Decimal | None) -> None:
    await session.run("UPDATE objectives SET state = ? WHERE id = ?", str(State.CLOSED), objective_id)
    await confirm(session, objective_id, score)


async def reopen(session: Session, cycle_id: int) -> int:
    """Put the closed objectives of a cycle in force again; their scores stay until they are changed."""
    await session.run(
        "UPDATE key_results SET state = ? WHERE state = ? AND objective_id IN"
        " (SELECT id FROM objectives WHERE cycle_id = ? AND state = ?)",
        str(State.ACTIVE),
        str(State.CLOSED),
        cycle_id,
        str(State.CLOSED),
    )
    return await session.run(
        "UPDATE objectives SET state = ? WHERE cycle_id = ? AND state = ?",
        str(State.ACTIVE),
        cycle_id,
        str(State.CLOSED),
    )


def _mark(kr_id: int, score: Decimal, note: str) -> Mark:
    cause, reason = json.loads(note) if note else (None, "")
    return Mark(kr_id, score, reason, Cause(cause) if cause else None)
