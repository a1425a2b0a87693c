"""Key results that data moves: those bound to a metric follow it in the transaction that its points came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple, TypeVar

from okr.metrics import rescaled
from okr.objectives import Basis, CycleState, KeyResult, Kind, Objective, Reading, RollUp, State
from okr.people import Person
from okr.policy import MetricSpec
from okr.units import Units
from okr.workdays import OfficeCalendar
from storage import check_ins, figures, roll_ups
from storage.figures import Counted, Wanted
from storage.series import SeriesKey
from storage.session import Session, amount, day, evened, moment

T = TypeVar("T")

_KINDS = frozenset({Kind.NUMBER, Kind.MAINTAIN, Kind.BASELINE})
FED = (
    "FROM key_results k JOIN objectives o ON o.id = k.objective_id JOIN cycles c ON c.id = o.cycle_id"
    " JOIN employees e ON e.id = o.owner_id"
    f" WHERE k.state = '{State.ACTIVE}' AND o.state = '{State.ACTIVE}' AND k.roll_up = '{RollUp.MANUAL}'"
    f" AND c.state <> '{CycleState.CLOSED}'"
)
DUE = (Basis.DAILY, Basis.WEEKLY, Basis.MONTH)
"""A figure over one of these is another on another day, without any new point."""
ROWS = 400


@dataclass(frozen=True, slots=True)
class Scales:
    """What it takes to know what a figure is: the company's metrics, its units, its days, and now.

    `calendar` tells holidays from other days.
    """

    metrics: Mapping[str, MetricSpec]
    units: Units
    zone: tzinfo
    now: datetime
    calendar: OfficeCalendar = field(default_factory=OfficeCalendar)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def is_fed(kr: KeyResult, metrics: Mapping[str, MetricSpec]) -> bool:
    """Whether data moves it: bound to a metric that is still counted, and not computed from below."""
    return (
        bool(kr.metric) and kr.metric in metrics and kr.roll_up is RollUp.MANUAL and kr.measure.kind in _KINDS
    )


async def follow(session: Session, touched: Collection[SeriesKey], scales: Scales) -> list[int]:
    """Let the key results of these series take their figures; those that have another value now."""
    return await _follow(session, await _bound_to(session, touched, scales), scales)


async def has_any(session: Session, objective_id: int) -> bool:
    """Whether data move any key result of an objective in force."""
    row = await session.one(f"SELECT 1 {FED} AND o.id = ? AND k.metric <> '' LIMIT 1", objective_id)
    return row is not None


async def settle(session: Session, objective_id: int, scales: Scales) -> list[int]:
    """Let the key results of one objective take their figures, as when it comes into force."""
    rows = await session.all(f"SELECT k.id {FED} AND o.id = ? AND k.metric <> '' ORDER BY k.id", objective_id)
    return await _follow(session, [row[0] for row in rows], scales)


async def speak(session: Session, kr_id: int, scales: Scales) -> list[int]:
    """Let one key result take its figure, whatever somebody has typed over it."""
    return await _follow(session, [kr_id], scales)


async def turn(session: Session, kr_ids: Sequence[int], scales: Scales) -> list[int]:
    """Let these key results take their figures: for what changes with the day alone. What somebody has typed stays."""
    return await _follow(session, kr_ids, scales, over_typed=False)


async def due_with_the_day(session: Session, after: int, limit: int) -> list[int]:
    """Fed key results whose figure depends on the day, by their ids, beginning after one."""
    rows = await session.all(
        f"SELECT k.id {FED} AND k.metric <> '' AND k.basis IN ({', '.join('?' * len(DUE))}) AND k.id > ?"
        " ORDER BY k.id LIMIT ?",
        *(str(basis) for basis in DUE),
        after,
        limit,
    )
    return [row[0] for row in rows]


async def figure_of(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales
) -> Counted | None:
    """What the data say of a key result now; None where its cycle has not begun."""
    spec = scales.metrics[kr.metric]
    wanted = Wanted(
        spec=spec,
        basis=kr.measure.basis,
        cycle=objective.cycle,
        path="" if kr.metric_own else scales.units.home(owner),
        employee_id=owner.id if kr.metric_own else 0,
    )
    return await figures.count(session, wanted, scales.metrics, scales.units, scales.today)


async def _bound_to(session: Session, touched: Collection[SeriesKey], scales: Scales) -> list[int]:
    counted = {key.metric for key in touched}
    names = counted | {
        spec.key
        for spec in scales.metrics.values()
        if spec.numerator in counted or spec.denominator in counted
    }
    places = {key.unit for key in touched if not key.employee_id}
    own = {key.employee_id for key in touched if key.employee_id}
    snapshots = any(scales.metrics[name].kind == "snapshot" for name in counted)
    if snapshots:
        places |= {
            above
            for unit in places
            for path in scales.units.find(unit)
            for above in scales.units.upwards(path)
        }
    there = await _people_of(session, places, scales.units)
    found: list[int] = []
    for owners in _chunks(sorted(there | own)):
        rows = await session.all(
            f"SELECT k.id, k.metric_own, o.owner_id {FED} AND o.owner_id IN ({_marks(owners)})"
            f" AND (k.metric || '') IN ({_marks(names)})",  # by the owners' index: a metric is that of thousands
            *owners,
            *sorted(names),
        )
        found += [row[0] for row in rows if row[2] in (own if row[1] else there)]
    return sorted(found)


async def _people_of(session: Session, places: Collection[str], units: Units) -> set[int]:
    """Who belongs to units, given by their keys."""
    found: set[int] = set()
    for some in _chunks(sorted(places)):
        paths = evened(sorted({path for unit in some for path in units.find(unit)}))
        rows = await session.all(
            f"SELECT id FROM employees WHERE department IN ({_marks(paths)})"
            f" UNION SELECT id FROM employees WHERE store IN ({_marks(some)})",
            *paths,
            *some,
        )
        found |= {row[0] for row in rows}
    return found


class _Span(NamedTuple):
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class _Bound:
    """A key result that follows data: what is asked of them, what it has now, and what it supports."""

    kr_id: int
    objective_id: int
    wanted: Wanted
    goal_unit: str
    reading: Reading | None
    supports: bool


async def _follow(
    session: Session, kr_ids: Sequence[int], scales: Scales, *, over_typed: bool = True
) -> list[int]:
    moved: list[int] = []
    for some in _chunks(sorted(kr_ids)):
        bound = [
            one for one in await _locked(session, some, scales) if over_typed or not _is_typed(one.reading)
        ]
        changed = await _newly(session, bound, scales)
        await check_ins.record_fed(
            session, [(one.kr_id, one.reading, reading) for one, reading in changed], scales.now, scales.zone
        )
        above = [one for one, _ in changed if one.supports]
        if above:
            homes = sorted({one.objective_id for one in above})
            await roll_ups.follow_many(session, homes, [one.kr_id for one in above], scales.now)
        moved += [one.kr_id for one, _ in changed]
    return moved


def _is_typed(reading: Reading | None) -> bool:
    return reading is not None and reading.typed


async def _locked(session: Session, kr_ids: Sequence[int], scales: Scales) -> list[_Bound]:
    """Key results that are fed. Whoever brings other days of the same figure comes before this or after it."""
    lock = f"{session.for_update} OF k" if session.for_update else ""
    rows = await session.all(
        "SELECT k.id, k.objective_id, k.metric, k.metric_own, k.basis, k.unit, k.kind, k.value, k.value_at,"
        " k.value_source, k.value_typed, k.parent_kr_id, o.parent_kr_id, o.owner_id, e.department, e.store,"
        f' c.start, c."end" {FED} AND k.id IN ({_marks(kr_ids)}) ORDER BY k.id{lock}',
        *kr_ids,
    )
    found: list[_Bound] = []
    for row in rows:
        spec = scales.metrics.get(row[2])
        if spec is None or row[6] not in _KINDS:
            continue
        own = bool(row[3])
        wanted = Wanted(
            spec=spec,
            basis=Basis(row[4]),
            cycle=_Span(day(row[16]), day(row[17])),
            path="" if own else scales.units.home_of(row[14], row[15]),
            employee_id=row[13] if own else 0,
        )
        value = amount(row[7])
        reading = None if value is None else Reading(value, moment(row[8]), row[9], bool(row[10]))
        found.append(
            _Bound(row[0], row[1], wanted, row[5], reading, row[11] is not None or row[12] is not None)
        )
    return found


async def _newly(session: Session, bound: Sequence[_Bound], scales: Scales) -> list[tuple[_Bound, Reading]]:
    """Those for which the data say another value than they have, with it."""
    asked = [one.wanted for one in bound]
    looked = await figures.look_up(session, asked, scales.metrics, scales.units, scales.today)
    found: list[tuple[_Bound, Reading]] = []
    for one in bound:
        counted = await figures.count(session, one.wanted, scales.metrics, scales.units, scales.today, looked)
        if counted is not None and (reading := _reading(one, counted, scales)) is not None:
            found.append((one, reading))
    return found


def _reading(bound: _Bound, counted: Counted, scales: Scales) -> Reading | None:
    """What it shows from now on; None where that is what it shows."""
    if counted.figure.value is None:
        return None
    spec, known = bound.wanted.spec, bound.reading
    value = rescaled(counted.figure.value, spec.shown_unit, bound.goal_unit)
    if known is not None and not known.typed and known.value == value:
        return None
    spoken_at = counted.spoken.at if counted.spoken else scales.now
    at = max(min(spoken_at, scales.now), known.at if known else spoken_at)
    source = counted.spoken.source if counted.spoken else known.source if known else spec.name
    return Reading(value, at, source, typed=False)


def _chunks(values: Sequence[T]) -> list[Sequence[T]]:
    return [evened(values[begin : begin + ROWS]) for begin in range(0, len(values), ROWS)]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
