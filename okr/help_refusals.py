"""Reasons why the rules say no to asking for help (docs/rules/collaboration.md), as in `okr.refusals`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from okr.refusals import Refusal


@dataclass(eq=False)
class HelpRequestOver(Refusal):
    """A request for help cannot do this from its present state."""

    private: ClassVar[bool] = True

    ref: str
    state: str
    move: str
    allowed: tuple[str, ...] = ()


@dataclass(eq=False)
class NotAskedToHelp(Refusal):
    """Only who was asked for help answers, and only the two of them end it."""

    private: ClassVar[bool] = True

    ref: str
    what: str
    who_may: str


@dataclass(eq=False)
class CannotBeAsked(Refusal):
    """This person cannot be asked for help with that: oneself, or somebody who may not see the goal."""

    ref: str
    name: str
    why: str
    """own · again · hidden"""


@dataclass(eq=False)
class CannotUrge(Refusal):
    """Nobody is urged who owes nothing, nor by himself."""

    private: ClassVar[bool] = True

    name: str
    why: str
    """own · nothing"""
