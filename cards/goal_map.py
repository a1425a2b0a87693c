"""The goal map: whose goals support whose, as a picture for a phone and as nested words.

A light is a colour, a shape and a word. Measures are CSS pixels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cards.drawing.charts import draw, picture
from cards.drawing.goal_rows import (
    BAR,
    KINDS,
    LIGHT,
    MARGIN,
    PADDING,
    SIGN,
    SMALL,
    TAG,
    TITLE_LINE,
    WIDTH,
    Row,
    lay_out,
)
from cards.drawing.lettering import cut, width
from cards.drawing.sheet import Block
from cards.examples import Examples
from cards.sayings import lamp
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.numbers import say_percent
from okr.objectives import Status
from okr.tree import Node, fold, walk

PICTURE_GOALS = 16
"""Goals in a picture: about three phone screens."""
WORD_GOALS = 9
"""Goals in the words, a line each: with the rest of the card one phone screen."""
HEAD = 62.0
"""Title and what it is about."""
LEGEND_LINE = 22.0
FOOT = 14.0
_BEHIND = frozenset({Status.AT_RISK, Status.DUE, Status.STALE, Status.BEHIND})
"""What a reader is told first."""


@dataclass(frozen=True, slots=True)
class Key:
    """A light of the legend, with how many goals have it."""

    x: float
    y: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """From a goal's light down, and in to the light of what supports it."""

    x: float
    top: float
    y: float
    end: float
    way: bool


def goal_map(tree: Node, *, title: str, about: str, eg: Examples) -> tuple[Card, File]:
    """The card and its picture, which the answer has to bring along (`Answer.files`).

    `title` is whose map it is; `about` the second line: cycle and day. Where no picture can be shown the card is words.
    """
    shown = picture(f"目标地图 {title}", svg(tree, title=title, about=about))
    counts = _counts(tree)
    refs = [node.ref for _, node in walk(tree) if not node.is_heading]
    card = render(
        "goal_map",
        picture=shown.ref,
        in_words="goal_map_in_words",
        title=title,
        about=about,
        total=sum(counts.values()),
        behind=[f"{lamp(status)} {status} {count}" for status, count in counts.items() if status in _BEHIND],
        lines=words(tree),
        folded=_folded(tree),
        own=next((node.ref for _, node in walk(tree) if node.own), ""),
        first=refs[0] if refs else "",
        eg=eg,
    )
    return card, shown


def _folded(tree: Node) -> str:
    """The lowest goal of which something is left out, to be unfolded; not the top, whose map this is."""
    left_out = [
        (depth, node.ref)
        for depth, node in walk(fold(tree, WORD_GOALS))
        if depth and node.ref and node.folded
    ]
    return max(left_out, key=lambda one: one[0])[1] if left_out else ""


def words(tree: Node, most: int = WORD_GOALS) -> tuple[str, ...]:
    """The tree as nested lines, at most so many; a line tells how many goals are left out below it."""
    return tuple(_in_words(depth, node) for depth, node in walk(fold(tree, most)) if not node.is_heading)


def svg(tree: Node, *, title: str, about: str, most: int = PICTURE_GOALS) -> str:
    """The map as a picture of at most `most` goals."""
    legend = _legend(_counts(tree))
    top = HEAD + LEGEND_LINE * (1 + int((legend[-1].y - HEAD) // LEGEND_LINE) if legend else 0)
    block = map_block(tree, most, top=top)
    return draw(
        "goal_map",
        width=WIDTH,
        height=block.height + FOOT,
        margin=MARGIN,
        title=cut(f"目标地图 · {title}", 19, WIDTH - 2 * MARGIN),
        about=cut(about, SMALL, WIDTH - 2 * MARGIN),
        legend=legend,
        sign=SIGN,
        light_radius=LIGHT,
        b=block.shown,
    )


def map_block(tree: Node, most: int, *, top: float = 0, links: str = "") -> Block:
    """At most `most` goals, from `top` down. `links`: what stands before a goal's number in its address."""
    rows = lay_out(fold(tree, most), top)
    shown = {
        "rows": rows,
        "lines": _lines(rows),
        "padding": PADDING,
        "sign": SIGN,
        "light_radius": LIGHT,
        "line": TITLE_LINE,
        "bar": BAR,
        "tag": TAG,
        "tag_width": width(TAG, 10) + 10,
        "links": links,
    }
    return Block("goal_map", rows[-1].y + rows[-1].height, shown)


def _counts(tree: Node) -> dict[Status, int]:
    """How many goals have each light, the gravest first."""
    counted = Counter(node.status for _, node in walk(tree) if not node.is_heading)
    return {status: counted[status] for status in KINDS if counted[status]}


def _legend(counts: dict[Status, int]) -> list[Key]:
    """In lines from the left, as many as there is room for."""
    keys: list[Key] = []
    x, y = float(MARGIN), HEAD
    for status, count in counts.items():
        said = f"{status} {count}"
        wide = SIGN + width(said, SMALL) + 14
        if x + wide > WIDTH - MARGIN + 14:
            x, y = float(MARGIN), y + LEGEND_LINE
        keys.append(Key(x, y, KINDS[status], said))
        x += wide
    return keys


def _lines(rows: Sequence[Row]) -> list[Line]:
    """The marked ones last, so that they lie on top."""
    lines = []
    for row in rows:
        if row.parent >= 0:
            above = rows[row.parent]
            top = above.y + above.height if not above.node.is_heading else above.y + above.height + 2
            lines.append(Line(above.stem, top, row.middle, max(row.x, above.stem + 6), row.way))
    return sorted(lines, key=lambda line: line.way)


def _in_words(depth: int, node: Node) -> str:
    """How far in a line stands is drawn, in letters that no chat trims."""
    branch = f"├{'─' * (depth - 1)} " if depth else ""
    standing = f"{say_percent(node.progress)} {lamp(node.status)} {node.status}"
    mine = f" ◀{TAG}" if node.own else ""
    more = f" (还有 {node.folded} 个)" if node.folded else ""
    return f"{branch}{node.ref} {node.title} {standing}{mine}{more}"
