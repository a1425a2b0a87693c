"""How units set their goals: what holds in a period, kept from its first day on, so that a change waits for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from okr.cycle import Period
from okr.mechanism import Mechanism, Mechanisms
from okr.people import Person
from okr.units import Units
from storage import rankings, units
from storage.session import Session


async def held(session: Session, since: date) -> dict[str, Mechanism]:
    """By unit, in the period that began then; empty where nobody kept it."""
    rows = await session.all("SELECT unit, mechanism FROM unit_mechanisms WHERE since = ?", since)
    return {row[0]: Mechanism(row[1]) for row in rows}


async def settle(session: Session, period: Period, wanted: Mechanisms) -> int:
    """Keep for every store what is wanted, where nothing is kept for this period yet; how many that were."""
    known = await units.known(session)
    kept = await held(session, period.start)
    new = {
        key: wanted.of(one)
        for key, one in stores(known, await rankings.one_of_each_store(session)).items()
        if key not in kept
    }
    await session.many(
        "INSERT INTO unit_mechanisms (unit, since, mechanism) VALUES (?, ?, ?) ON CONFLICT (since, unit) DO NOTHING",
        [(unit, period.start, str(mechanism)) for unit, mechanism in sorted(new.items())],
    )
    return len(new)


def stores(known: Units, everybody: Mapping[int, Person]) -> dict[str, Person]:
    """Every store by its key, as somebody who works in it and in no part of it."""
    found: dict[str, Person] = {}
    for one in everybody.values():
        if one.store:
            home = known.home(one)
            found.setdefault(known.key(home), replace(one, department=home, grade=""))
    return found
