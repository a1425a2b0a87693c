"""Every ranking of a cycle, like with like, for a table: people, stores and regions by their goals, stores by each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okr.metrics import Window
from okr.objectives import Cycle, State
from okr.people import Person
from okr.policy import Policy
from okr.ranking import Place, means, ranked
from storage import mechanisms, rankings, units
from storage.session import Session

GOALS = "目标进度"
_COUNTED = (State.ACTIVE, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where of one `kind` by one `measure`; `among` says whom they are like, empty for all.

    `percent`: values are shares of 1. `names`: name and employee number by key.
    """

    kind: str
    among: str
    measure: str
    unit: str
    percent: bool
    names: Mapping[str, tuple[str, str]]
    places: list[Place]


async def standings(session: Session, cycle: Cycle, policy: Policy, today: date) -> list[Standing]:
    """Those of enough to compare (`ranking_least`); who is new, on probation, part-time or on longer leave is in none."""
    people = await rankings.taking_part(session, today)
    reached = await rankings.attainment(session, people, cycle.id, states=_COUNTED)
    found = [
        *_of_people(people, reached),
        _of_places("门店", {key: one.store for key, one in people.items()}, reached),
        _of_places("区域", {key: one.region for key, one in people.items()}, reached),
    ]
    known = await units.known(session)
    stores = mechanisms.stores(known, await rankings.one_of_each_store(session))
    window = Window(cycle.start, min(cycle.end, today))
    for spec in policy.metrics.values():
        values = await rankings.of_units(session, spec, policy.metrics, window)
        for kind in sorted({one.store_type for one in stores.values()}):
            of_kind = {
                key: values[key] for key, one in stores.items() if one.store_type == kind and key in values
            }
            names = {key: (key, "") for key in of_kind}
            found.append(
                Standing("门店", kind, spec.name, spec.shown_unit, False, names, ranked(of_kind, {}))
            )
    return [one for one in found if len(one.places) >= policy.ranking_least]


def _of_people(people: Mapping[int, Person], reached: Mapping[int, Decimal]) -> list[Standing]:
    """Of stores of each type, and of the offices."""
    found = []
    kinds = sorted({_kind(one) for one in people.values()})
    for kind in kinds:
        values = {str(key): value for key, value in reached.items() if _kind(people[key]) == kind}
        names = {key: (people[int(key)].name, people[int(key)].number) for key in values}
        found.append(Standing("个人", kind, GOALS, "", True, names, ranked(values, {})))
    return found


def _kind(person: Person) -> str:
    return (person.store_type or "门店") if person.store else "办公室"


def _of_places(kind: str, members: Mapping[int, str], reached: Mapping[int, Decimal]) -> Standing:
    values = means(reached, members)
    return Standing(kind, "", GOALS, "", True, {name: (name, "") for name in values}, ranked(values, {}))
