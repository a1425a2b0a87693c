"""What one owes: overdue first, each with the button that does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.templating import render
from chat.card import Card

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed: what it is in a line, and the button that does it."""

    text: str
    label: str
    say: str
    overdue: bool = False


def todo_card(duties: Sequence[Duty]) -> Card:
    ordered = sorted(duties, key=lambda duty: not duty.overdue)
    return render(
        "todo",
        live=True,
        entries=ordered[:SHOWN],
        total=len(ordered),
        overdue=sum(duty.overdue for duty in ordered),
    )
