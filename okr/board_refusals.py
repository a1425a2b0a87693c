"""Reasons why a page of the board is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from okr.refusals import Refusal


@dataclass(eq=False)
class GoalsNotShown(Refusal):
    """Nothing of this person's goals may be seen by the asker."""

    name: str


@dataclass(eq=False)
class FiguresNotShown(Refusal):
    """The figures of this unit are not for the asker."""

    unit: str
    own: str = ""
