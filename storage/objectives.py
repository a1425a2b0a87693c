"""Objectives with their key results, read whole and written in small steps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from okr.objectives import (
    Basis,
    Commitment,
    Cycle,
    CycleState,
    KeyResult,
    Kind,
    Measure,
    Milestone,
    Objective,
    Origin,
    Reading,
    RollUp,
    State,
    Visibility,
)
from storage import alignments
from storage.session import Row, Session, amount, day, day_or_none, moment

_KR = (
    "k.id, k.objective_id, k.position, k.title, k.kind, k.unit, k.basis, k.start_value, k.target_value, k.low_value,"
    " k.high_value, k.tolerance, k.cumulative, k.milestones, k.rungs, k.weight, k.share, k.state, k.due, k.metric,"
    " k.metric_own, k.confidence, k.value, k.value_at, k.value_source, k.value_typed, k.doubts,"
    " k.commitment, k.origin, k.is_kpi, k.parent_kr_id, k.roll_up, k.stages, k.score"
)
_KR_WIDTH = 34
_OBJECTIVE = (
    'o.id, o.title, o.owner_id, o.state, o.parent_kr_id, o.version, c.id, c.name, c.start, c."end",'
    " o.visibility, o.direction_id, o.exception, o.score, c.state"
)
_WHOLE = (
    f"SELECT {_KR}, {_OBJECTIVE} FROM objectives o JOIN cycles c ON c.id = o.cycle_id"
    " LEFT JOIN key_results k ON k.objective_id = o.id AND k.state <> 'deleted'"
)
_IN_ORDER = " ORDER BY o.id, k.position, k.id"


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


# --- reading ---


async def with_key_result(session: Session, kr_id: int, *, lock: bool = False) -> Objective | None:
    """The objective that this key result belongs to, whole. `lock` keeps others from reporting meanwhile."""
    if lock and session.for_update:
        await session.one(f"SELECT id FROM key_results WHERE id = ?{session.for_update}", kr_id)
    rows = await session.all(
        f"{_WHOLE} WHERE o.id = (SELECT objective_id FROM key_results WHERE id = ? AND state <> 'deleted'){_IN_ORDER}",
        kr_id,
    )
    return _first(rows)


async def by_id(session: Session, objective_id: int) -> Objective | None:
    return _first(
        await session.all(f"{_WHOLE} WHERE o.id = ? AND o.state <> 'deleted'{_IN_ORDER}", objective_id)
    )


async def by_ids(session: Session, ids: Sequence[int]) -> list[Objective]:
    """Several, whole; some hundreds at a time."""
    marks = ", ".join("?" * len(ids)) or "NULL"
    return _objectives(
        await session.all(f"{_WHOLE} WHERE o.id IN ({marks}) AND o.state <> 'deleted'{_IN_ORDER}", *ids)
    )


async def of_owner(
    session: Session, owner_id: int, cycle_id: int, states: Sequence[State] = (State.ACTIVE,)
) -> list[Objective]:
    return await of_owners(session, [owner_id], cycle_id, states)


async def of_owners(
    session: Session, owner_ids: Sequence[int], cycle_id: int, states: Sequence[State] = (State.ACTIVE,)
) -> list[Objective]:
    """Objectives of a cycle in the order they were made."""
    if not owner_ids:
        return []
    owners, wanted = ", ".join("?" * len(owner_ids)), ", ".join("?" * len(states))
    rows = await session.all(
        f"{_WHOLE} WHERE o.owner_id IN ({owners}) AND o.cycle_id = ? AND o.state IN ({wanted}){_IN_ORDER}",
        *owner_ids,
        cycle_id,
        *(str(state) for state in states),
    )
    return _objectives(rows)


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
    measure = draft.measure
    row = await session.one(
        "INSERT INTO key_results (objective_id, position, title, kind, unit, basis, start_value, target_value, low_value,"
        " high_value, tolerance, cumulative, milestones, rungs, weight, share, state, due, metric, metric_own, doubts,"
        " value_source, value_typed, commitment, origin, is_kpi, roll_up)"
        " VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM key_results WHERE objective_id"
        " = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?) RETURNING id",
        objective_id,
        objective_id,
        draft.title,
        str(measure.kind),
        measure.unit,
        str(measure.basis),
        measure.start,
        measure.target,
        measure.low,
        measure.high,
        measure.tolerance,
        measure.cumulative,
        _milestones_text(measure.milestones),
        json.dumps(measure.rungs, ensure_ascii=False) if measure.rungs else "",
        draft.weight,
        draft.share,
        str(State.DRAFT),
        draft.due,
        draft.metric,
        draft.metric_own,
        ",".join(draft.doubts),
        True,
        str(draft.commitment),
        str(draft.origin),
        draft.is_kpi,
        str(draft.roll_up),
    )
    assert row is not None
    await _changed(session, objective_id)
    kr_id: int = row[0]
    return kr_id


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
    await alignments.replace_parents(session, alignments.objective(objective_id), kr_id, at=at, by=by)
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


async def delete_key_result(session: Session, kr: KeyResult) -> None:
    await session.run("UPDATE key_results SET state = ? WHERE id = ?", str(State.DELETED), kr.id)
    await _changed(session, kr.objective_id)


async def mark_milestones(session: Session, kr: KeyResult, milestones: Sequence[Milestone]) -> None:
    await session.run(
        "UPDATE key_results SET milestones = ? WHERE id = ?", _milestones_text(milestones), kr.id
    )


async def set_value(session: Session, kr_id: int, reading: Reading | None) -> None:
    """Repeat the newest reading on the key result, or nothing where none is left."""
    if reading is None:
        await session.run(
            "UPDATE key_results SET value = NULL, value_at = NULL, value_source = '', value_typed = ? WHERE id = ?",
            True,
            kr_id,
        )
    else:
        await session.run(
            "UPDATE key_results SET value = ?, value_at = ?, value_source = ?, value_typed = ? WHERE id = ?",
            reading.value,
            reading.at,
            reading.source,
            reading.typed,
            kr_id,
        )


async def set_confidence(session: Session, kr_id: int, confidence: int | None) -> None:
    await session.run("UPDATE key_results SET confidence = ? WHERE id = ?", confidence, kr_id)


async def _changed(session: Session, objective_id: int) -> None:
    await session.run("UPDATE objectives SET version = version + 1 WHERE id = ?", objective_id)


# --- rows to values ---


def _objectives(rows: Sequence[Row]) -> list[Objective]:
    whole: list[Objective] = []
    parts: list[KeyResult] = []
    for index, row in enumerate(rows):
        if row[0] is not None:
            parts.append(_key_result(row))
        last_of_its_objective = index + 1 == len(rows) or rows[index + 1][_KR_WIDTH] != row[_KR_WIDTH]
        if last_of_its_objective:
            whole.append(_objective(row, tuple(parts)))
            parts = []
    return whole


def _first(rows: Sequence[Row]) -> Objective | None:
    found = _objectives(rows)
    return found[0] if found else None


def _objective(row: Row, key_results: tuple[KeyResult, ...]) -> Objective:
    at = _KR_WIDTH
    return Objective(
        id=row[at],
        title=row[at + 1],
        owner_id=row[at + 2],
        state=State(row[at + 3]),
        parent_kr=row[at + 4],
        version=row[at + 5],
        cycle=Cycle(row[at + 6], row[at + 7], day(row[at + 8]), day(row[at + 9]), CycleState(row[at + 14])),
        key_results=key_results,
        visibility=Visibility(row[at + 10]),
        direction=row[at + 11],
        exception=row[at + 12],
        score=amount(row[at + 13]),
    )


def _key_result(row: Row) -> KeyResult:
    value = amount(row[22])
    return KeyResult(
        id=row[0],
        objective_id=row[1],
        order=row[2],
        title=row[3],
        measure=Measure(
            kind=Kind(row[4]),
            unit=row[5],
            basis=Basis(row[6]),
            start=amount(row[7]),
            target=amount(row[8]),
            low=amount(row[9]),
            high=amount(row[10]),
            tolerance=amount(row[11]),
            cumulative=bool(row[12]),
            milestones=_milestones(row[13]) if row[13] else (),
            rungs=tuple(json.loads(row[14])) if row[14] else None,
        ),
        weight=amount(row[15]) or Decimal(0),
        share=amount(row[16]),
        state=State(row[17]),
        due=day_or_none(row[18]),
        metric=row[19],
        metric_own=bool(row[20]),
        confidence=row[21],
        reading=None if value is None else Reading(value, moment(row[23]), row[24], bool(row[25])),
        commitment=Commitment(row[27]),
        origin=Origin(row[28]),
        is_kpi=bool(row[29]),
        parent_kr=row[30],
        roll_up=RollUp(row[31]),
        stages=_stages(row[32]) if row[32] else (),
        score=amount(row[33]),
    )


def _milestones_text(milestones: Sequence[Milestone]) -> str:
    if not milestones:
        return ""
    plain: list[Any] = [
        [m.title, str(m.weight), m.due.isoformat() if m.due else None, m.done] for m in milestones
    ]
    return json.dumps(plain, ensure_ascii=False)


def _milestones(text: str) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(title, Decimal(weight), date.fromisoformat(due) if due else None, done)
        for title, weight, due, done in json.loads(text)
    )


def _stages(text: str) -> tuple[tuple[date, Decimal], ...]:
    return tuple((date.fromisoformat(day_text), Decimal(share)) for day_text, share in json.loads(text))
