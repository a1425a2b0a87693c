"""Objectives with their key results, read whole and written in small steps."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from okr.objectives import (
    Commitment,
    Cycle,
    KeyResult,
    Measure,
    Milestone,
    Objective,
    Origin,
    Reading,
    RollUp,
    State,
)
from okr.stages import stages_text
from storage import alignments
from storage.goal_rows import KR, OBJECTIVE, Kept, milestones_text, objectives_of, one_of
from storage.session import Session

_WHOLE = (
    f"SELECT {KR}, {OBJECTIVE} FROM objectives o JOIN cycles c ON c.id = o.cycle_id"
    " LEFT JOIN key_results k ON k.objective_id = o.id AND k.state <> 'deleted'"
)
_IN_ORDER = " ORDER BY o.id, k.position, k.id"
MOST = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new key result is made of. `doubts`: codes of what is left open."""

    title: str
    measure: Measure
    weight: Decimal = Decimal(1)
    share: Decimal | None = None
    due: date | None = None
    metric: str = ""
    metric_own: bool = False
    doubts: tuple[str, ...] = ()
    commitment: Commitment = Commitment.COMMITTED
    origin: Origin = Origin.BOTTOM_UP
    is_kpi: bool = False
    roll_up: RollUp = RollUp.MANUAL
    stages: tuple[tuple[date, Decimal], ...] = ()


# --- reading ---


async def with_key_result(session: Session, kr_id: int, *, lock: bool = False) -> Objective | None:
    """The objective that this key result belongs to, whole. `lock` keeps others from reporting meanwhile."""
    if lock and session.for_update:
        await session.one(f"SELECT id FROM key_results WHERE id = ?{session.for_update}", kr_id)
    rows = await session.all(
        f"{_WHOLE} WHERE o.id = (SELECT objective_id FROM key_results WHERE id = ? AND state <> 'deleted'){_IN_ORDER}",
        kr_id,
    )
    return one_of(rows)


async def by_id(session: Session, objective_id: int) -> Objective | None:
    return one_of(
        await session.all(f"{_WHOLE} WHERE o.id = ? AND o.state <> 'deleted'{_IN_ORDER}", objective_id)
    )


async def by_ids(session: Session, ids: Collection[int]) -> list[Objective]:
    """All of these that are there, by their ids."""
    found: list[Objective] = []
    wanted = sorted(ids)
    for begin in range(0, len(wanted), MOST):
        some = wanted[begin : begin + MOST]
        marks = ", ".join("?" * len(some))
        found += objectives_of(
            await session.all(f"{_WHOLE} WHERE o.id IN ({marks}) AND o.state <> 'deleted'{_IN_ORDER}", *some)
        )
    return found


async def of_owner(
    session: Session, owner_id: int, cycle_id: int, states: Sequence[State] = (State.ACTIVE,)
) -> list[Objective]:
    return await of_owners(session, [owner_id], cycle_id, states)


async def of_owners(
    session: Session,
    owner_ids: Sequence[int],
    cycle_id: int,
    states: Sequence[State] = (State.ACTIVE,),
    *,
    kept: Kept | None = None,
) -> list[Objective]:
    """Objectives of a cycle in the order they were made. `kept`: what they were when they were read last."""
    if not owner_ids:
        return []
    owners, wanted = ", ".join("?" * len(owner_ids)), ", ".join("?" * len(states))
    rows = await session.all(
        f"{_WHOLE} WHERE o.owner_id IN ({owners}) AND o.cycle_id = ? AND o.state IN ({wanted}){_IN_ORDER}",
        *owner_ids,
        cycle_id,
        *(str(state) for state in states),
    )
    return objectives_of(rows, kept)


async def owners_of(session: Session, kr_ids: Sequence[int]) -> dict[int, int]:
    """Whose these key results are."""
    if not kr_ids:
        return {}
    marks = ", ".join("?" * len(kr_ids))
    rows = await session.all(
        "SELECT k.id, o.owner_id FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        f" WHERE k.id IN ({marks})",
        *kr_ids,
    )
    return {row[0]: row[1] for row in rows}


async def doubts_of(session: Session, objective_id: int) -> dict[int, tuple[str, ...]]:
    """What is still open on a draft's key results, by their ids."""
    rows = await session.all(
        "SELECT id, doubts FROM key_results WHERE objective_id = ? AND state <> 'deleted'", objective_id
    )
    return {row[0]: tuple(code for code in row[1].split(",") if code) for row in rows}


