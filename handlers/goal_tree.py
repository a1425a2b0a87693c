"""The tree of goals around somebody, a unit or a goal, read a level at a time and cut to what the asker may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from handlers.asking import Asking
from handlers.sight import Sight, sight
from okr.objectives import KeyResult, Objective, State, Status
from okr.status import ObjectiveVerdict, judge_objective
from okr.tree import Node
from storage import goal_graph, objectives
from storage.alignments import Child
from storage.goal_graph import Support

MOST_GOALS = 400
"""Goals that are read; a map shows fewer, and what is left out is counted."""
DEEPEST = 12
LOCKED = "🔒 不公开的目标"
_SHOWN = (State.ACTIVE, State.PAUSED, State.CLOSED)


@dataclass
class Forest:
    """What has been read: objectives whole, what supports each key result, and how many more do."""

    objectives: dict[int, Objective] = field(default_factory=dict)
    below: dict[int, list[Child]] = field(default_factory=dict)
    left_out: dict[int, int] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    """The objective of each key result."""

    def take(self, found: Iterable[Objective]) -> list[Objective]:
        """Add what is new and in force, and return that."""
        new = [one for one in found if one.state in _SHOWN and one.id not in self.objectives]
        for one in new:
            self.objectives[one.id] = one
            self.homes |= {kr.id: one.id for kr in one.counting}
        return new

    @property
    def size(self) -> int:
        return len(self.objectives) + len(self.homes)


async def tops_above(asking: Asking, own: Collection[Objective]) -> tuple[list[int], set[int]]:
    """The objectives at the top of what these support, and every key result on the ways there."""
    ways: set[int] = set()
    tops: list[int] = []
    level = {one.id: {kr.id for kr in one.counting} for one in own}
    seen = set(level)
    for _ in range(DEEPEST):
        krs = {kr for some in level.values() for kr in some}
        edges = await goal_graph.supported_by(asking.session, level, krs)
        home = {kr: objective for objective, some in level.items() for kr in some}
        leading = {home[edge.child.id] if edge.child.is_kr else edge.child.id for edge in edges}
        tops += [one for one in level if one not in leading]
        ways |= {edge.parent for edge in edges}
        above = await goal_graph.objectives_of(asking.session, {edge.parent for edge in edges})
        level = {
            one.id: {edge.parent for edge in edges} & {kr.id for kr in one.key_results}
            for one in above
            if one.id not in seen
        }
        seen |= set(level)
        if not level:
            break
    return list(dict.fromkeys(tops)), ways


async def grown(asking: Asking, roots: Iterable[Objective], ways: Collection[int] = ()) -> Forest:
    """Everything below these objectives, as far as a map has room; the `ways` are followed in any case."""
    forest = Forest()
    level = [kr.id for one in forest.take(roots) for kr in one.counting]
    for _ in range(DEEPEST):
        if not level:
            break
        room = MOST_GOALS - forest.size
        wanted = level if room > 0 else [kr for kr in level if kr in ways]
        supports = await goal_graph.supports_of(asking.session, wanted)
        kept = _kept(supports, ways, max(room, 0))
        for one in supports:
            if one in kept:
                forest.below.setdefault(one.parent, []).append(one.child)
            else:
                forest.left_out[one.parent] = forest.left_out.get(one.parent, 0) + 1
        forest.left_out |= await goal_graph.counts_below(asking.session, set(level) - set(wanted))
        whole = {one.child.id for one in kept if not one.child.is_kr}
        parts = {one.child.id for one in kept if one.child.is_kr}
        new = forest.take(await objectives.by_ids(asking.session, whole))
        level = [kr.id for one in new for kr in one.counting]
        forest.take(await goal_graph.objectives_of(asking.session, parts))
        level += [kr for kr in parts if kr not in level]
    return forest


def _kept(supports: list[Support], ways: Collection[int], room: int) -> list[Support]:
    """As many as there is room for, what leads to the own goals first."""
    ordered = sorted(supports, key=lambda one: not (one.child.is_kr and one.child.id in ways))
    return ordered[: max(room, len(ways), 1)]


@dataclass(frozen=True, slots=True)
class Grower:
    """Makes nodes of a forest for one asker."""

    asking: Asking
    forest: Forest
    sight: Sight
    verdicts: dict[int, ObjectiveVerdict]

    def objective(self, objective_id: int, seen: set[str]) -> Node | None:
        one = self.forest.objectives.get(objective_id)
        if one is None or one.ref in seen:
            return None
        seen.add(one.ref)
        children = tuple(node for kr in one.counting if (node := self.key_result(one, kr, seen)) is not None)
        if not self.sight.shows(one):
            return _locked(children)
        verdict, owner = self.verdicts[one.id], self.sight.owners[one.owner_id]
        return Node(
            one.ref,
            one.title,
            owner.name,
            owner.unit,
            verdict.status,
            verdict.progress.clamped,
            own=owner.id == self.asking.asker.id,
            children=children,
        )

    def key_result(self, one: Objective, kr: KeyResult, seen: set[str]) -> Node | None:
        if kr.ref in seen:
            return None
        seen.add(kr.ref)
        children = tuple(
            node
            for child in self.forest.below.get(kr.id, ())
            if (node := self._child(child, seen)) is not None
        )
        if not self.sight.shows(one):
            return _locked(children)
        verdict, owner = self.verdicts[one.id].verdicts[kr.id], self.sight.owners[one.owner_id]
        return Node(
            kr.ref,
            kr.title,
            owner.name,
            owner.unit,
            verdict.status,
            verdict.progress.clamped,
            own=owner.id == self.asking.asker.id,
            children=children,
            folded=self.forest.left_out.get(kr.id, 0),
        )

    def _child(self, child: Child, seen: set[str]) -> Node | None:
        if not child.is_kr:
            return self.objective(child.id, seen)
        home = self.forest.objectives.get(self.forest.homes.get(child.id, 0))
        kr = next((kr for kr in home.counting if kr.id == child.id), None) if home else None
        return self.key_result(home, kr, seen) if home is not None and kr is not None else None


async def grower(asking: Asking, forest: Forest) -> Grower:
    seen = await sight(asking, list(forest.objectives.values()))
    verdicts = {
        one.id: judge_objective(one, asking.today, asking.policy) for one in forest.objectives.values()
    }
    return Grower(asking, forest, seen, verdicts)


def heading(title: str, children: tuple[Node, ...]) -> Node:
    """A node that is no goal: the company over its objectives."""
    return Node("", title, "", "", Status.NOT_STARTED, Decimal(0), children=children)


def _locked(children: tuple[Node, ...]) -> Node | None:
    """What may not be seen is left out, unless something below it may: then it is only known to be there."""
    return heading(LOCKED, children) if children else None
