"""What each page of the board shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from cards.board.goals import Block, Light, Total
from cards.drawing.inline import Drawing
from cards.todo import Duty
from chat.card import Face
from okr.tree import Node

EVERYTHING, FIGURES, ASKS = 0, -1, -2
"""What a page looks out for beside objectives, which go by their ids: any change, business data, requests."""


def _watched(blocks: Sequence[Block]) -> tuple[int, ...]:
    fed = any(row.fed for block in blocks for row in block.rows)
    return (*((FIGURES,) if fed else ()), *(block.number for block in blocks))


@dataclass(frozen=True, slots=True)
class Draft:
    ref: str
    title: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that waits for the reader's decision."""

    ref: str
    face: Face


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done today (今日动作). `about` the key result it is for; `by` who wrote it, where that is another."""

    ref: str
    words: str
    until: str
    about: str
    by: str
    late: bool
    done: bool


@dataclass(frozen=True, slots=True)
class Own:
    """One's own page: what is to be done, and one's goals with what reports on them."""

    template: ClassVar[str] = "own"
    tab: ClassVar[str] = "own"
    heading: str
    total: Total | None
    blocks: tuple[Block, ...]
    tasks: tuple[Task, ...] = ()
    wishes: tuple[Wish, ...] = ()
    duties: tuple[Duty, ...] = ()
    drafts: tuple[Draft, ...] = ()
    directions: tuple[Block, ...] = ()
    focus: str = ""
    week: Drawing | None = None

    @property
    def watched(self) -> tuple[int, ...]:
        return (ASKS, *_watched((*self.blocks, *self.directions)))


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody's page, as far as the reader may see it."""

    template: ClassVar[str] = "someone"
    tab: ClassVar[str] = "unit"
    heading: str
    about: str
    unit: str
    number: str
    total: Total | None
    blocks: tuple[Block, ...]

    @property
    def watched(self) -> tuple[int, ...]:
        return _watched(self.blocks)


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a unit, or a unit within it (`path`), with the mean of their goals."""

    name: str
    path: str
    note: str
    done: int
    expected: int
    light: Light
    goals: int


@dataclass(frozen=True, slots=True)
class Move:
    """A report that has just come in."""

    who: str
    when: str
    ref: str
    name: str
    value: str
    done: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure by its last day. `stale`: since when nothing has come."""

    name: str
    value: str
    day: str
    change: str
    stale: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """How a unit stands, by its parts and its people, and what has moved last."""

    template: ClassVar[str] = "unit"
    tab: ClassVar[str] = "unit"
    heading: str
    above: tuple[str, ...]
    total: Total | None
    parts: tuple[Member, ...]
    people: tuple[Member, ...]
    moves: tuple[Move, ...]
    watched: tuple[int, ...]
    best: tuple[Member, ...] = ()
    unlisted: int = 0
    """People who are not listed at first."""
    blocks: tuple[Block, ...] = ()
    tiles: tuple[Tile, ...] = ()
    heat: Drawing | None = None
    stale: tuple[str, ...] = ()
    """Sources that are silent, with their last good moment."""


@dataclass(frozen=True, slots=True)
class MapPage:
    """Whose goals support whose."""

    template: ClassVar[str] = "map"
    tab: ClassVar[str] = "map"
    heading: str
    about: str
    drawing: Drawing | None
    trees: tuple[Node, ...]
    counts: tuple[tuple[Light, int], ...]
    ways: frozenset[str]
    """What is unfolded at first."""
    watched: tuple[int, ...] = (EVERYTHING,)


@dataclass(frozen=True, slots=True)
class Seat:
    """A row of a ranking, in words."""

    place: int
    name: str
    value: str
    moved: str
    own: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One of several things that can be looked at, and whether it is the one."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RankingPage:
    """Who is in front, one's own place, the next one up, and who has risen; never who comes last."""

    template: ClassVar[str] = "ranking"
    tab: ClassVar[str] = "ranking"
    heading: str
    about: str
    kinds: tuple[Option, ...]
    measures: tuple[Option, ...]
    spans: tuple[Option, ...]
    drawing: Drawing | None
    seats: tuple[Seat, ...]
    risers: Drawing | None
    mine: str
    gap: str
    too_few: str = ""
    watched: tuple[int, ...] = (EVERYTHING,)


@dataclass(frozen=True, slots=True)
class FigurePanel:
    """One figure of a unit: its last day, the change against the week before, and how it went."""

    key: str
    name: str
    value: str
    day: str
    change: str
    stale: str
    days: Drawing
    heat: Drawing
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """A unit's figures day by day. A day without data is missing and not 0."""

    template: ClassVar[str] = "figures"
    tab: ClassVar[str] = "figures"
    heading: str
    about: str
    units: tuple[Option, ...]
    panels: tuple[FigurePanel, ...]
    stale: tuple[str, ...] = ()
    watched: tuple[int, ...] = (EVERYTHING,)


@dataclass(frozen=True, slots=True)
class GoalPage:
    """One goal looked at closely: as it is, why, and how it came there."""

    template: ClassVar[str] = "goal"
    tab: ClassVar[str] = "own"
    heading: str
    ref: str
    block: Block
    faces: Sequence[tuple[str, Face]]
    history: Face | None
    way: Drawing | None

    @property
    def watched(self) -> tuple[int, ...]:
        return (ASKS, *_watched((self.block,)))
