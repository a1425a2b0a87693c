"""Deliveries of business data: points looked up and kept, and the key results that they move, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from okr.points import BadPoint, Known, Point, PointReader, Worker, numbers_of
from okr.policy import MetricSpec
from okr.units import Units
from storage import fed, lots, metrics, people, sources
from storage.fed import Scales
from storage.lots import Counting, Step
from storage.metrics import Taking, Terms
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

    @property
    def counting(self) -> Counting:
        return Counting(self.zone, self.metrics, self.units)


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
    looking = Looking(delivery, await workers(session, numbers_of(raw), delivery.units), first=first)
    looking.look(raw)
    found = looking.found()
    if found.strange:
        await blame(session, delivery.source, found.strange)
    once, order = lots.Once(), lots.Order(delivery.counting)
    once.add(found.points)
    order.add(once.points())
    whole = list(order.steps(lambda: len(raw)))
    outcome = Outcome(once.corrected, once.repeated, found.rejected)
    outcome.add((await keep(session, whole, delivery)).outcome)
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What one transaction has kept: so many steps."""

    outcome: Outcome
    steps: int


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


async def keep(session: Session, steps: Sequence[Step], delivery: Delivery) -> Kept:
    """Keep steps, the first at any rate and others while nobody waits, and let what follows them move."""
    outcome = Outcome()
    if not steps:
        return Kept(outcome, 0)
    source_id = await metrics.source_id(session, delivery.source)
    taking = Taking(session, Terms(source_id, delivery.counting))
    await taking.know({series for step in steps for lot in step for series in (lot.leaf, *lot.accounts)})
    kept = 0
    for step in steps:
        await taking.add(step)
        kept += 1
        if session.awaited:
            break
    taken = await taking.finish()
    outcome.accepted, outcome.duplicates = taken.accepted, taken.duplicates
    if taken.newest is not None:
        await metrics.heard(session, source_id, delivery.at, taken.newest)
    if taken.series:
        scales = Scales(delivery.metrics, delivery.units, delivery.zone, delivery.at)
        outcome.moved = await fed.follow(session, taken.series, scales)
    return Kept(outcome, kept)


async def blame(session: Session, source: str, reasons: Sequence[str]) -> None:
    """Note with a source what it has brought and could not be taken."""
    await sources.note_unmapped(session, await metrics.source_id(session, source), reasons)


async def placed(session: Session, raw: Sequence[Any], delivery: Delivery) -> list[Point | Rejected]:
    """What each raw point would be, in their order; nothing is kept."""
    looking = Looking(delivery, await workers(session, numbers_of(raw), delivery.units))
    looking.look(raw)
    found = looking.found()
    points, wrong = iter(found.points), {one.index: one for one in found.rejected}
    return [wrong[index] if index in wrong else next(points) for index in range(len(raw))]


async def workers(session: Session, numbers: Collection[str], units: Units) -> dict[str, Worker]:
    """Employees by their numbers in small letters; who has left may still have sold something before."""
    found: dict[str, Worker] = {}
    asked = sorted(numbers)
    for begin in range(0, len(asked), ROWS):
        some = asked[begin : begin + ROWS]
        rows = await session.all(
            f"SELECT {people.COLUMNS} FROM employees e WHERE lower(e.number) IN ({', '.join('?' * len(some))})",
            *some,
        )
        for person in map(people.person_of, rows):
            found[person.number.lower()] = Worker(person.id, units.home(person))
    return found
