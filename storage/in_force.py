"""What becomes of goals that are or have been in force: submitted, put in force, given away, cancelled."""

from __future__ import annotations

from collections.abc import Sequence

from okr.objectives import State
from storage import alignments
from storage.session import Session


async def set_objective(session: Session, objective_id: int, state: State) -> None:
    """Move an objective alone: its key results keep their states."""
    await session.run(
        "UPDATE objectives SET state = ?, version = version + 1 WHERE id = ?", str(state), objective_id
    )


async def set_key_result(session: Session, objective_id: int, kr_id: int, state: State) -> None:
    await session.run("UPDATE key_results SET state = ? WHERE id = ?", str(state), kr_id)
    if state is State.DELETED:
        await alignments.forget(session, objective_id, [kr_id])
    await _changed(session, objective_id)


async def cancel(session: Session, objective_id: int) -> None:
    """Cancel an objective with what of it is not over."""
    await session.run(
        "UPDATE key_results SET state = ? WHERE objective_id = ? AND state IN ('active', 'paused', 'draft')",
        str(State.CANCELLED),
        objective_id,
    )
    await set_objective(session, objective_id, State.CANCELLED)


async def give_to(session: Session, objective_id: int, owner_id: int) -> None:
    await session.run("UPDATE objectives SET owner_id = ? WHERE id = ?", owner_id, objective_id)
    await _changed(session, objective_id)


async def version_of(session: Session, objective_id: int) -> int:
    row = await session.one("SELECT version FROM objectives WHERE id = ?", objective_id)
    return 0 if row is None else row[0]


async def lock(session: Session, objective_id: int) -> None:
    """Keep others from changing an objective until the transaction ends."""
    if session.for_update:
        await session.one(f"SELECT id FROM objectives WHERE id = ?{session.for_update}", objective_id)


async def owners_below(session: Session, kr_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Who owns what rests on these key results, on all levels: each owner with the nearest key result that he supports.

    Pairs of an employee's id and a key result's, in the order of the employees.
    """
    if not kr_ids:
        return []
    marks = ", ".join("?" * len(kr_ids))
    rows = await session.all(
        "WITH RECURSIVE down(kr, over, level) AS ("
        f"SELECT id, CAST(NULL AS INTEGER), 0 FROM key_results WHERE id IN ({marks}) UNION"
        " SELECT k.id, down.kr, down.level + 1 FROM down JOIN alignments a ON a.parent_kr_id = down.kr"
        " AND a.state IN ('active', 'unconfirmed') JOIN key_results k"
        " ON (k.id = a.child_kr_id OR k.objective_id = a.child_objective_id) AND k.state = 'active'"
        " WHERE down.level < 20)"
        " SELECT o.owner_id, down.over FROM down JOIN key_results k ON k.id = down.kr"
        " JOIN objectives o ON o.id = k.objective_id WHERE down.level > 0 AND o.state = 'active'"
        " ORDER BY down.level, down.kr",
        *kr_ids,
    )
    nearest: dict[int, int] = {}
    for owner_id, over in rows:
        nearest.setdefault(owner_id, over)
    return sorted(nearest.items())


async def _changed(session: Session, objective_id: int) -> None:
    await session.run("UPDATE objectives SET version = version + 1 WHERE id = ?", objective_id)
