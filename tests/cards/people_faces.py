"""The cards about people: their working times, their coming and going."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

from cards.roster import Said, own_roster_card, rostered_card, store_roster_card
from chat.card import Card
from okr.rosters import DayPlan
from tests.cards.faces import LI
from tests.okr.goals import TODAY


def cards() -> Iterator[tuple[str, Card]]:
    yield from _rosters()


def _rosters() -> Iterator[tuple[str, Card]]:
    days = [TODAY + timedelta(days=n) for n in range(9)]
    shift, night = (
        DayPlan(LI.id, TODAY, ((time(9), time(18)),)),
        DayPlan(LI.id, TODAY, ((time(22), time(6)),)),
    )
    for before in (None, DayPlan(LI.id, TODAY), night):
        for plan in (None, DayPlan(LI.id, TODAY), shift):
            yield f"rostered, {before}, {plan}", rostered_card([Said(LI, TODAY, plan, before)], TODAY)
    yield "rostered, many", rostered_card([Said(LI, day, night, shift) for day in days], TODAY)
    for own in (True, False):
        for count in (0, 9):
            plans = [replace(night, day=day) for day in days[:count]]
            yield f"roster of one, {own}, {count}", own_roster_card(LI, plans, TODAY, own=own)
        known = {(LI.id, day): replace(shift, day=day) for day in days[:3]}
        for last in (TODAY, days[6]):
            card = store_roster_card("西湖店", [LI, LI], known, TODAY, last, TODAY, leads=own)
            yield f"roster of a store, {own}, {last}", card
        yield (
            "roster of a store, none",
            store_roster_card("西湖店", [LI], {}, TODAY, days[6], TODAY, leads=own),
        )
