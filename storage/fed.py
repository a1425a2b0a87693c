"""Key results that data moves: those bound to a metric follow it in the transaction that its points came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import TypeVar

from okr.metrics import rescaled
from okr.objectives import Basis, CycleState, KeyResult, Kind, Objective, Reading, RollUp, State
from okr.people import Person
from okr.policy import MetricSpec
from okr.units import Units
from storage import check_ins, figures, objectives, people, roll_ups
from storage.figures import Counted, Wanted
from storage.metrics import SeriesKey
from storage.session import Session

T = TypeVar("T")

_KINDS = frozenset({Kind.NUMBER, Kind.MAINTAIN, Kind.BASELINE})
_FED = (
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
    """What it takes to know what a figure is: the company's metrics, its units, its days, and now."""

    metrics: Mapping[str, MetricSpec]
    units: Units
    zone: tzinfo
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def is_fed(kr: KeyResult, metrics: Mapping[str, MetricSpec]) -> bool:
    """Whether data moves it: bound to a metric that is still counted, and not computed from below."""
    return (
        bool(kr.metric) and kr.metric in metrics and kr.roll_up is RollUp.MANUAL and kr.measure.kind in _KINDS
    )


async def follow(session: Session, touched: Collection[SeriesKey], scales: Scales) -> list[KeyResult]:
    """Let the key results of these series take their figures; those that have another value now."""
    return await _follow(session, await _bound_to(session, touched, scales), scales)


async def has_any(session: Session, objective_id: int) -> bool:
    """Whether data move any key result of an objective in force."""
    row = await session.one(f"SELECT 1 {_FED} AND o.id = ? AND k.metric <> '' LIMIT 1", objective_id)
    return row is not None


async def settle(session: Session, objective_id: int, scales: Scales) -> list[KeyResult]:
    """Let the key results of one objective take their figures, as when it comes into force."""
    rows = await session.all(
        f"SELECT k.id {_FED} AND o.id = ? AND k.metric <> '' ORDER BY k.id", objective_id
    )
    return await _follow(session, [row[0] for row in rows], scales)


async def speak(session: Session, kr_id: int, scales: Scales) -> list[KeyResult]:
    """Let one key result take its figure, whatever somebody has typed over it."""
    return await _follow(session, [kr_id], scales)


async def turn(session: Session, kr_ids: Sequence[int], scales: Scales) -> list[KeyResult]:
    """Let these key results take their figures: for what changes with the day alone. What somebody has typed stays."""
    return await _follow(session, kr_ids, scales, over_typed=False)


async def due_with_the_day(session: Session, after: int, limit: int) -> list[int]:
    """Fed key results whose figure depends on the day, by their ids, beginning after one."""
    rows = await session.all(
        f"SELECT k.id {_FED} AND k.metric <> '' AND k.basis IN ({', '.join('?' * len(DUE))}) AND k.id > ?"
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
    found: list[int] = []
    for some in _chunks(sorted(places)):
        paths = sorted({path for unit in some for path in scales.units.find(unit)})
        where = f"e.department IN ({_marks(paths)}) OR e.store IN ({_marks(some)})"
        found += await _ids(session, names, f"k.metric_own IS FALSE AND ({where})", *paths, *some)
    for people_ in _chunks(sorted(own)):
        found += await _ids(
            session, names, f"k.metric_own IS TRUE AND o.owner_id IN ({_marks(people_)})", *people_
        )
    return sorted(set(found))


async def _ids(session: Session, names: Collection[str], where: str, *values: object) -> list[int]:
    rows = await session.all(
        f"SELECT k.id {_FED} AND k.metric IN ({_marks(names)}) AND {where}", *sorted(names), *values
    )
    return [row[0] for row in rows]


async def _follow(
    session: Session, kr_ids: Sequence[int], scales: Scales, *, over_typed: bool = True
) -> list[KeyResult]:
    if not kr_ids:
        return []
    homes: set[int] = set()
    for some in _chunks(kr_ids):  # whoever brings other days of the same figure comes before this or after it
        rows = await session.all(
            f"SELECT id, objective_id FROM key_results WHERE id IN ({_marks(some)}) ORDER BY id{session.for_update}",
            *some,
        )
        homes |= {row[1] for row in rows}
    wholes = await objectives.by_ids(session, homes)
    owners = await people.by_ids(session, sorted({one.owner_id for one in wholes}))
    wanted = set(kr_ids)
    moved: list[KeyResult] = []
    for objective in wholes:
        changed = [
            after
            for kr in objective.key_results
            if kr.id in wanted
            and is_fed(kr, scales.metrics)
            and (over_typed or kr.reading is None or not kr.reading.typed)
            if (after := await _take(session, objective, kr, owners[objective.owner_id], scales)) is not None
        ]
        if changed:
            now = {kr.id: kr for kr in changed}
            after_all = replace(
                objective, key_results=tuple(now.get(kr.id, kr) for kr in objective.key_results)
            )
            await roll_ups.follow(session, after_all, scales.now)
            moved += changed
    return moved


async def _take(
    session: Session, objective: Objective, kr: KeyResult, owner: Person, scales: Scales
) -> KeyResult | None:
    """Give a key result the value that the data say, where it has another."""
    counted = await figure_of(session, objective, kr, owner, scales)
    if counted is None or counted.figure.value is None:
        return None
    spec = scales.metrics[kr.metric]
    value = rescaled(counted.figure.value, spec.shown_unit, kr.measure.unit)
    known = kr.reading
    spoken_at = counted.spoken.at if counted.spoken else scales.now
    if known is not None and not known.typed and known.value == value:
        return None
    at = max(min(spoken_at, scales.now), known.at if known else spoken_at)
    source = counted.spoken.source if counted.spoken else known.source if known else spec.name
    reading = Reading(value, at, source, typed=False)
    await check_ins.record_fed(session, kr, reading, scales.now, scales.zone)
    return replace(kr, reading=reading)


def _chunks(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[begin : begin + ROWS] for begin in range(0, len(values), ROWS)]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
