"""Curves are made of history when a goal comes into force, stay, and follow what is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from okr.cycle import cycle_of
from okr.objectives import Basis, KeyResult, Kind, Measure
from okr.policy import Policy
from okr.workdays import OfficeCalendar
from scheduler.housekeeping import turn_figures
from storage import closed_days, day_curves, objectives, people
from storage.database import Database
from storage.fed import Scales
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ, goal, person
from tests.storage.test_metrics import METRICS, deliver, key_result, point, scales

D = Decimal
DAY = timedelta(days=1)
Q4 = cycle_of("2026Q4")
WEEK = {0: 80, 1: 80, 2: 80, 3: 80, 4: 100, 5: 140, 6: 140}


def sums(target: int, basis: Basis = Basis.QUARTER, unit: str = "元", **other: Any) -> objectives.Draft:
    measure = Measure(Kind.NUMBER, unit, basis, start=D(0), target=D(target), cumulative=True)
    return objectives.Draft("销售额", measure, metric="sales", **other)


async def sell(session: Session, first: date, count: int, unit: str = "西湖店", **other: Any) -> None:
    points = [
        point(
            f"{unit}-{other.get('employee', '')}-{first + DAY * n}",
            WEEK[(first + DAY * n).weekday()],
            NOON + (first - TODAY) + DAY * n,
            unit=unit,
            **other,
        )
        for n in range(count)
    ]
    for begin in range(0, count, 50):
        await deliver(session, *points[begin : begin + 50], at=NOON + DAY * 90)


async def bound(session: Session, draft: objectives.Draft, owner: str = "E0102") -> tuple[int, KeyResult]:
    objective_id, kr_id = await goal(session, draft, owner=owner)
    await day_curves.settle(session, objective_id, await scales(session))
    return objective_id, await key_result(session, kr_id)


async def wanted(session: Session, objective_id: int, day: date, scale: Scales) -> Any:
    objective = await objectives.by_id(session, objective_id)
    assert objective is not None
    owner = (await people.by_ids(session, [objective.owner_id]))[objective.owner_id]
    return await day_curves.target_of(session, objective, objective.key_results[0], owner, scale, day)


async def test_a_store_with_enough_history_goes_by_its_own(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await sell(session, TODAY - DAY * 56, 56)
        _, kr = await bound(session, sums(100000))
        assert kr.curve is not None
        assert (kr.curve.told_by, kr.curve.own, kr.curve.days) == ("西湖店", True, 55)  # 双11 is no usual day
        assert kr.curve.weekdays == (800, 800, 800, 800, 1000, 1400, 1400)
        assert (kr.curve.first, kr.curve.last) == (Q4.start, Q4.end)
        assert kr.curve.weight(date(2026, 12, 5)) == 1400

    await database.transact(work)


async def test_a_new_store_goes_by_its_region_and_then_by_itself(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await sell(session, TODAY - DAY * 56, 56, unit="滨江店")
        objective_id, kr = await bound(session, sums(100000))
        assert kr.curve is not None
        assert (kr.curve.told_by, kr.curve.own) == ("华东区", False)
        assert await day_curves.without_own(session, 0, 10) == [objective_id]

    await database.transact(work)
    later_on = NOON + DAY * 50

    async def later(session: Session) -> None:
        await sell(session, TODAY, 50)

    await database.transact(later)
    policy = Policy(metrics=METRICS)
    await turn_figures.work(database, later_on, policy)

    async def look(session: Session) -> None:
        assert await day_curves.without_own(session, 0, 10) == []

    await database.transact(look)


async def test_without_any_history_days_are_alike_and_nothing_is_kept(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        objective_id, kr = await bound(session, sums(92000))
        assert kr.curve is None
        found, brought = await wanted(session, objective_id, Q4.start, await scales(session))
        assert (found.amount, found.days, brought) == (1000, 92, None)

    await database.transact(work)


async def test_what_comes_later_does_not_change_what_has_been_learnt(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await sell(session, TODAY - DAY * 56, 56)
        objective_id, kr = await bound(session, sums(100000))
        await deliver(session, point("big", 100000, NOON))
        month_on = replace(await scales(session), now=NOON + DAY * 30)
        await day_curves.settle(session, objective_id, month_on)
        assert (await key_result(session, kr.id)).curve == kr.curve

    await database.transact(work)


async def test_a_closed_day_carries_nothing_and_the_others_its_part(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        objective_id, kr = await bound(session, sums(91000))
        scale = await scales(session)
        li = await person(session, "E0102")
        await closed_days.close(session, "西湖店", [date(2026, 12, 1)], li.id, NOON)
        assert await day_curves.of_unit(session, "总部/华东区/西湖店", scale) == [objective_id]
        await day_curves.settle(session, objective_id, scale)
        found, _ = await wanted(session, objective_id, Q4.start, scale)
        assert (found.amount, found.days) == (1000, 91)
        closed, _ = await wanted(session, objective_id, date(2026, 12, 1), scale)
        assert (closed.closed, closed.amount) == (True, 0)
        assert await closed_days.reopen(session, "西湖店", [date(2026, 12, 1), date(2026, 12, 2)]) == 1
        await day_curves.settle(session, objective_id, scale)
        assert (await key_result(session, kr.id)).curve is None

    await database.transact(work)


async def test_the_morning_counts_what_was_done_before(database: Database) -> None:
    """Recomputed from the points themselves."""

    async def work(session: Session) -> None:
        await employ(session)
        await sell(session, Q4.start, 54)
        objective_id, kr = await bound(session, sums(100000))
        await deliver(session, point("today", 70, NOON))
        scale = await scales(session)
        assert kr.curve is not None
        done = sum(WEEK[(Q4.start + DAY * n).weekday()] for n in range(54))
        weights = {Q4.start + DAY * n: kr.curve.weights[n] for n in range(54, 92)}
        found, brought = await wanted(session, objective_id, TODAY, scale)
        exact = (D(100000) - done) * weights[TODAY] / sum(weights.values())
        assert abs(found.amount - exact) <= D("0.01")
        assert found.left == 100000 - done
        assert brought == 70 + WEEK[TODAY.weekday()] * 0
        assert (await day_curves.of_day(session, "总部/华东区/西湖店", scale, TODAY)) == {
            "sales": found.amount
        }

    await database.transact(work)


async def test_a_goal_in_ten_thousands_and_ones_own(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await sell(session, TODAY - DAY * 56, 56, employee="E0102")
        objective_id, kr = await bound(session, sums(92, unit="万元", metric_own=True))
        assert kr.curve is not None
        assert (kr.curve.told_by, kr.curve.own) == ("李四", True)
        found, _ = await wanted(session, objective_id, TODAY, await scales(session))
        done = D(sum(WEEK[(Q4.start + DAY * n).weekday()] for n in range(54)))
        assert found.left == 92 - done / 10000
        assert await day_curves.of_day(session, "总部/华东区/西湖店", await scales(session), TODAY) == {}

    await database.transact(work)


async def test_the_calendar_of_the_office_tells_holidays(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await sell(session, date(2026, 8, 10), 100)
        objective_id, kr_id = await goal(session, sums(100000))
        holiday = OfficeCalendar(holidays=frozenset({date(2026, 12, 25)}))
        await day_curves.settle(session, objective_id, replace(await scales(session), calendar=holiday))
        made = (await key_result(session, kr_id)).curve
        assert made is not None
        assert made.weight(date(2026, 12, 25)) == 1400
        assert made.weight(date(2026, 12, 18)) == 1000

    await database.transact(work)
