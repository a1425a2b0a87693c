"""What somebody's key results did in a week, from their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from okr.forecast import WINDOW_DAYS, forecast
from okr.moments import day_of
from okr.objectives import KeyResult, Objective, State
from okr.policy import Policy
from okr.status import ObjectiveVerdict, judge_objective
from okr.weekly import KrWeek, PersonWeek, Week
from storage import check_ins
from storage.session import Session

HISTORY = 80
"""Entries looked at for the trend and the value at the beginning of the week."""


async def owners(session: Session, today: date, *, stores: bool) -> list[int]:
    """Who has a key result in force in a running quarter or other short cycle; in a store or not, or led from there."""
    there = "<> ''" if stores else "= ''"
    rows = await session.all(
        "SELECT DISTINCT o.owner_id FROM objectives o JOIN cycles c ON c.id = o.cycle_id JOIN key_results k"
        " ON k.objective_id = o.id JOIN employees e ON e.id = o.owner_id LEFT JOIN employees m ON m.id = e.manager_id"
        f" WHERE o.state = '{State.ACTIVE}' AND k.state = '{State.ACTIVE}' AND c.start <= ?"
        f' AND c."end" >= ? AND length(c.name) > 4 AND (e.store {there} OR m.store {there}) ORDER BY o.owner_id',
        today,
        today,
    )
    return [row[0] for row in rows]


async def of_person(
    session: Session, goals: Sequence[Objective], week: Week, today: date, policy: Policy
) -> PersonWeek:
    """The week of whose goals these are; where it stands is where it stands today."""
    lines: list[KrWeek] = []
    for objective in goals:
        verdict = judge_objective(objective, today, policy)
        lines += [
            await _line(session, objective, kr, verdict, week, today, policy) for kr in objective.counting
        ]
    return PersonWeek(week, tuple(lines))


async def _line(
    session: Session,
    objective: Objective,
    kr: KeyResult,
    verdict: ObjectiveVerdict,
    week: Week,
    today: date,
    policy: Policy,
) -> KrWeek:
    begins = datetime.combine(week.monday, time(), policy.zone)
    entries = [
        entry
        for entry in await check_ins.of(session, kr.id, HISTORY)
        if entry.value is not None and not entry.taken_back
    ]
    before = next((entry.value for entry in entries if entry.on_at < begins), None)
    points = [
        (day_of(entry.on_at, policy.zone), entry.value)
        for entry in reversed(entries)
        if entry.value is not None
    ]
    return KrWeek(
        kr=kr,
        verdict=verdict.verdicts[kr.id],
        weight=verdict.weights[kr.id],
        before=before,
        points=tuple(point for point in points if (today - point[0]).days <= WINDOW_DAYS),
        ahead=forecast(kr, points, objective.cycle, today),
        reported=any(entry.on_at >= begins for entry in entries),
        behind_points=policy.behind_points,
    )
