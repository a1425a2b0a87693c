"""Deliveries of business data: points looked up and kept, and the key results that they move, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any

from okr.points import BadPoint, Known, Point, PointReader, Worker, number_of
from okr.policy import MetricSpec
from okr.units import Units
from storage import fed, metrics, people, sources
from storage.fed import Scales
from storage.metrics import Terms
from storage.session import Session

ROWS = 400


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who delivers, when, and what the company counts."""

    source: str
    at: datetime
    zone: tzinfo
    metrics: Mapping[str, MetricSpec]
    units: Units


@dataclass(frozen=True, slots=True)
class Rejected:
    """A point that was not taken. `index`: its place in the delivery."""

    index: int
    reason: str
    unmapped: bool = False


@dataclass(slots=True)
class Outcome:
    accepted: int = 0
    duplicates: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    """The key results that have another value now."""

    def add(self, other: Outcome) -> None:
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.rejected += other.rejected
        self.moved += other.moved


async def deliver(session: Session, raw: Sequence[Any], delivery: Delivery, *, first: int = 0) -> Outcome:
    """Take what can be taken and name the rest. `first`: the place of the first point in the whole delivery."""
    looking = Looking(delivery, await workers(session, raw, delivery.units), first=first)
    looking.look(raw)
    found = looking.found()
    outcome = await keep(session, found, delivery)
    outcome.rejected = found.rejected
    return outcome


@dataclass(frozen=True, slots=True)
class Read:
    """What has been looked at and not been kept yet."""

    points: Sequence[Point]
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def strange(self) -> list[str]:
        """Why some could not be placed."""
        return [one.reason for one in self.rejected if one.unmapped]

    def pieces(self, size: int) -> Iterator[Read]:
        """The points in portions, those of one place together, so that each portion moves few key results.

        Where something is said twice the order stays: the later holds.
        """
        points = self.points
        if len({point.id for point in points}) == len(points):
            points = sorted(points, key=_place)
        for begin in range(0, len(points), size):
            yield Read(points[begin : begin + size])


_place = attrgetter("unit", "employee_id", "metric")


class Looking:
    """Looks at raw points, one portion after another. `known`: the employees that they name, by `workers`."""

    def __init__(self, delivery: Delivery, known: Mapping[str, Worker], *, first: int = 0) -> None:
        """`first`: the place of the first point in the whole delivery."""
        self._reader = PointReader(
            Known(
                metrics=delivery.metrics,
                units=delivery.units,
                employee=lambda number: known.get(number.lower()),
                now=delivery.at,
                zone=delivery.zone,
            )
        )
        self._next = first
        self._points: list[Point] = []
        self._rejected: list[Rejected] = []

    def look(self, raw: Sequence[Any]) -> None:
        read, take = self._reader.read, self._points.append
        for index, one in enumerate(raw, self._next):
            try:
                take(read(one))
            except BadPoint as bad:
                self._rejected.append(Rejected(index, str(bad), bad.unmapped))
        self._next += len(raw)

    def found(self) -> Read:
        return Read(self._points, self._rejected)


async def keep(session: Session, found: Read, delivery: Delivery) -> Outcome:
    """Keep points, and let what follows them move."""
    outcome = Outcome()
    if found.strange:
        await blame(session, delivery.source, found.strange)
    if not found.points:
        return outcome
    source_id = await metrics.source_id(session, delivery.source)
    terms = Terms(source_id, delivery.at, delivery.zone, delivery.metrics, delivery.units)
    taken = await metrics.take_in(session, found.points, terms)
    outcome.accepted, outcome.duplicates = taken.accepted, taken.duplicates
    if taken.accepted:
        newest = max(point.at for point in found.points)
        await metrics.heard(session, source_id, delivery.at, newest)
    if taken.series:
        scales = Scales(delivery.metrics, delivery.units, delivery.zone, delivery.at)
        outcome.moved = await fed.follow(session, taken.series, scales)
    return outcome


async def blame(session: Session, source: str, reasons: Sequence[str]) -> None:
    """Note with a source what it has brought and could not be taken."""
    await sources.note_unmapped(session, await metrics.source_id(session, source), reasons)


async def placed(session: Session, raw: Sequence[Any], delivery: Delivery) -> list[Point | Rejected]:
    """What each raw point would be, in their order; nothing is kept."""
    looking = Looking(delivery, await workers(session, raw, delivery.units))
    looking.look(raw)
    found = looking.found()
    points, wrong = iter(found.points), {one.index: one for one in found.rejected}
    return [wrong[index] if index in wrong else next(points) for index in range(len(raw))]


async def workers(session: Session, raw: Sequence[Any], units: Units) -> dict[str, Worker]:
    """The employees that raw points name, by their numbers in small letters."""
    numbers = {number.lower() for one in raw if (number := number_of(one))}
    return await _workers(session, sorted(numbers), units) if numbers else {}


async def _workers(session: Session, numbers: Sequence[str], units: Units) -> dict[str, Worker]:
    """Employees by their numbers in small letters; who has left may still have sold something before."""
    found: dict[str, Worker] = {}
    for begin in range(0, len(numbers), ROWS):
        some = numbers[begin : begin + ROWS]
        rows = await session.all(
            f"SELECT {people.COLUMNS} FROM employees e WHERE lower(e.number) IN ({', '.join('?' * len(some))})",
            *some,
        )
        for person in map(people.person_of, rows):
            found[person.number.lower()] = Worker(person.id, units.home(person))
    return found
