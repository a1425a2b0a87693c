"""The year's directions at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.sayings import light
from cards.templating import render
from chat.card import Card
from okr.numbers import say_percent
from okr.objectives import Objective
from okr.status import ObjectiveVerdict

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Direction:
    """An annual objective, whose it is, how it stands, and how many quarters' objectives name it."""

    objective: Objective
    owner: str
    verdict: ObjectiveVerdict
    belonging: int


def directions_card(rows: Sequence[Direction], year: int) -> Card:
    return render(
        "directions",
        year=year,
        total=len(rows),
        rows=[
            {
                "ref": row.objective.ref,
                "title": row.objective.title,
                "owner": row.owner,
                "progress": say_percent(row.verdict.progress.clamped),
                "light": light(row.verdict.status),
                "belonging": row.belonging,
            }
            for row in rows[:SHOWN]
        ],
        more=max(0, len(rows) - SHOWN),
    )
