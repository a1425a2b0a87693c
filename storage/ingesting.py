"""Deliveries of business data: points looked up and kept, and the key results that they move, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from okr.objectives import KeyResult
from okr.points import BadPoint, Known, Point, Worker, number_of, read_point
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
    moved: list[KeyResult] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.rejected += other.rejected
        self.moved += other.moved


async def deliver(
    session: Session, raw: Sequence[Any], delivery: Delivery, *, first: int = 0, all_or_none: bool = False
) -> Outcome:
    """Take what can be taken and name the rest. `first`: the place of the first point in the whole delivery.

    `all_or_none`: nothing is taken where anything is rejected.
    """
    outcome = Outcome()
    points = await _read(session, raw, delivery, first, outcome)
    strange = [one.reason for one in outcome.rejected if one.unmapped]
    if (not points and not strange) or (all_or_none and outcome.rejected):
        return outcome
    source_id = await metrics.source_id(session, delivery.source)
    if strange:
        await sources.note_unmapped(session, source_id, strange)
    if not points:
        return outcome
    terms = Terms(source_id, delivery.at, delivery.zone, delivery.metrics, delivery.units)
    taken = await metrics.take_in(session, points, terms)
    outcome.accepted, outcome.duplicates = taken.accepted, taken.duplicates
    newest = max(point.at for point in points)
    await metrics.heard(session, source_id, delivery.at, newest)
    if taken.series:
        scales = Scales(delivery.metrics, delivery.units, delivery.zone, delivery.at)
        outcome.moved = await fed.follow(session, taken.series, scales)
    return outcome


async def _read(
    session: Session, raw: Sequence[Any], delivery: Delivery, first: int, outcome: Outcome
) -> list[Point]:
    numbers = {number.lower() for one in raw if (number := number_of(one))}
    workers = await _workers(session, sorted(numbers), delivery.units)
    known = Known(
        metrics=delivery.metrics,
        units=delivery.units,
        employee=lambda number: workers.get(number.lower()),
        now=delivery.at,
        zone=delivery.zone,
    )
    points: list[Point] = []
    for index, one in enumerate(raw, first):
        try:
            points.append(read_point(one, known))
        except BadPoint as bad:
            outcome.rejected.append(Rejected(index, str(bad), bad.unmapped))
    return points


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
