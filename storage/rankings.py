"""What rankings are made of: everybody's figures, and everybody's attainment, now and at an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from okr.metrics import Window, ratio
from okr.objectives import Objective, Reading, State
from okr.people import Person
from okr.policy import MetricSpec
from okr.progress import objective_progress
from storage import objectives, people
from storage.check_ins import STANDING
from storage.session import Row, Session, amount, day_or_none, moment

NEW = timedelta(days=30)
"""Who came later is not compared yet."""
LONG_LEAVE = timedelta(days=14)
Figures = dict[str, Decimal]
"""By the key of whom they are: a person's id as text, or a unit's."""
Spans = tuple[Window, Window]
"""The days that count, and those they are compared with."""
_PLACES = 6
"""Of a stored number: millionths."""
FEW = 400
"""So many people are asked for by their ids; of more everybody's figures are read."""
NOT_COMPARED = ("试用", "兼职", "实习", "小时工", "临时")
"""Words of an employment that is not compared with others."""


async def taking_part(session: Session, today: date) -> dict[int, Person]:
    """Everybody who is compared with others: not who is new, on probation, part-time or on longer leave."""
    return {row[2]: people.person_of(row[2:]) for row in await _compared(session, today, people.COLUMNS)}


async def alike(
    session: Session, today: date, kinds: Collection[tuple[str, str]]
) -> dict[int, tuple[str, str]]:
    """Those of them who belong to such a region and store type, with both."""
    rows = await _compared(session, today, "e.id, e.region, e.store_type", kinds)
    return {row[2]: (row[3], row[4]) for row in rows}


async def _compared(
    session: Session, today: date, columns: str, kinds: Collection[tuple[str, str]] = ()
) -> list[Row]:
    """Rows of those who are compared: two columns of our own, then `columns`, of which the first is the id."""
    kind = " OR ".join(["(e.region = ? AND e.store_type = ?)"] * len(kinds))
    rows = await session.all(
        f"SELECT e.employment, e.joined_on, {columns} FROM employees e WHERE e.active = ?"
        + (f" AND ({kind})" if kind else ""),
        True,
        *(name for one in kinds for name in one),
    )
    away = await session.all(
        "SELECT employee_id, first_day, last_day FROM absences WHERE ended_at IS NULL AND first_day <= ? AND last_day >= ?",
        today,
        today,
    )
    gone = {row[0] for row in away if _days(row[1], row[2]) >= LONG_LEAVE}
    newest = today - NEW
    return [
        row
        for row in rows
        if row[2] not in gone
        and ((joined := day_or_none(row[1])) is None or joined <= newest)
        and not (row[0] and any(word in row[0] for word in NOT_COMPARED))
    ]


async def everybody(session: Session) -> dict[int, Person]:
    """Everybody who works here, to know which places there are."""
    rows = await session.all(f"SELECT {people.COLUMNS} FROM employees e WHERE e.active = ?", True)
    return {row[0]: people.person_of(row) for row in rows}


async def one_of_each_store(session: Session) -> dict[int, Person]:
    """Of everybody who works in a store one for each department of it, to know which stores there are."""
    rows = await session.all(
        f"SELECT {people.COLUMNS} FROM employees e WHERE e.id IN"
        " (SELECT max(id) FROM employees WHERE active = ? AND store <> '' GROUP BY department, store)",
        True,
    )
    return {row[0]: people.person_of(row) for row in rows}


def _days(first: object, last: object) -> timedelta:
    begin, end = day_or_none(first), day_or_none(last)
    return end - begin + timedelta(days=1) if begin and end else timedelta()


async def of_people_twice(
    session: Session,
    spec: MetricSpec,
    metrics: Mapping[str, MetricSpec],
    spans: Spans,
    ids: Collection[int] | None = None,
) -> tuple[Figures, Figures]:
    """Everybody's own figure over the days that count and over those before, by the person's id as text.

    `ids`: of these alone.
    """
    whose = (
        "s.employee_id <> 0" if ids is None else f"s.employee_id IN ({', '.join(map(str, ids)) or 'NULL'})"
    )
    return await _figures(session, spec, metrics, spans, "s.employee_id", f"s.unit = '' AND {whose}")


async def of_units_twice(
    session: Session, spec: MetricSpec, metrics: Mapping[str, MetricSpec], spans: Spans
) -> tuple[Figures, Figures]:
    """Every unit's figure over the days that count and over those before, by its key."""
    return await _figures(session, spec, metrics, spans, "s.unit", "s.employee_id = 0")


