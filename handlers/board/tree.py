"""The goal map as a page: whose goals support whose, all of it at once, to be unfolded by a tap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cards.board.drawings import GOALS, GOALS_ON_A_WALL, goal_map
from cards.board.goals import light_of
from cards.board.pages import MapPage
from cards.drawing.goal_rows import KINDS
from handlers import goal_maps
from handlers.asking import Asking
from handlers.board.paths import Query
from handlers.sight import in_group
from okr.objectives import Status
from okr.tree import Node, fold, walk

OPEN = 3
"""Levels that are unfolded at once, beside the way to one's own."""
MOST = 300
"""Goals of one page; what is left out is counted and one tap away."""
_GRAVEST_FIRST = (Status.AT_RISK, Status.DUE, Status.BEHIND, Status.STALE, Status.NOT_STARTED)


async def map_page(asking: Asking, what: str, query: Query) -> MapPage:
    """`/board/map`: from the company to one's own; `/board/map/华东区`, `/board/map/KR7`, `/board/map/E0102`."""
    del query
    title, about, trees = await goal_maps.forest(asking.rested(what))
    shown = [fold(tree, MOST) for tree in trees]
    if in_group(asking):
        shown = [_unnamed(tree) for tree in shown]
    nodes = [node for tree in trees for _, node in walk(tree) if not node.is_heading]
    counted = Counter(node.status for node in nodes)
    order = (*_GRAVEST_FIRST, *(status for status in Status if status not in _GRAVEST_FIRST))
    return MapPage(
        heading="目标地图",
        about=f"{title} · {about}",
        drawing=goal_map(shown, title, GOALS_ON_A_WALL if in_group(asking) else GOALS),
        trees=tuple(shown),
        counts=tuple((light_of(status), counted[status]) for status in order if counted[status]),
        ways=_ways(shown),
    )


def _unnamed(node: Node) -> Node:
    """On a wall nobody is named for what does not go well, and nothing is its reader's own."""
    owner = node.owner if KINDS[node.status] in ("well", "done") else ""
    return replace(node, owner=owner, own=False, children=tuple(_unnamed(child) for child in node.children))


def _ways(trees: Sequence[Node]) -> frozenset[str]:
    """What is unfolded: everything above an own goal, and the upper levels."""
    ways: set[str] = set()

    def leads(node: Node, depth: int) -> bool:
        below = [leads(child, depth + 1) for child in node.children]  # all of them, not only the first
        if depth < OPEN or any(below) or node.is_heading:
            ways.add(node.ref)
        return node.own or any(below)

    for tree in trees:
        leads(tree, 0)
    return frozenset(ways)
