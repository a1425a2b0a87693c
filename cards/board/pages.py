"""What each page of the board shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cards.board.goals import Block, Total
from cards.todo import Duty
from chat.card import Face


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
class Own:
    """One's own page: what is to be done, and one's goals with what reports on them."""

    template: ClassVar[str] = "own"
    tab: ClassVar[str] = "own"
    heading: str
    total: Total | None
    blocks: tuple[Block, ...]
    wishes: tuple[Wish, ...] = ()
    duties: tuple[Duty, ...] = ()
    drafts: tuple[Draft, ...] = ()
    directions: tuple[Block, ...] = ()
    focus: str = ""

    @property
    def watched(self) -> tuple[int, ...]:
        return tuple(block.number for block in (*self.blocks, *self.directions))
