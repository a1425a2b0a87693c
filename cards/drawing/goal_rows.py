"""Where each goal stands in the picture of a goal map. Measures are CSS pixels.

An outline, because a tree that grows sideways is not to be read on a phone: a row is a goal, what supports it stands
below and further in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cards.drawing.lettering import cut, width, wrapped
from okr.numbers import percent, say_percent
from okr.objectives import Status
from okr.tree import Node

WIDTH = 390
"""A phone's."""
MARGIN = 12
INDENT = 18
DEEPEST = 6
"""Rows below this depth stand no further in: the words need the room."""
GAP = 8
PADDING = 10
SIGN = 18
"""A light's size with the room after it."""
LIGHT = 6
"""Its radius."""
TITLE, SMALL, FIGURE = 14.0, 11.5, 15.0
"""Font sizes."""
TITLE_LINE, SMALL_LINE = 19, 17
TITLE_LINES = 2
BAR = 4
NUMBER_HEIGHT, NUMBER_GAP = 20, 5
TAG = "我的"

KINDS: Mapping[Status, str] = {
    Status.AT_RISK: "alarm",
    Status.DUE: "due",
    Status.STALE: "silent",
    Status.BEHIND: "slow",
    Status.ON_TRACK: "well",
    Status.NOT_STARTED: "waiting",
    Status.ACHIEVED: "done",
    Status.MISSED: "missed",
    Status.CANCELLED: "off",
}
"""What the template calls the colour and shape of each light, the gravest first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A goal's box, a heading's words, or (`folded`) the number of goals left out of the branch.

    `way` tells that the own goals are here or further down: the line to it is marked.
    """

    node: Node
    depth: int
    parent: int
    x: float
    y: float
    width: float
    height: float
    way: bool
    title: tuple[str, ...] = ()
    about: str = ""
    folded: int = 0

    @property
    def kind(self) -> str:
        return KINDS[self.node.status]

    @property
    def percent(self) -> str:
        return say_percent(self.node.progress)

    @property
    def filled(self) -> float:
        """The width of what is done in the bar."""
        return (self.width - 2 * PADDING) * min(max(percent(self.node.progress), 0), 100) / 100

    @property
    def middle(self) -> float:
        """The height at which the light stands and the line from above arrives."""
        return self.y + (self.height / 2 if self.folded or self.node.is_heading else PADDING + TITLE_LINE / 2)

    @property
    def stem(self) -> float:
        """Where the lines to what is below begin."""
        return self.x + INDENT / 2


def lay_out(tree: Node, top: float) -> list[Row]:
    """The rows from `top` down, each above what supports it."""
    rows: list[Row] = []
    own = _ways(tree)
    waiting: list[tuple[int, int, Node, bool]] = [(0, -1, tree, False)]
    while waiting:
        depth, parent, node, number = waiting.pop()
        way = id(node) in own and not number
        row = _number(node, depth, parent, top) if number else _row(node, depth, parent, top, way=way)
        rows.append(row)
        top += row.height + (NUMBER_GAP if number else GAP)
        if not number:
            here = len(rows) - 1
            below = [(depth + 1, here, child, False) for child in node.children]
            below += [(depth + 1, here, node, True)] if node.folded else []
            waiting += reversed(below)
    return rows


def _row(node: Node, depth: int, parent: int, y: float, *, way: bool) -> Row:
    x, wide = _across(depth)
    if node.is_heading:
        title = wrapped(node.title, TITLE, wide, 1)
        return Row(node, depth, parent, x, y, wide, TITLE_LINE, way, title)
    room = wide - 2 * PADDING - SIGN
    figure = max(width(say_percent(node.progress), FIGURE), width(str(node.status), SMALL))
    title = wrapped(node.title, TITLE, room - figure - 8, TITLE_LINES)
    tag = width(TAG, SMALL) + 14 if node.own else 0
    whose = " · ".join(part for part in (node.ref, node.owner, node.unit) if part)
    about = cut(whose, SMALL, room - tag - width(str(node.status), SMALL) - 8)
    height = 2 * PADDING + len(title) * TITLE_LINE + SMALL_LINE + BAR
    return Row(node, depth, parent, x, y, wide, height, way, title, about)


def _number(node: Node, depth: int, parent: int, y: float) -> Row:
    x, wide = _across(depth)
    return Row(node, depth, parent, x, y, wide, NUMBER_HEIGHT, way=False, folded=node.folded)


def _across(depth: int) -> tuple[float, float]:
    """Where a row of this depth begins, and how wide it is."""
    x = MARGIN + INDENT * min(depth, DEEPEST)
    return x, WIDTH - MARGIN - x


def _ways(tree: Node) -> set[int]:
    """The own nodes and everything above them, by identity."""
    found: set[int] = set()

    def look(node: Node) -> bool:
        below = [look(child) for child in node.children]
        leads = node.own or any(below)
        if leads:
            found.add(id(node))
        return leads

    look(tree)
    return found
