"""对比 by two places at once: regions by store types, places by grades, and stores within their region or type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from handlers.asking import Asking
from handlers.grouping import UNKNOWN, groups_of, said_by, values_of
from handlers.ranking import named_span, seen_places
from handlers.reading.dimensions import By
from okr.crossing import Crossed, Group, Grouped
from okr.metrics import Window
from okr.policy import MetricSpec
from storage import rankings, units

_ABOVE_STORES = frozenset({By.REGION, By.TYPE})
"""A store is of one of each, so that a table of both would have one place filled in every row."""
_UNKNOWN = frozenset(UNKNOWN.values())


async def compared(asking: Asking, words: str, spec: MetricSpec, by: Sequence[By]) -> Crossed | Grouped:
    """By two of what is no week, the rows first."""
    span, window = await named_span(asking, words, usual="本季")
    if By.STORE in by and not _ABOVE_STORES.isdisjoint(by):
        other = next(one for one in by if one is not By.STORE)
        return await _within(asking, spec, other, span, window)
    return await _across(asking, spec, by, span, window)


async def _across(asking: Asking, spec: MetricSpec, by: Sequence[By], span: str, window: Window) -> Crossed:
    people = By.GRADE in by
    values, few = await values_of(asking, spec, await groups_of(asking, by), window, people=people)
    heads = sorted({column for _, column in values}, key=lambda name: (name in _UNKNOWN, name))
    told = [*values, *(group for group in few if group[1] in heads)]
    rows = {row: [values.get((row, head)) for head in heads] for row, _ in told}
    return Crossed(
        spec.name,
        said_by(by, spec, people=people),
        span,
        spec.shown_unit,
        heads,
        {row: rows[row] for row in sorted(rows, key=lambda name: (name in _UNKNOWN, -_mean(rows[name])))},
        f"对比 {asking.rest}",
        f"对比 {spec.name} 按 {by[1]},{by[0]} {span}",
        few,
    )


def _mean(values: Sequence[Decimal | None]) -> Decimal:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / max(1, len(known))


async def _within(asking: Asking, spec: MetricSpec, other: By, span: str, window: Window) -> Grouped:
    places = await groups_of(asking, [other, By.STORE])
    stores, _ = await values_of(asking, spec, places, window, people=False)
    wholes = await _wholes(asking, spec, {key: group for key, (group, _) in places.items()}, other, window)
    inside: dict[str, dict[str, Decimal]] = {}
    for (group, store), value in stores.items():
        inside.setdefault(group, {})[store] = value
    groups = [Group(name, wholes.get(name), inside[name]) for name in inside]
    mean = other is By.TYPE and spec.kind != "ratio"
    return Grouped(
        spec.name,
        f"{other},{By.STORE}",
        span,
        spec.shown_unit,
        sorted(groups, key=lambda one: (one.name in _UNKNOWN, -_height(one))),
        f"对比 {asking.rest}",
        mean,
    )


def _height(group: Group) -> Decimal:
    return group.middle if group.value is None else group.value


async def _wholes(
    asking: Asking, spec: MetricSpec, groups: Mapping[str, str], other: By, window: Window
) -> Mapping[str, Decimal]:
    """A region's own figure, for who may see it; of a type the mean of the stores, or their ratio."""
    if other is By.TYPE:
        return (await values_of(asking, spec, groups, window, people=False))[0]
    known = await units.known(asking.session)
    seen = seen_places(asking, known, await rankings.everybody(asking.session), "区域").names
    found = await rankings.of_units(asking.session, spec, asking.policy.metrics, window)
    return {seen[key]: value for key, value in found.items() if key in seen}
