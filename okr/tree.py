"""The goals of a company as a tree, and what of it fits on a phone.

Nobody reads two hundred goals at once. What is kept open is what the reader came for: the way to the own goals, the own
goals themselves, and then what is doing worst; the rest of each branch is folded into a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from okr.objectives import Status

_GRAVEST_FIRST = (
    Status.AT_RISK,
    Status.DUE,
    Status.STALE,
    Status.BEHIND,
    Status.NOT_STARTED,
    Status.ON_TRACK,
    Status.MISSED,
    Status.ACHIEVED,
    Status.CANCELLED,
)
"""What asks for attention, before what goes well, before what is over."""


@dataclass(frozen=True, slots=True)
class Node:
    """An objective or a key result, with what supports it below.

    `ref` is `O12` or `KR34`; a node without one is a heading, such as the company over its objectives, and has no
    light of its own. `progress` is a share (0-1). `own`: of the person who looks. `folded`: how many nodes of this
    branch are left out here, whatever their depth.
    """

    ref: str
    title: str
    owner: str
    unit: str
    status: Status
    progress: Decimal
    own: bool = False
    children: tuple[Node, ...] = ()
    folded: int = 0

    @property
    def is_heading(self) -> bool:
        return not self.ref

    @property
    def is_key_result(self) -> bool:
        return self.ref.startswith("KR")


@dataclass(frozen=True, slots=True)
class _Place:
    """A node and where it hangs."""

    node: Node
    parent: int
    depth: int


def size(tree: Node) -> int:
    """How many nodes there are."""
    return sum(1 for _ in walk(tree))


def walk(tree: Node, depth: int = 0) -> Iterator[tuple[int, Node]]:
    """Every node with its depth, from the top, as it is read."""
    waiting = [(depth, tree)]
    while waiting:
        at, node = waiting.pop()
        yield at, node
        waiting += [(at + 1, child) for child in reversed(node.children)]


def fold(tree: Node, most: int) -> Node:
    """The same tree with at most `most` nodes, each with the number of those left out of its branch.

    The top and the way to the first own goal are kept even where `most` is less. A node comes with everything above it
    or not at all.
    """
    places = _places(tree)
    if len(places) <= most:
        return tree
    kept = {0}
    for candidate in sorted(range(1, len(places)), key=lambda index: _rank(places, index)):
        chain = _missing_above(places, candidate, kept)
        first_own = places[candidate].node.own and len(kept) == 1
        if first_own or len(kept) + len(chain) <= most:
            kept.update(chain)
        if len(kept) >= most:
            break
    return _rebuilt(places, kept)


def toward(tree: Node, refs: Collection[str]) -> Node | None:
    """What lies on the way to these goals, and what is below them; the rest of each branch is folded into a number.

    None where the tree has none of them.
    """
    if tree.ref in refs:
        return tree
    ways = [toward(child, refs) for child in tree.children]
    kept = tuple(way for way in ways if way is not None)
    if not kept:
        return None
    left_out = sum(size(child) for child, way in zip(tree.children, ways, strict=True) if way is None)
    return replace(tree, children=kept, folded=tree.folded + left_out)


def _places(tree: Node) -> list[_Place]:
    """Parents before children, children in their order."""
    places = [_Place(tree, -1, 0)]
    for index, place in enumerate(places):  # it grows as it is read
        places += [_Place(child, index, place.depth + 1) for child in place.node.children]
    return places


def _rank(places: list[_Place], index: int) -> tuple[int, int, int, Decimal, int]:
    """What is kept first: own, then below one's own, then by gravity; the nearer to the top and the lower first."""
    place = places[index]
    if place.node.own:
        return 0, 0, place.depth, Decimal(0), index
    circle = 1 if places[place.parent].node.own else 2
    return circle, _GRAVEST_FIRST.index(place.node.status), place.depth, place.node.progress, index


def _missing_above(places: list[_Place], index: int, kept: set[int]) -> list[int]:
    """The node and what is not yet kept above it."""
    chain = []
    while index not in kept:
        chain.append(index)
        index = places[index].parent
    return chain


def _rebuilt(places: list[_Place], kept: set[int]) -> Node:
    """The kept nodes, from the leaves up."""
    sizes = [1] * len(places)
    children: list[list[Node]] = [[] for _ in places]
    left_out = [0] * len(places)
    for index in range(len(places) - 1, -1, -1):
        place = places[index]
        node = place.node
        if index in kept:
            below = tuple(reversed(children[index]))
            node = replace(node, children=below, folded=node.folded + left_out[index])
        if index == 0:
            return node
        sizes[place.parent] += sizes[index]
        if index in kept:
            children[place.parent].append(node)
        else:
            left_out[place.parent] += sizes[index]
    raise AssertionError("a tree has a top")
