"""A change that somebody asked for: what it would set, and what the goal would be then (docs/rules/approvals.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from okr.approvals import ChangeField, Need, RequestState, is_decrease
from okr.objectives import (
    Basis,
    Commitment,
    KeyResult,
    Kind,
    Measure,
    Objective,
    Origin,
    RollUp,
    State,
)
from okr.progress import key_result_progress
from okr.stages import stages_of, stages_text

Value: TypeAlias = Decimal | date | str | int | bool | None
Values: TypeAlias = Mapping[str, Value]
"""Fields of `Measure`, `KeyResult` or `Objective` by their names."""
OF_EDGES = frozenset({"parents", "align"})
"""What a goal supports stands beside it and not in it: as people read it, and as it is said to be done."""

_OF_MEASURE = frozenset(part.name for part in fields(Measure))


class RequestKind(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    ADD = "add"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that would be another: what stands there now, and what is wanted."""

    field: ChangeField
    old: Values
    new: Values


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """R8. `kr_id` is None where it is about the whole objective; `version` the objective's that was asked about."""

    id: int
    kind: RequestKind
    objective_id: int
    kr_id: int | None
    changes: tuple[FieldChange, ...]
    reason: str
    interview: str
    """The talk in which it was agreed, as it was named."""
    version: int
    applicant_id: int
    need: Need
    state: RequestState
    asked_at: datetime
    platform: str = ""
    decided_at: datetime | None = None
    decided_by: int | None = None
    decision: str = ""

    @property
    def ref(self) -> str:
        return f"R{self.id}"

    @property
    def about(self) -> str:
        return f"O{self.objective_id}" if self.kr_id is None else f"KR{self.kr_id}"

    @property
    def fields(self) -> frozenset[ChangeField]:
        return frozenset(change.field for change in self.changes)


@dataclass(frozen=True, slots=True)
class Part:
    """One approver's part in a request. `version`: the objective's version that he was shown."""

    approver_id: int
    state: str
    version: int
    stands_in_for: int | None = None


def made(kr: KeyResult, values: Values) -> KeyResult:
    """The key result with these fields set."""
    values = {name: value for name, value in values.items() if name not in OF_EDGES}
    of_measure = {name: _typed(name, value) for name, value in values.items() if name in _OF_MEASURE}
    own = {name: _typed(name, value) for name, value in values.items() if name not in _OF_MEASURE}
    return _as_far(kr, replace(kr, measure=replace(kr.measure, **of_measure), **own))


def _as_far(kr: KeyResult, after: KeyResult) -> KeyResult:
    """What is computed from progress below keeps its progress with other ends: its value moves along."""
    start, target = after.measure.start, after.measure.target
    if kr.roll_up is not RollUp.AVERAGE or after.reading is None or start is None or target is None:
        return after
    value = start + key_result_progress(kr).clamped * (target - start)
    return replace(after, reading=replace(after.reading, value=value))


def known(kr: KeyResult, names: Iterable[str]) -> dict[str, Value]:
    """What stands now in the fields of these names."""
    return {
        name: stages_text(kr.stages)
        if name == "stages"
        else getattr(kr.measure if name in _OF_MEASURE else kr, name)
        for name in names
    }


def applied(objective: Objective, request: ChangeRequest) -> Objective:
    """The objective as it would be with a request in force."""
    match request.kind:
        case RequestKind.CREATE:
            return replace(
                objective,
                state=State.ACTIVE,
                key_results=tuple(
                    replace(kr, state=State.ACTIVE) if kr.state is State.DRAFT else kr
                    for kr in objective.key_results
                ),
            )
        case RequestKind.ADD:
            return _with(objective, request.kr_id, {"state": State.ACTIVE})
        case RequestKind.CANCEL if request.kr_id is None:
            return replace(objective, state=State.CANCELLED)
        case RequestKind.CANCEL:
            return _with(objective, request.kr_id, {"state": State.CANCELLED})
        case RequestKind.CHANGE:
            values = {name: value for change in request.changes for name, value in change.new.items()}
            if request.kr_id is not None:
                return _with(objective, request.kr_id, values)
            return replace(objective, title=str(values.get("title", objective.title)))


def applied_values(objective: Objective, after: KeyResult) -> Objective:
    """The objective with one of its key results another."""
    return replace(
        objective, key_results=tuple(after if kr.id == after.id else kr for kr in objective.key_results)
    )


def is_easier(kr: KeyResult, changes: Iterable[FieldChange]) -> bool:
    """Whether the changes make a key result's goal easier: a nearer target, a wider bound."""
    changes = tuple(changes)
    after = kr
    for change in changes:
        after = made(after, change.new)
    was, now = kr.measure, after.measure
    if was.kind is Kind.MAINTAIN:
        return _falls(was.low, now.low) or _falls(now.high, was.high)
    if was.target is None or now.target is None or was.target == now.target:
        return False
    return is_decrease(was, was.target, now.target)


def _falls(old: Decimal | None, new: Decimal | None) -> bool:
    """A bound that is taken away falls too."""
    return old is not None and (new is None or new < old)


def _with(objective: Objective, kr_id: int | None, values: Values) -> Objective:
    return replace(
        objective,
        key_results=tuple(made(kr, values) if kr.id == kr_id else kr for kr in objective.key_results),
    )


def _typed(name: str, value: Value) -> Any:
    """Kept as text, seen by the rules as what it is."""
    if name == "kind":
        return Kind(str(value))
    if name == "commitment":
        return Commitment(str(value))
    if name == "origin":
        return Origin(str(value))
    if name == "stages":
        return stages_of(str(value))
    return Basis(str(value)) if name == "basis" else value