# --- writing ---


async def create(
    session: Session,
    owner_id: int,
    cycle: Cycle,
    title: str,
    drafts: Iterable[Draft],
    parent_kr: int | None,
    at: datetime,
) -> int:
    """Make a draft and return its id."""
    row = await session.one(
        "INSERT INTO objectives (cycle_id, owner_id, title, state, version, created_at)"
        " VALUES (?, ?, ?, ?, 1, ?) RETURNING id",
        cycle.id,
        owner_id,
        title,
        str(State.DRAFT),
        at,
    )
    assert row is not None
    objective_id: int = row[0]
    for draft in drafts:
        await add_key_result(session, objective_id, draft)
    if parent_kr is not None:
        await alignments.align(session, alignments.objective(objective_id), parent_kr, at=at, by=owner_id)
    return objective_id


async def add_key_result(session: Session, objective_id: int, draft: Draft) -> int:
    """Add a key result below the others and return its id."""
    columns = _definition(draft)
    row = await session.one(
        f"INSERT INTO key_results (objective_id, position, state, value_source, value_typed, {', '.join(columns)})"
        " VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM key_results WHERE objective_id = ?), ?, '', ?,"
        f" {', '.join('?' * len(columns))}) RETURNING id",
        objective_id,
        objective_id,
        str(State.DRAFT),
        True,
        *columns.values(),
    )
    assert row is not None
    await _changed(session, objective_id)
    kr_id: int = row[0]
    return kr_id


async def redefine(session: Session, kr: KeyResult, draft: Draft) -> None:
    """Make a draft's key result another, with its number and what was reported on it."""
    columns = _definition(draft)
    sets = ", ".join(f"{name} = ?" for name in columns)
    await session.run(f"UPDATE key_results SET {sets} WHERE id = ?", *columns.values(), kr.id)
    await _changed(session, kr.objective_id)


def draft_of(kr: KeyResult) -> Draft:
    """What it takes to make the same key result once more."""
    return Draft(
        title=kr.title,
        measure=kr.measure,
        weight=kr.weight,
        share=kr.share,
        due=kr.due,
        metric=kr.metric,
        metric_own=kr.metric_own,
        commitment=kr.commitment,
        origin=kr.origin,
        is_kpi=kr.is_kpi,
        roll_up=kr.roll_up,
        stages=kr.stages,
    )


def _definition(draft: Draft) -> dict[str, object]:
    """The columns that say what a key result is, with their values."""
    measure = draft.measure
    return {
        "title": draft.title,
        "kind": str(measure.kind),
        "unit": measure.unit,
        "basis": str(measure.basis),
        "start_value": measure.start,
        "target_value": measure.target,
        "low_value": measure.low,
        "high_value": measure.high,
        "tolerance": measure.tolerance,
        "cumulative": measure.cumulative,
        "milestones": milestones_text(measure.milestones),
        "rungs": json.dumps(measure.rungs, ensure_ascii=False) if measure.rungs else "",
        "weight": draft.weight,
        "share": draft.share,
        "due": draft.due,
        "metric": draft.metric,
        "metric_own": draft.metric_own,
        "doubts": ",".join(draft.doubts),
        "commitment": str(draft.commitment),
        "origin": str(draft.origin),
        "is_kpi": draft.is_kpi,
        "roll_up": str(draft.roll_up),
        "stages": stages_text(draft.stages),
    }


_FIELDS = {
    "title": "title",
    "unit": "unit",
    "basis": "basis",
    "start": "start_value",
    "target": "target_value",
    "low": "low_value",
    "high": "high_value",
    "tolerance": "tolerance",
    "cumulative": "cumulative",
    "weight": "weight",
    "share": "share",
    "due": "due",
    "kind": "kind",
    "commitment": "commitment",
    "origin": "origin",
    "is_kpi": "is_kpi",
    "roll_up": "roll_up",
    "stages": "stages",
}


