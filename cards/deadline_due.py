"""截止与收官评分提醒: a day that comes near, and a cycle that ends and wants its scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cards.sayings import kr_name, say_goal, say_value
from cards.templating import render
from chat.card import Card
from okr.moments import say_date
from okr.numbers import say_percent
from okr.objectives import Cycle, KeyResult, Kind, Objective, RollUp
from okr.people import Person
from okr.progress import key_result_progress

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's goals of a cycle. `missing`: those without a score; `suggested`: what the numbers suggest, by id."""

    owner: Person
    goals: tuple[Objective, ...]
    missing: tuple[KeyResult, ...]
    suggested: Mapping[int, Decimal | None]


def deadline_card(kr: KeyResult, day: date, *, step: str, today: date) -> Card:
    """`step`: the title of the step whose day it is; empty where it is the key result's own."""
    left = (day - today).days
    return render(
        "reminders/deadline_due",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        step=step,
        left=left,
        when=say_date(day, today),
        value=say_value(kr, kr.value),
        goal=say_goal(kr.measure),
        progress=say_percent(key_result_progress(kr).clamped),
        typed=not kr.metric and kr.roll_up is RollUp.MANUAL,
        steps=kr.measure.kind is Kind.MILESTONE,
    )


def closing_card(standing: Standing, cycle: Cycle, today: date) -> Card:
    """Before the end: what there is to finish; from the last day on: what is to be scored."""
    left = (cycle.end - today).days
    scored = left <= 0
    shown = standing.missing if scored else tuple(kr for goal in standing.goals for kr in goal.counting)
    first = next((goal for goal in standing.goals for kr in goal.counting if kr in shown), standing.goals[0])
    return render(
        "reminders/cycle_end" if scored else "reminders/cycle_ends",
        about=first.ref if len(standing.goals) == 1 else "",
        cycle=cycle.name,
        left=left,
        over=-left,
        count=len(shown),
        lines=[_line(standing, kr, scored=scored) for kr in shown[:SHOWN]],
        more=max(0, len(shown) - SHOWN),
        objective=first.ref,
        kr=shown[0].ref if shown else first.ref,
    )


def _line(standing: Standing, kr: KeyResult, *, scored: bool) -> str:
    said = f"{kr.ref} {kr_name(kr)} {say_percent(key_result_progress(kr).clamped)}"
    score = standing.suggested.get(kr.id)
    if not scored or score is None or kr.measure.kind is Kind.MAINTAIN:
        return said
    return f"{said},建议 {score}"


def team_card(team: Sequence[Standing], cycle: Cycle, today: date) -> Card:
    """For who leads them: who has not scored, and who waits for a yes."""
    missing = [one for one in team if one.missing]
    waiting = [one for one in team if not one.missing]
    return render(
        "reminders/cycle_end_team",
        cycle=cycle.name,
        over=(today - cycle.end).days,
        missing=[f"{one.owner.name} {len(one.missing)} 个" for one in missing[:SHOWN]],
        more=max(0, len(missing) - SHOWN),
        count=len(missing),
        waiting=[one.owner.name for one in waiting[:SHOWN]],
        waits=len(waiting),
        confirm=waiting[0].goals[0].ref if waiting else "",
    )
