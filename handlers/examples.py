"""The examples that an asker is given: with his own goals, unit and colleagues, so that they work as they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from cards.examples import Examples
from handlers.asking import Asking
from handlers.goals import own_refs
from okr.cycle import quarter_of
from storage import cycles, people, units

BESIDE = 3


def made_up(today: date) -> Examples:
    """For whom nothing is known of."""
    running = quarter_of(today)
    return Examples(running.name, quarter_of(running.start - timedelta(days=1)).name)


async def examples_for(asking: Asking) -> Examples:
    usual = made_up(asking.today)
    kr, objective = await own_refs(asking)
    unit = (await units.known(asking.session)).home(asking.asker).rpartition("/")[-1]
    beside = await people.in_unit(asking.session, unit, BESIDE) if unit else []
    mates = [one for one in beside if one.id != asking.asker.id]
    names = [one.name for one in mates]
    mate, other = [*names, *(name for name in (usual.mate, usual.other) if name not in names)][:2]
    return replace(
        usual,
        kr=kr,
        o=objective,
        unit=unit or usual.unit,
        store=asking.asker.store or await people.some_store(asking.session) or usual.store,
        mate=mate,
        other=other,
        number=mates[0].number if mates else usual.number,
        cycles=await _begun(asking),
    )


async def _begun(asking: Asking) -> list[str]:
    """The quarters that are on record and have begun, the newest first."""
    return [
        one.name
        for one in await cycles.everything(asking.session)
        if one.start <= asking.today and one.name == quarter_of(one.start).name
    ]
