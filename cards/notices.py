"""Short cards: questions, refusals, notices. Each is a template; what it needs is passed by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cards.templating import render
from chat.card import Card


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a question: its label and the command it means."""

    label: str
    say: str


def notice(template: str, *, about: str = "", **values: Any) -> Card:
    """A card that asks nothing."""
    return render(f"notices/{template}", about=about, **values)


def refusal(code: str, **facts: Any) -> Card:
    """The sentence for a refusal of the rules, by its code."""
    return render(f"refusals/{code}", **facts)


def question(
    template: str, choices: Sequence[Choice], *, about: str = "", awaits: str = "", **values: Any
) -> Card:
    """A card that asks: its choices are numbered in every form and answered once.

    `awaits`: the beginning of the command that the person's next words complete.
    """
    return render(
        f"questions/{template}",
        asks=bool(choices) and not awaits,
        live=bool(choices),
        awaits=awaits,
        about=about,
        choices=choices,
        **values,
    )
