"""Points made ready to be kept: sorted by the series they belong to, with what they bring to each day.

All of it is done before a transaction begins, so that nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from okr.points import Point
from okr.policy import MetricSpec
from okr.units import Units
from storage.series import SeriesKey

MICROS = Decimal(10**6)
_A_DAY = 96
"""Quarters of an hour: no zone's day begins elsewhere than at one."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What the company counts, of which units, and in whose days."""

    zone: tzinfo
    metrics: Mapping[str, MetricSpec]
    units: Units

    def accounts(self, leaf: SeriesKey, path: str) -> tuple[SeriesKey, ...]:
        """The series whose days a point of this one belongs to. `path`: of its unit."""
        own = (SeriesKey(leaf.metric, "", leaf.employee_id),) if leaf.employee_id else ()
        if self.metrics[leaf.metric].kind == "cumulative":
            return (*(SeriesKey(leaf.metric, unit, 0) for unit in self.units.upwards(path)), *own)
        return own or (leaf,)

    def accounts_by_name(self, leaf: SeriesKey) -> tuple[SeriesKey, ...]:
        """The same of a series that has been kept under its unit's name."""
        paths = self.units.find(leaf.unit)
        return self.accounts(leaf, paths[0] if paths else leaf.unit)


Entry = tuple[str, datetime, int]
"""A point as it is kept: its source's id for it, its moment (UTC), its value in millionths."""


class Change(NamedTuple):
    """What a day gains: a sum, a number of points, and its last point."""

    total: int
    points: int
    last_at: datetime
    last: int

    def and_then(self, other: Change) -> Change:
        last_at, last = (other if other.last_at >= self.last_at else self)[2:]
        return Change(self.total + other.total, self.points + other.points, last_at, last)


class Lot(NamedTuple):
    """Points of one series, the series whose days they move, and what each day gains."""

    leaf: SeriesKey
    accounts: tuple[SeriesKey, ...]
    entries: list[Entry]
    days: dict[date, Change]


Step = list[Lot]
"""Lots that are kept together or not at all."""


class Once:
    """Points each of which is said once: where one was said twice, as it was said last. What was said before is counted."""

    def __init__(self) -> None:
        self.repeated = self.corrected = 0
        self._said: dict[str, Point] = {}

    def add(self, points: Sequence[Point]) -> None:
        said = self._said
        fresh = {point.id: point for point in points}
        if len(fresh) == len(points) and said.keys().isdisjoint(fresh):
            said |= fresh
            return
        for point in points:
            before = said.get(point.id)
            if before == point:
                self.repeated += 1
            elif before is not None:
                self.corrected += 1
            said[point.id] = point

    def points(self) -> list[Point]:
        return list(self._said.values())


class Order:
    """Points put in the order in which they are kept. Those of one place stay together: each step moves few key results."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._places: dict[tuple[str, int, str], list[Point]] = {}

    def add(self, points: Iterable[Point]) -> None:
        """Points, each said once."""
        places = self._places
        for point in points:
            places.setdefault((point.unit, point.employee_id, point.metric), []).append(point)

    def steps(self, size: Callable[[], int]) -> Iterator[Step]:
        """All points, in steps of so many as is said when each begins."""
        counting = self._counting
        days = Days(counting.zone)
        step: Step = []
        room = size()
        for (unit, employee_id, metric), whole in sorted(self._places.items()):
            leaf = SeriesKey(metric, counting.units.key(unit), employee_id)
            accounts = counting.accounts(leaf, unit)
            rest = iter(whole)
            while some := list(islice(rest, room)):
                entries = [
                    (point_id, at if at.tzinfo is UTC else at.astimezone(UTC), int(value * MICROS))
                    for point_id, _, _, _, at, value in some
                ]
                step.append(Lot(leaf, accounts, entries, days.gains(entries)))
                room -= len(some)
                if not room:
                    yield step
                    step, room = [], size()
        if step:
            yield step


class Days:
    """The days that moments belong to in company time, each quarter of an hour looked up once."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._known: dict[int, date] = {}

    def gains(self, entries: Iterable[Entry]) -> dict[date, Change]:
        """What entries of one series add to each day; of one moment the later entry is the last."""
        known = self._known
        parts: dict[date, list[Entry]] = {}
        for entry in entries:
            at = entry[1]
            quarter = at.toordinal() * _A_DAY + at.hour * 4 + at.minute // 15
            day = known.get(quarter)
            if day is None:
                day = known[quarter] = at.astimezone(self._zone).date()
            if day in parts:
                parts[day].append(entry)
            else:
                parts[day] = [entry]
        return {day: _change(some) for day, some in parts.items()}


def _change(entries: Sequence[Entry]) -> Change:
    last_at, last = entries[0][1], 0
    for _, at, value in entries:
        if at >= last_at:
            last_at, last = at, value
    return Change(sum([value for _, _, value in entries]), len(entries), last_at, last)
