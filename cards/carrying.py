"""结转: what would go on in another cycle, chosen by taps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.sayings import kr_name, o_name, say_goal
from cards.templating import render
from chat.card import Card
from okr.objectives import KeyResult, Measure, Objective

TOGGLES = 3
"""Taps to choose with, beside those that go on."""
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Carried:
    """A key result that may go on: `measure` is that of the next cycle, None where nothing is left to do."""

    kr: KeyResult
    measure: Measure | None
    chosen: bool


def carrying_card(objective: Objective, items: Sequence[Carried], cycle: str, *, running: bool) -> Card:
    """The preview. Each tap shows it again with another choice; `running`: the old cycle is not over."""
    chosen = [item.kr for item in items if item.chosen]
    able = [item for item in items if item.measure is not None]
    return render(
        "carrying",
        live=True,
        about=objective.ref,
        ref=objective.ref,
        name=o_name(objective),
        old_cycle=objective.cycle.name,
        cycle=cycle,
        running=running,
        rows=[
            {
                "ref": item.kr.ref,
                "name": kr_name(item.kr),
                "chosen": item.chosen,
                "goal": say_goal(item.measure) if item.measure else "",
            }
            for item in items[:SHOWN]
        ],
        more=max(0, len(items) - SHOWN),
        chosen=_say(chosen),
        count=len(chosen),
        toggles=[
            {
                "label": f"{'不带' if item.chosen else '带上'} {item.kr.ref}",
                "say": f"结转 {_say(others)} 到 {cycle}",
            }
            for item in able[:TOGGLES]
            if (others := _toggled(able, item))
        ],
    )


def _toggled(items: Sequence[Carried], one: Carried) -> list[KeyResult]:
    return [item.kr for item in items if item.chosen is not (item is one)]


def _say(key_results: Sequence[KeyResult]) -> str:
    return " ".join(kr.ref for kr in key_results)
