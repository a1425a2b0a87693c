"""Which store has grown more than the others since something was done there, for 对比."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from cards.comparison import Lift
from handlers.asking import Asking
from handlers.sight import sight
from okr.lifting import FEWEST_DAYS, SPAN, lift
from okr.metrics import Window
from okr.policy import MetricSpec
from storage import lifting, objectives
from storage.lifting import Done

LATELY = timedelta(days=42)
SHOWN = 2
DAY = timedelta(days=1)


async def lifts(asking: Asking, spec: MetricSpec, names: Mapping[str, str]) -> list[Lift]:
    """The largest first, once for each store: `names` of those whose figures the asker may see, by key.

    Only what was done for a goal that he may see is named.
    """
    last = asking.today - DAY
    done = [
        one
        for one in await lifting.done(asking.session, Window(last - LATELY, last - (FEWEST_DAYS - 1) * DAY))
        if one.store in names.values()
    ]
    if not done:
        return []
    window = Window(done[0].on - SPAN, last)
    days = await lifting.days_of(asking.session, spec, asking.policy.metrics, window)
    stores = {name: days[key] for key, name in names.items() if key in days}
    risen = [(apart, one) for one in done if (apart := lift(stores, one.store, one.on, last)) is not None]
    found: dict[str, Lift] = {}
    for apart, one in sorted(risen, key=lambda both: (-both[0], both[1].on, both[1].id)):
        if len(found) < SHOWN and one.store not in found and await _may_see(asking, one):
            found[one.store] = _said(one, apart)
    return [*found.values()]


async def _may_see(asking: Asking, one: Done) -> bool:
    objective = await objectives.with_key_result(asking.session, one.kr_id)
    return objective is not None and (await sight(asking, [objective])).shows(objective)


def _said(one: Done, apart: Decimal) -> Lift:
    return Lift(one.store, f"A{one.id}", f"KR{one.kr_id}", one.words, one.on, apart * 100)
