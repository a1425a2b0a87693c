"""What people's key results did in a week, from their history, and what the data say beside them: of many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from okr.forecast import WINDOW_DAYS, Point, forecast
from okr.moments import day_of
from okr.objectives import Basis, KeyResult, Objective, RollUp, State
from okr.people import Person
from okr.policy import Policy
from okr.status import ObjectiveVerdict, judge_objective
from okr.weekly import KrWeek, PersonWeek, Week
from storage import aims, histories, selling
from storage.peers import Peers
from storage.session import Session

WEEK = timedelta(days=7)
WITHIN = timedelta(days=WINDOW_DAYS + 7)
"""Values so old are read for the trend; of what has none of them, the last one before."""


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


async def of_people(
    session: Session,
    goals: Mapping[int, Sequence[Objective]],
    people: Mapping[int, Person],
    week: Week,
    now: datetime,
    policy: Policy,
    peers: Peers | None = None,
) -> dict[int, PersonWeek]:
    """The weeks of those whose goals these are, by id; where they stand is where they stand now (company time).

    `peers`: shared by looks that follow on one another.
    """
    begins = datetime.combine(week.monday, time(), policy.zone)
    krs = [kr.id for own in goals.values() for one in own for kr in one.counting]
    since = min(begins, now) - WITHIN
    values = await histories.values(session, krs, since)
    older = await histories.last_before(session, [kr for kr in krs if kr not in values], since)
    sold = await selling.of_people(
        session, [people[owner] for owner in goals], week, now, policy, peers or Peers()
    )
    set_before, set_next = [await aims.of(session, list(goals), one.name) for one in (week, week.after)]
    reading = _Reading(values, older, begins, now.date(), policy)
    return {
        owner: PersonWeek(
            week,
            tuple(line for one in own for line in reading.lines(one)),
            sold.get(owner),
            set_before.get(owner),
            set_next.get(owner),
        )
        for owner, own in goals.items()
    }


async def of_person(
    session: Session, goals: Sequence[Objective], person: Person, week: Week, now: datetime, policy: Policy
) -> PersonWeek:
    found = await of_people(session, {person.id: goals}, {person.id: person}, week, now, policy)
    return found[person.id]


class _Reading:
    """Histories of many key results, as the week of one objective's."""

    def __init__(
        self,
        values: Mapping[int, Sequence[histories.Value]],
        older: Mapping[int, histories.Value],
        begins: datetime,
        today: date,
        policy: Policy,
    ) -> None:
        self._values = values
        self._older = older
        self._begins = begins
        self._today = today
        self._policy = policy

    def lines(self, objective: Objective) -> list[KrWeek]:
        verdict = judge_objective(objective, self._today, self._policy)
        return [self._line(objective, kr, verdict) for kr in objective.counting]

    def _line(self, objective: Objective, kr: KeyResult, verdict: ObjectiveVerdict) -> KrWeek:
        known = self._values.get(kr.id) or ([self._older[kr.id]] if kr.id in self._older else [])
        before: Decimal | None = None
        reported = False
        since = self._speaks_since(kr)
        points: list[Point] = []
        for at, value in known:
            if at < self._begins:
                before = value
            reported = reported or at >= since
            points.append((day_of(at, self._policy.zone), value))
        return KrWeek(
            kr=kr,
            verdict=verdict.verdicts[kr.id],
            weight=verdict.weights[kr.id],
            before=before,
            points=self._drawn(points),
            ahead=forecast(kr, points, objective.cycle, self._today),
            reported=reported,
            behind_points=self._policy.behind_points,
            ends=kr.due or objective.cycle.end,
            first=known[0][1] if known and before is None and _is_fed(kr) else None,
        )

    def _speaks_since(self, kr: KeyResult) -> datetime:
        """What is of this week: the mean of weeks that data feed speaks of the last whole one."""
        return self._begins - WEEK if kr.metric and kr.measure.basis is Basis.WEEKLY else self._begins

    def _drawn(self, points: Sequence[Point]) -> tuple[Point, ...]:
        """Of the last four weeks. A value holds until the next one: what was said before stands at their beginning."""
        first = self._today - timedelta(days=WINDOW_DAYS)
        within = [point for point in points if point[0] > first]
        earlier = [value for day, value in points if day <= first]
        return ((first, earlier[-1]), *within) if earlier else tuple(within)


def _is_fed(kr: KeyResult) -> bool:
    return bool(kr.metric) or kr.roll_up is not RollUp.MANUAL