async def change_key_result(session: Session, kr: KeyResult, doubts: Sequence[str], **fields: object) -> None:
    """Set fields of a draft's key result (names of `Measure` and `KeyResult`) and what is left open."""
    sets = "".join(f", {_FIELDS[name]} = ?" for name in fields)
    values = [str(value) if isinstance(value, StrEnum) else value for value in fields.values()]
    await session.run(
        f"UPDATE key_results SET doubts = ?{sets} WHERE id = ?", ",".join(doubts), *values, kr.id
    )
    await _changed(session, kr.objective_id)


async def rename(session: Session, objective_id: int, title: str) -> None:
    await session.run("UPDATE objectives SET title = ? WHERE id = ?", title, objective_id)
    await _changed(session, objective_id)


async def set_cycle(session: Session, objective_id: int, cycle_id: int) -> None:
    await session.run("UPDATE objectives SET cycle_id = ? WHERE id = ?", cycle_id, objective_id)
    await _changed(session, objective_id)


async def set_parent(
    session: Session, objective_id: int, kr_id: int, at: datetime, by: int | None = None
) -> None:
    """Let a draft support this key result instead of what it supported."""
    child = alignments.objective(objective_id)
    for edge in await alignments.parents_of(session, child):
        if edge.parent != kr_id:
            await alignments.end(session, edge, at=at, by=by)
    await alignments.align(session, child, kr_id, at=at, by=by)
    await _changed(session, objective_id)


async def activate(session: Session, objective_id: int, at: datetime) -> None:
    """Put a draft and its key results in force."""
    await session.run(
        "UPDATE objectives SET state = ?, active_at = ? WHERE id = ?", str(State.ACTIVE), at, objective_id
    )
    await session.run(
        "UPDATE key_results SET state = ? WHERE objective_id = ? AND state = ?",
        str(State.ACTIVE),
        objective_id,
        str(State.DRAFT),
    )


async def delete_draft(session: Session, objective_id: int) -> None:
    await session.run("UPDATE objectives SET state = ? WHERE id = ?", str(State.DELETED), objective_id)
    await alignments.forget(session, objective_id)


async def delete_key_result(session: Session, kr: KeyResult) -> None:
    await session.run("UPDATE key_results SET state = ? WHERE id = ?", str(State.DELETED), kr.id)
    await alignments.forget(session, kr.objective_id, [kr.id])
    await _changed(session, kr.objective_id)


async def mark_milestones(session: Session, kr: KeyResult, milestones: Sequence[Milestone]) -> None:
    await session.run(
        "UPDATE key_results SET milestones = ? WHERE id = ?", milestones_text(milestones), kr.id
    )


async def set_value(session: Session, kr_id: int, reading: Reading | None) -> None:
    """Repeat the newest reading on the key result, or nothing where none is left."""
    if reading is None:
        await session.later(
            "UPDATE key_results SET value = NULL, value_at = NULL, value_source = '', value_typed = ?, overdue = ? WHERE id = ?",
            True,
            False,
            kr_id,
        )
    else:
        await session.later(
            "UPDATE key_results SET value = ?, value_at = ?, value_source = ?, value_typed = ?, overdue = ? WHERE id = ?",
            reading.value,
            reading.at,
            reading.source,
            reading.typed,
            False,
            kr_id,
        )


async def set_values(session: Session, readings: Sequence[tuple[int, Reading]]) -> None:
    """Repeat the newest readings on many key results."""
    await session.pour(
        "WITH said (id, value, at, source, typed) AS ({rows}) UPDATE key_results SET value = said.value, value_at = said.at,"
        " value_source = said.source, value_typed = said.typed, overdue = FALSE FROM said WHERE key_results.id = said.id",
        ("int", "numeric", "timestamptz", "text", "boolean"),
        [(kr_id, one.value, one.at, one.source, one.typed) for kr_id, one in readings],
    )


async def mark_overdue(session: Session, kr_ids: Sequence[int]) -> None:
    """What the week asked for and nobody has reported for days; the next value ends it."""
    if kr_ids:
        marks = ", ".join("?" * len(kr_ids))
        await session.run(f"UPDATE key_results SET overdue = ? WHERE id IN ({marks})", True, *kr_ids)


async def set_confidence(session: Session, kr_id: int, confidence: int | None) -> None:
    await session.run("UPDATE key_results SET confidence = ? WHERE id = ?", confidence, kr_id)


async def _changed(session: Session, objective_id: int) -> None:
    await session.run("UPDATE objectives SET version = version + 1 WHERE id = ?", objective_id)
