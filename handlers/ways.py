"""How a key result has gone since its cycle began: what its drawing is made of."""

from __future__ import annotations

from datetime import timedelta

from cards.drawing.inline import Drawing
from cards.way import way
from handlers.asking import Asking
from okr.moments import day_of
from okr.objectives import KeyResult, Objective
from storage import histories


async def way_of(asking: Asking, objective: Objective, kr: KeyResult) -> Drawing | None:
    """None for what is no way from one number to another, or has no history."""
    cycle, zone = objective.cycle, asking.policy.zone
    since = asking.now - timedelta(days=(asking.today - cycle.start).days + 1)
    values = (await histories.values(asking.session, [kr.id], since)).get(kr.id, [])
    return way(kr, cycle, [(day_of(at, zone), value) for at, value in values], asking.today)
