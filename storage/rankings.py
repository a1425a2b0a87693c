"""What rankings are made of: everybody's figures, and everybody's attainment, now and at an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from okr.metrics import Window, ratio
from okr.objectives import Objective, Reading
from okr.people import Person
from okr.policy import MetricSpec
from okr.progress import objective_progress
from storage import objectives, people
from storage.metrics import MICROS
from storage.session import Session, amount, day_or_none, moment

NEW = timedelta(days=30)
"""Who came later is not compared yet."""
LONG_LEAVE = timedelta(days=14)
FEW = 400
"""So many people are asked for by their ids; of more everybody's figures are read."""
NOT_COMPARED = ("试用", "兼职", "实习", "小时工", "临时")
"""Words of an employment that is not compared with others."""


async def taking_part(
    session: Session, today: date, kinds: Collection[tuple[str, str]] = ()
) -> dict[int, Person]:
    """Everybody who is compared with others: not who is new, on probation, part-time or on longer leave.

    `kinds`: only those of such a region and store type; none is everybody.
    """
    alike = " OR ".join(["(e.region = ? AND e.store_type = ?)"] * len(kinds))
    rows = await session.all(
        f"SELECT {people.COLUMNS}, e.employment, e.joined_on FROM employees e WHERE e.active = ?"
        + (f" AND ({alike})" if alike else ""),
        True,
        *(name for kind in kinds for name in kind),
    )
    away = await session.all(
        "SELECT employee_id, first_day, last_day FROM absences WHERE ended_at IS NULL AND first_day <= ? AND last_day >= ?",
        today,
        today,
    )
    gone = {row[0] for row in away if _days(row[1], row[2]) >= LONG_LEAVE}
    found: dict[int, Person] = {}
    for row in rows:
        joined = day_or_none(row[12])
        if row[0] in gone or (joined is not None and joined > today - NEW):
            continue
        if not any(word in row[11] for word in NOT_COMPARED):
            found[row[0]] = people.person_of(row)
    return found


async def everybody(session: Session) -> dict[int, Person]:
    """Everybody who works here, to know which places there are."""
    rows = await session.all(f"SELECT {people.COLUMNS} FROM employees e WHERE e.active = ?", True)
    return {row[0]: people.person_of(row) for row in rows}


def _days(first: object, last: object) -> timedelta:
    begin, end = day_or_none(first), day_or_none(last)
    return end - begin + timedelta(days=1) if begin and end else timedelta()


async def of_people(
    session: Session,
    spec: MetricSpec,
    metrics: Mapping[str, MetricSpec],
    window: Window,
    ids: Collection[int] | None = None,
) -> dict[str, Decimal]:
    """Everybody's own figure over a window, by the person's id as text; `ids`: of these alone."""
    whose = (
        "s.employee_id <> 0" if ids is None else f"s.employee_id IN ({', '.join(map(str, ids)) or 'NULL'})"
    )
    return await _figures(session, spec, metrics, window, "s.employee_id", f"s.unit = '' AND {whose}")


async def of_units(
    session: Session, spec: MetricSpec, metrics: Mapping[str, MetricSpec], window: Window
) -> dict[str, Decimal]:
    """Every unit's figure over a window, by its key."""
    return await _figures(session, spec, metrics, window, "s.unit", "s.employee_id = 0")


async def _figures(
    session: Session,
    spec: MetricSpec,
    metrics: Mapping[str, MetricSpec],
    window: Window,
    whose: str,
    where: str,
) -> dict[str, Decimal]:
    if spec.kind == "ratio":
        upper = await _figures(session, metrics[spec.numerator], metrics, window, whose, where)
        lower = await _figures(session, metrics[spec.denominator], metrics, window, whose, where)
        made = {key: ratio(spec, upper.get(key), below, window).value for key, below in lower.items()}
        return {key: value for key, value in made.items() if value is not None}
    if spec.kind == "cumulative":
        rows = await session.all(
            f"SELECT {whose}, sum(d.total) FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
            f" WHERE s.metric = ? AND {where} AND d.day >= ? AND d.day <= ? GROUP BY {whose}",
            spec.key,
            *window,
        )
    else:
        rows = await session.all(
            f"SELECT {whose}, d.last_value FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
            f" WHERE s.metric = ? AND {where} AND d.day = (SELECT max(n.day) FROM metric_days n"
            " WHERE n.series_id = s.id AND n.day >= ? AND n.day <= ?)",
            spec.key,
            *window,
        )
    return {str(row[0]): amount(Decimal(row[1]) / MICROS) or Decimal(0) for row in rows}


async def attainment(
    session: Session, owners: Collection[int], cycle_id: int, until: datetime | None = None
) -> dict[int, Decimal]:
    """The mean progress of everybody's goals in force, of 1; `until`: by what was known at that moment."""
    wholes = await objectives.of_owners(session, sorted(owners), cycle_id)
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
            f" ({', '.join('?' * len(some))}) AND c.value IS NOT NULL AND c.takes_back IS NULL AND c.on_at <= ?"
            " AND NOT EXISTS (SELECT 1 FROM check_ins t WHERE t.takes_back = c.id) ORDER BY c.on_at, c.id",
            *some,
            until,
        )
        for row in rows:
            held[row[0]] = Reading(amount(row[1]) or Decimal(0), moment(row[2]), row[3])
    return [
        replace(one, key_results=tuple(replace(kr, reading=held.get(kr.id)) for kr in one.key_results))
        for one in wholes
    ]
