"""A unit's goals at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cards.notices import notice
from cards.sayings import light
from cards.templating import render
from chat.card import Card
from okr.numbers import say_percent
from okr.objectives import Objective, Status
from okr.people import Person
from okr.policy import Policy
from okr.status import judge_objective

SHOWN = 7


def unit_card(
    unit: str, objectives: Sequence[Objective], owners: Mapping[int, Person], today: date, policy: Policy
) -> Card:
    """Objectives of a unit's members, those that need help first. Percent only: no turnover of other stores."""
    if not objectives:
        return notice("unit_empty", unit=unit, another="")
    judged = [(objective, judge_objective(objective, today, policy)) for objective in objectives]
    judged.sort(key=lambda pair: -pair[1].gap_points)
    lights = Counter(verdict.status for _, verdict in judged)
    return render(
        "unit",
        unit=unit,
        goals=len(judged),
        overall=sum((verdict.progress.clamped for _, verdict in judged), Decimal(0)) / len(judged),
        expected=judged[0][1].expected,
        lights=" · ".join(f"{light(status)} {lights[status]}" for status in Status if lights[status]),
        rows=[
            {
                "ref": objective.ref,
                "title": objective.title,
                "owner": owners[objective.owner_id].name,
                "progress": say_percent(verdict.progress.clamped),
                "light": light(verdict.status),
            }
            for objective, verdict in judged[:SHOWN]
        ],
        more=max(0, len(judged) - SHOWN),
    )