async def of_people(
    session: Session, spec: MetricSpec, metrics: Mapping[str, MetricSpec], window: Window
) -> Figures:
    """Everybody's own figure over a window, by the person's id as text."""
    return (await of_people_twice(session, spec, metrics, (window, window)))[0]


async def of_units(
    session: Session, spec: MetricSpec, metrics: Mapping[str, MetricSpec], window: Window
) -> Figures:
    """Every unit's figure over a window, by its key."""
    return (await of_units_twice(session, spec, metrics, (window, window)))[0]


async def _figures(
    session: Session,
    spec: MetricSpec,
    metrics: Mapping[str, MetricSpec],
    spans: Spans,
    whose: str,
    where: str,
) -> tuple[Figures, Figures]:
    if spec.kind == "ratio":
        upper = await _figures(session, metrics[spec.numerator], metrics, spans, whose, where)
        lower = await _figures(session, metrics[spec.denominator], metrics, spans, whose, where)
        now, before = (_ratios(spec, *sides) for sides in zip(upper, lower, spans, strict=True))
        return now, before
    if spec.kind == "cumulative":
        return await _sums(session, spec, spans, whose, where)
    now, before = [await _last(session, spec, span, whose, where) for span in spans]
    return now, before


def _ratios(spec: MetricSpec, upper: Figures, lower: Figures, window: Window) -> Figures:
    made = {key: ratio(spec, upper.get(key), below, window).value for key, below in lower.items()}
    return {key: value for key, value in made.items() if value is not None}


async def _sums(
    session: Session, spec: MetricSpec, spans: Spans, whose: str, where: str
) -> tuple[Figures, Figures]:
    """Both in one pass over the days: they lie side by side, or one in the other."""
    part = "sum(CASE WHEN d.day >= ? AND d.day <= ? THEN d.total END)"
    rows = await session.all(
        f"SELECT {whose}, {part}, {part} FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
        f" WHERE s.metric = ? AND {where} AND d.day >= ? AND d.day <= ? GROUP BY {whose}",
        *spans[0],
        *spans[1],
        spec.key,
        min(span.first for span in spans),
        max(span.last for span in spans),
    )
    now, before = ({str(row[0]): _whole(row[at]) for row in rows if row[at] is not None} for at in (1, 2))
    return now, before


async def _last(session: Session, spec: MetricSpec, window: Window, whose: str, where: str) -> Figures:
    rows = await session.all(
        f"SELECT {whose}, d.last_value FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
        f" WHERE s.metric = ? AND {where} AND d.day = (SELECT max(n.day) FROM metric_days n"
        " WHERE n.series_id = s.id AND n.day >= ? AND n.day <= ?)",
        spec.key,
        *window,
    )
    return {str(row[0]): _whole(row[1]) for row in rows}


def _whole(micros: int | Decimal) -> Decimal:
    return Decimal(micros).scaleb(-_PLACES)


async def attainment(
    session: Session,
    owners: Collection[int],
    cycle_id: int,
    until: datetime | None = None,
    *,
    states: Sequence[State] = (State.ACTIVE,),
) -> dict[int, Decimal]:
    """The mean progress of everybody's goals in force, of 1; `until`: by what was known at that moment."""
    wholes = await objectives.of_owners(session, sorted(owners), cycle_id, states)
    if until is not None:
        wholes = await _as_of(session, wholes, until)
    gathered: dict[int, list[Decimal]] = {}
    for objective in wholes:
        gathered.setdefault(objective.owner_id, []).append(objective_progress(objective).clamped)
    return {owner: sum(shares, Decimal(0)) / len(shares) for owner, shares in gathered.items()}


async def _as_of(session: Session, wholes: Collection[Objective], until: datetime) -> list[Objective]:
    """The same goals with the values that held at a moment."""
    ids = [kr.id for objective in wholes for kr in objective.key_results]
    held: dict[int, Reading] = {}
    for begin in range(0, len(ids), 400):
        some = ids[begin : begin + 400]
        rows = await session.all(
            "SELECT c.key_result_id, c.value, c.on_at, c.source FROM check_ins c WHERE c.key_result_id IN"
            f" ({', '.join('?' * len(some))}) AND c.value IS NOT NULL AND c.on_at <= ? AND {STANDING}"
            " ORDER BY c.on_at, c.id",
            *some,
            until,
        )
        for row in rows:
            held[row[0]] = Reading(amount(row[1]) or Decimal(0), moment(row[2]), row[3])
    return [
        replace(one, key_results=tuple(replace(kr, reading=held.get(kr.id)) for kr in one.key_results))
        for one in wholes
    ]
