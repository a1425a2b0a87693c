"""Stores and people told apart by region, store type or grade, as far as the asker may see their figures."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from handlers.asking import Asking
from handlers.ranking import seen_places
from handlers.reading.dimensions import By
from okr.comparison import FEWEST_PEOPLE
from okr.crossing import of_groups
from okr.metrics import Window
from okr.people import Person
from okr.policy import MetricSpec
from okr.units import Units, paths_above
from storage import mechanisms, rankings, units

UNKNOWN = {By.REGION: "没有区域", By.TYPE: "没写类型", By.GRADE: "未定级", By.STORE: "不在门店"}
G = TypeVar("G", bound=Hashable)


async def groups_of(asking: Asking, by: Sequence[By]) -> dict[str, tuple[str, ...]]:
    """What each is told apart by: of people, by their id as text, where their grade is asked for, else of stores, by key."""
    known = await units.known(asking.session)
    everybody = await rankings.everybody(asking.session)
    regions = _regions(everybody)
    if By.GRADE in by:
        people = await rankings.taking_part(asking.session, asking.today)
        seen = seen_places(asking, known, people, "个人").names
        of = {str(key): one for key, one in people.items() if str(key) in seen}
    else:
        seen = seen_places(asking, known, everybody, "门店").names
        of = {key: one for key, one in mechanisms.stores(known, everybody).items() if key in seen}
    say: Mapping[By, Callable[[Person], str]] = {
        By.STORE: lambda one: one.store,
        By.REGION: lambda one: _region(known, regions, one),
        By.TYPE: lambda one: one.store_type,
        By.GRADE: lambda one: one.grade,
    }
    return {key: tuple(say[each](one) or UNKNOWN[each] for each in by) for key, one in of.items()}


async def values_of(
    asking: Asking, spec: MetricSpec, groups: Mapping[str, G], window: Window, *, people: bool
) -> tuple[dict[G, Decimal], set[G]]:
    """What each group comes to over the window, and which have too few people to be told (`okr.crossing`)."""
    metrics = asking.policy.metrics
    sides = [metrics[spec.numerator], metrics[spec.denominator]] if spec.kind == "ratio" else [spec]
    read = rankings.of_people if people else rankings.of_units
    sums = [await read(asking.session, side, metrics, window) for side in sides]
    return of_groups(spec, sums, groups, window, fewest=FEWEST_PEOPLE if people else 1)


def said_by(by: Sequence[By], spec: MetricSpec, *, people: bool) -> str:
    """`区域,职级(人均)`: what adds up is told by the person or the store, of groups that are not of one size."""
    mean = "" if spec.kind == "ratio" else "(人均)" if people else "(店均)"
    return f"{','.join(by)}{mean}"


def _regions(everybody: Mapping[int, Person]) -> set[str]:
    """The paths of the regions: where those work who belong to one and to no store."""
    return {one.department for one in everybody.values() if one.region and not one.store}


def _region(known: Units, regions: set[str], one: Person) -> str:
    """By its unit's name, as the region's own figures are called; the staff file's word where there is no unit."""
    above = [path for path in paths_above(known.home(one)) if path in regions]
    return known.key(above[-1]) if above else one.region
