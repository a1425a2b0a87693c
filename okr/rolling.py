"""A tree of goals whose numbers follow from below, held in memory and computed upwards (docs/rules/rollup.md).

An edge keeps what its child brought when it was counted last, rounded as it is stored, so that counting one edge
anew gives the same numbers as counting all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from okr.alignment import bottom_up
from okr.objectives import KeyResult, Objective, Reading, State
from okr.progress import Progress, key_result_progress, objective_progress
from okr.rollup import MILLIONTH, ONE, Part, RolledUp, roll_up

FROM_BELOW = "下级汇总"
"""What stands as the source of a number that was computed."""

_IN_FORCE = frozenset({State.ACTIVE, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Line:
    """One edge as it is counted: from an objective, or its key result `kr_id`, to the key result `parent`."""

    id: int
    parent: int
    objective_id: int
    kr_id: int | None = None
    share: Decimal | None = None
    weight: Decimal = ONE
    progress: Decimal = Decimal(0)
    value: Decimal | None = None
    state: State = State.ACTIVE
    """The child's: that of its objective, or its own where it has left on its own."""

    @property
    def ref(self) -> str:
        return f"O{self.objective_id}" if self.kr_id is None else f"KR{self.kr_id}"


class Tree:
    """Objectives with the edges between them. Every change is made in place and told to the caller."""

    def __init__(self, objectives: Iterable[Objective], lines: Iterable[Line]) -> None:
        self.objectives = {objective.id: objective for objective in objectives}
        self._home = {
            kr.id: objective for objective in self.objectives.values() for kr in objective.key_results
        }
        self._into: dict[int, dict[int, Line]] = {}
        self._out: dict[int, list[int]] = {}
        self._lines: dict[int, Line] = {}
        for line in lines:
            self._lines[line.id] = line
            self._into.setdefault(line.parent, {})[line.id] = line
            self._out.setdefault(line.objective_id, []).append(line.id)

    def order(self) -> list[int]:
        """The key results that are computed, each after all that count in it."""
        refs = {f"KR{kr_id}": kr_id for kr_id in self._into}
        return [refs[ref] for ref in bottom_up(self._parents()) if ref in refs]

    def refresh(self, objective_id: int) -> list[Line]:
        """Count anew what an objective and its key results bring upwards; the edges that are different now."""
        objective = self.objectives[objective_id]
        changed = []
        for line_id in self._out.get(objective_id, ()):
            line = self._lines[line_id]
            fresh = self._counted(objective, line)
            if fresh != line:
                self._lines[line_id] = self._into[line.parent][line_id] = fresh
                changed.append(fresh)
        return changed

    def compute(self, kr_id: int, at: datetime) -> KeyResult | None:
        """The key result with the number that follows from its edges; None where it stays as it is."""
        kr = self.key_result(kr_id)
        rolled = None if kr is None else self.rolled(kr)
        if kr is None or rolled is None or rolled.value == kr.value:
            return None
        when = at if kr.reading is None else max(at, kr.reading.at)
        computed = replace(kr, reading=Reading(rolled.value, when, FROM_BELOW, typed=False))
        self._put(computed)
        return computed

    def rolled(self, kr: KeyResult) -> RolledUp | None:
        """What the edges to a key result make of it."""
        parts = [_part(line, kr) for line in self._into.get(kr.id, {}).values()]
        return roll_up(kr.measure, kr.roll_up, parts)

    def key_result(self, kr_id: int) -> KeyResult | None:
        home = self._home.get(kr_id)
        return None if home is None else _of(self.objectives[home.id], kr_id)

    def home_of(self, kr_id: int) -> Objective:
        return self.objectives[self._home[kr_id].id]

    def _counted(self, objective: Objective, line: Line) -> Line:
        if line.kr_id is None:
            reached = objective_progress(objective).clamped
            return replace(line, progress=_stored(reached), value=None, state=objective.state)
        kr = _of(objective, line.kr_id)
        if kr is None:
            return replace(line, state=State.DELETED)
        parent = self.key_result(line.parent)
        adds = parent is not None and parent.measure.unit == kr.measure.unit
        standing = kr.value if kr.value is not None else kr.measure.start
        return replace(
            line,
            progress=_stored(key_result_progress(kr).clamped),
            value=standing if adds else None,
            state=standing_state(objective.state, kr.state),
        )

    def _put(self, kr: KeyResult) -> None:
        objective = self.objectives[kr.objective_id]
        self.objectives[objective.id] = replace(
            objective, key_results=tuple(kr if each.id == kr.id else each for each in objective.key_results)
        )

    def _parents(self) -> Mapping[str, set[str]]:
        """Of what is computed, and of the objectives it stands in; what only reports has nothing to wait for."""
        homes = {self._home[kr_id].id for kr_id in self._into if kr_id in self._home}
        above: dict[str, set[str]] = {
            f"KR{kr_id}": {f"O{self._home[kr_id].id}"} if kr_id in self._home else set()
            for kr_id in self._into
        }
        for line in self._lines.values():
            if line.objective_id in homes:
                above.setdefault(line.ref, set()).add(f"KR{line.parent}")
        return above


def standing_state(objective: State, kr: State) -> State:
    """The state in which a key result counts above: its own where it has left, else its objective's."""
    return objective if kr in _IN_FORCE else kr


def _of(objective: Objective, kr_id: int) -> KeyResult | None:
    return next((kr for kr in objective.key_results if kr.id == kr_id), None)


def _stored(progress: Decimal) -> Decimal:
    return progress.quantize(MILLIONTH, rounding=ROUND_HALF_UP)


def _part(line: Line, parent: KeyResult) -> Part:
    """What an edge brings; a value on it is in the parent's unit."""
    return Part(
        line.ref,
        Progress(line.progress, line.progress),
        value=line.value,
        unit=parent.measure.unit,
        weight=line.weight,
        share=ONE if line.share is None else line.share,
        state=line.state,
    )
