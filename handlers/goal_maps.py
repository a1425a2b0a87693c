"""目标地图: whose goals support whose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cards.goal_map import goal_map
from chat.answers import Answer
from handlers import goal_tree, goals
from handlers.asking import Asking
from handlers.colleagues import meant_person, mentioned
from handlers.examples import examples_for
from handlers.goal_tree import Grower
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.moments import say_day
from okr.objectives import Objective
from okr.people import Person
from okr.refusals import NoSuchPerson
from okr.tree import Node, toward
from storage import cycles, goal_graph, objectives, people

MOST_MEMBERS = 500
MOST_TOPS = 20
_UNFOLD = re.compile("^(?:展开|打开|看) ?")


Forest = tuple[str, str, list[Node]]
"""Whose map it is, its cycle and day, and the trees."""


async def draw(asking: Asking) -> Answer:
    """目标地图 · 目标地图 华东区 · 目标地图 @李四 · 目标地图 展开 KR7"""
    title, about, trees = await forest(asking)
    tree = trees[0] if len(trees) == 1 else goal_tree.heading(title, tuple(trees))
    card, picture = goal_map(tree, title=title, about=about, eg=await examples_for(asking))
    return Answer(card=card, in_place=asking.pressed, files=(picture,))


async def forest(asking: Asking) -> Forest:
    """What `asking.rest` names, as trees; without words what lies around the asker."""
    cycle = await cycles.running(asking.session, asking.today)
    title, trees = await _trees(asking, cycle.id)
    return title, f"{cycle.name} · {say_day(asking.today, asking.today)}", trees


async def _trees(asking: Asking, cycle: int) -> tuple[str, list[Node]]:
    words = _UNFOLD.sub("", asking.rest).strip()
    ref, _ = take_ref(words, "KR")
    if ref is not None and ref.kind in ("O", "KR"):
        return await _below(asking, ref.kind, ref.number)
    if not words and not mentioned(asking):
        return asking.policy.company, await _around(asking, asking.asker, cycle)
    if words and (members := await people.in_unit(asking.session, words, MOST_MEMBERS)):
        return words, await _of_unit(asking, members, cycle)
    person = await meant_person(asking, words, "目标地图")
    if person is None:
        raise NoSuchPerson(words)
    return person.name, await _around(asking, person, cycle)


async def _around(asking: Asking, person: Person, cycle: int) -> list[Node]:
    """From the company's objective down, along the way to somebody's own."""
    own = await objectives.of_owner(asking.session, person.id, cycle)
    tops, ways = await goal_tree.tops_above(asking, own)
    if not tops and person.id == asking.asker.id:
        tops = await goal_graph.tops_of(asking.session, cycle, MOST_TOPS)
    roots = await objectives.by_ids(asking.session, tops)
    grower = await goal_tree.grower(asking, await goal_tree.grown(asking, roots, ways))
    trees = _objectives(grower, roots)
    if person.id != asking.asker.id:
        theirs = {one.ref for one in own}
        trees = [way for tree in trees if (way := toward(tree, theirs)) is not None]
    return trees


async def _of_unit(asking: Asking, members: Sequence[Person], cycle: int) -> list[Node]:
    """The goals of a unit's members, and what supports them."""
    found = await objectives.of_owners(asking.session, [person.id for person in members], cycle)
    homes = {kr.id: one.id for one in found for kr in one.key_results}
    roots = [one for one in found if one.parent_kr not in homes]
    grower = await goal_tree.grower(asking, await goal_tree.grown(asking, roots))
    return _objectives(grower, roots)


async def _below(asking: Asking, kind: str, number: int) -> tuple[str, list[Node]]:
    """One goal unfolded: what supports it."""
    if kind == "O":
        one = await goals.objective_by_number(asking, number)
        grower = await goal_tree.grower(asking, await goal_tree.grown(asking, [one]))
        return one.ref, _objectives(grower, [one])
    one, kr = await goals.key_result(asking, number)
    grower = await goal_tree.grower(asking, await goal_tree.grown(asking, [one]))
    node = grower.key_result(one, kr, set())
    return kr.ref, [node] if node else []


def _objectives(grower: Grower, roots: Sequence[Objective]) -> list[Node]:
    seen: set[str] = set()
    return [node for one in roots if (node := grower.objective(one.id, seen)) is not None]


ROUTES = (
    Route(
        words=("目标地图", "地图"),
        handle=draw,
        topic="看",
        does="谁的目标支撑谁,我在哪儿",
        examples=("目标地图", "目标地图 {unit}", "目标地图 @{mate}", "目标地图 展开 {kr}"),
    ),
)
