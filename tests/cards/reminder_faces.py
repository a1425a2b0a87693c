"""One of every card that a reminder writes unasked, from goals as they are in a company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cards.forecast_miss import miss_card
from cards.kr_stalled import slowing_card, stalled_card
from chat.card import Card
from okr.forecast import forecast
from okr.objectives import RollUp
from tests.cards.faces import LI, every_kind
from tests.okr.goals import TODAY, objective

END = date(2026, 12, 31)


def cards() -> Iterator[tuple[str, Card]]:
    yield from _forecasts()
    yield from _standing_still()


def _forecasts() -> Iterator[tuple[str, Card]]:
    goal = objective(*every_kind())
    kr = goal.key_results[0]
    for name, step in (("slow", 2), ("stands", 0), ("falls", -2)):
        points = [(TODAY - timedelta(days=7 * n), Decimal(1070 - step * n)) for n in range(4, -1, -1)]
        ahead = forecast(kr, points, goal.cycle, TODAY)
        assert ahead is not None
        yield f"forecast, {name}", miss_card(kr, ahead, end=END, today=TODAY, limit=Decimal("0.95"))


def _standing_still() -> Iterator[tuple[str, Card]]:
    since = TODAY - timedelta(days=15)
    for kr in every_kind():
        values = [Decimal(0), kr.value or Decimal(1), kr.value or Decimal(1)]
        for owner in (None, LI):
            for one in (kr, replace(kr, roll_up=RollUp.AVERAGE)):
                card = stalled_card(one, values, since=since, today=TODAY, limit=14, owner=owner)
                yield f"stalled, {kr.ref}, {owner is None}, {one.roll_up}", card
    steps = (Decimal(10), Decimal(5), Decimal("0.31"))
    yield "slowing", slowing_card(every_kind()[0], steps, days=38)
