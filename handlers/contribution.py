"""My part in the goals above: the way from a key result up to the company, with the share at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers import supporting
from handlers.asking import Asking
from handlers.goals import Goal
from handlers.sight import sight
from okr.alignment import skips_level
from okr.association import ORPHAN, Association, association, overall
from okr.objectives import KeyResult, Objective
from okr.people import Person
from okr.rollup import part_weights
from okr.shares import shares_above
from okr.weights import kr_weights
from storage import goal_graph, people
from storage.goal_graph import Support

HIGHEST = 12
"""Levels that are walked up."""


@dataclass(frozen=True, slots=True)
class Above:
    """A goal on the way up. `share`: how much of it the goal below makes up, of 1; 0 where it is only aligned.

    `seen` is false where the asker may not know what it is. `kr` is None for the objective at the very top.
    """

    objective: Objective
    kr: KeyResult | None
    owner: Person
    share: Decimal
    seen: bool

    @property
    def ref(self) -> str:
        return self.kr.ref if self.kr else self.objective.ref


@dataclass(frozen=True, slots=True)
class Link:
    """One goal above and how closely the goal below belongs to it. `weight`: of the goal below, how much goes there."""

    parent: Goal
    owner: Person
    association: Association
    share: Decimal
    weight: Decimal


async def above(asking: Asking, objective: Objective, kr: KeyResult) -> list[Above]:
    """Every key result above, the nearest first, and at last the objectives that support nothing themselves."""
    weights: dict[str, dict[str, Decimal]] = {kr.ref: {objective.ref: _own_weight(objective, kr)}}
    known: dict[int, Objective] = {objective.id: objective}
    tops: set[int] = set()
    home = {kr.id: objective.id}
    level_objectives, level_krs = {objective.id}, {kr.id}
    for _ in range(HIGHEST):
        upwards = await goal_graph.supported_by(asking.session, level_objectives, level_krs)
        leading = {home[edge.child.id] if edge.child.is_kr else edge.child.id for edge in upwards}
        tops |= {one for one in level_objectives if one not in leading}
        parents = list(dict.fromkeys(edge.parent for edge in upwards if f"KR{edge.parent}" not in weights))
        siblings = await goal_graph.supports_of(asking.session, {edge.parent for edge in upwards})
        found = await goal_graph.objectives_of(asking.session, {edge.parent for edge in upwards})
        key_results = {one.id: (o, one) for o in found for one in o.key_results}
        for edge in upwards:
            part = _weights(key_results[edge.parent][1], siblings).get(edge.part.ref, Decimal(0))
            weights.setdefault(edge.part.ref, {})[f"KR{edge.parent}"] = part
        for number in parents:
            parent_objective, parent = key_results[number]
            known[parent_objective.id] = parent_objective
            home[number] = parent_objective.id
            weights[parent.ref] = {parent_objective.ref: _own_weight(parent_objective, parent)}
        level_objectives, level_krs = {key_results[number][0].id for number in parents}, set(parents)
        if not parents:
            break
    order = [*weights, *(f"O{one}" for one in sorted(tops))]
    return await _told(asking, objective, shares_above(weights, kr.ref), order, known, tops)


async def _told(
    asking: Asking,
    objective: Objective,
    shares: dict[str, Decimal],
    order: Sequence[str],
    known: dict[int, Objective],
    tops: set[int],
) -> list[Above]:
    owners = await people.by_ids(asking.session, sorted({one.owner_id for one in known.values()}))
    key_results = {one.ref: (o, one) for o in known.values() for one in o.key_results}
    sees = await sight(asking, list(known.values()))
    met: list[Above] = []
    ends: list[Above] = []
    for ref in order:
        share = shares.get(ref)
        if share is None:
            continue
        if ref in key_results:
            goal: tuple[Objective, KeyResult | None] = key_results[ref]
        else:
            goal = known[int(ref[1:])], None
            if goal[0].id not in tops or goal[0].id == objective.id:
                continue
        owner = owners[goal[0].owner_id]
        seen = sees.shows(goal[0])
        (met if goal[1] else ends).append(Above(goal[0], goal[1], owner, share, seen))
    return [*met, *ends]


def _own_weight(objective: Objective, kr: KeyResult) -> Decimal:
    return kr_weights(objective).get(kr.id, Decimal(0))


def _weights(parent: KeyResult, supports: Sequence[Support]) -> dict[str, Decimal]:
    """How much each of those that support it weighs in a key result."""
    return part_weights(parent.roll_up, [one.part for one in supports if one.parent == parent.id])


# --- how close it is to what is above ---


async def links(asking: Asking, objective: Objective, kr: KeyResult | None = None) -> list[Link]:
    """What the goal supports, each with its association; a key result goes by its own edges, else by its objective's."""
    edges = await goal_graph.supported_by(asking.session, (), (kr.id,)) if kr else []
    if not edges:
        edges = await goal_graph.supported_by(asking.session, (objective.id,), ())
        kr = None if not edges else kr
    parents = {edge.parent for edge in edges}
    siblings = await goal_graph.supports_of(asking.session, parents)
    found = await goal_graph.objectives_of(asking.session, parents)
    key_results = {one.id: (o, one) for o in found for one in o.key_results}
    owners = await people.by_ids(asking.session, sorted({objective.owner_id, *(o.owner_id for o in found)}))
    levels = await supporting.levels_of(asking, list(owners.values()))
    title = (kr or objective).title
    told = []
    for edge in edges:
        parent = key_results[edge.parent]
        weights = _weights(parent[1], siblings)
        share = weights.get(edge.part.ref, Decimal(0))
        close = association(
            skips=skips_level(levels[objective.owner_id], levels[parent[0].owner_id]),
            share=share,
            siblings=len(weights),
            texts=(title, f"{parent[1].title} {parent[0].title}"),
        )
        told.append(Link(parent, owners[parent[0].owner_id], close, share, edge.part.share))
    return told


def points(linked: Sequence[Link]) -> int:
    """The association of a goal with all that it supports, 0-100; 0 for an orphan."""
    return overall([(link.association, link.weight) for link in linked]) if linked else ORPHAN.points
