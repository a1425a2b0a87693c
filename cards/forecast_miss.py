"""达成预测预警: where a number is heading, and what it would take to arrive."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cards.rates import rounded, say_rate
from cards.sayings import kr_name, say_goal, say_value
from cards.templating import render
from chat.card import Card
from okr.forecast import Forecast
from okr.moments import say_day
from okr.numbers import say_percent
from okr.objectives import KeyResult


def miss_card(kr: KeyResult, ahead: Forecast, *, end: date, today: date, limit: Decimal) -> Card:
    """`end`: the last day; `limit`: the part of the way, 0-1, below which it is said."""
    measure = kr.measure
    rises = bool(ahead.required and ahead.required > 0)
    return render(
        "reminders/forecast_miss",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        value=say_value(kr, kr.value),
        goal=say_goal(measure),
        ends=say_value(kr, rounded(ahead.value, measure)),
        attainment=say_percent(max(ahead.attainment, Decimal(0))),
        end=say_day(end, today),
        way="做" if measure.cumulative else "涨" if rises else "降",
        needed=say_rate(ahead.required, measure),
        recent=say_rate(ahead.recent, measure),
        backwards=bool(ahead.recent) and (ahead.recent > 0) != rises,
        reaches=say_day(ahead.reaches_on, today) if ahead.reaches_on else "",
        commitment=str(kr.commitment),
        limit=say_percent(limit),
    )
