"""The week in numbers: each recomputed here from the raw reports and points, by other means."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from config.policy import policy_of
from config.settings import Settings
from okr.metrics import Window
from okr.objectives import Basis, Kind, Measure, Reading
from okr.policy import SHANGHAI
from okr.weekly import Aim, PersonWeek, Week, week_of
from sandbox.cast import CAST
from sandbox.sample_company import staff_row
from storage import aims, check_ins, cycles, ingesting, objectives, people, units, weekly
from storage.check_ins import Entry
from storage.database import Database
from storage.ingesting import Delivery
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import employ, person

POLICY = policy_of(Settings())
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=SHANGHAI)
WEEK = week_of(FRIDAY.date())
SELLER = "E0202"
CREW = tuple(
    replace(
        staff_row(CAST[-2]),
        number=f"E09{n:02}",
        name=f"同事{n}",
        dingtalk_id="",
        wecom_id="",
        position="导购" if n % 2 else "收银员",
        joined_on=date(2026, 11, 20) if n == 9 else date(2024, 1, 1),
    )
    for n in range(10)
)
"""Colleagues of who sells, one of them new."""


@pytest.fixture
async def session_of(database: Database) -> Database:
    async def work(session: Session) -> None:
        await employ(session, [*(staff_row(member) for member in CAST), *CREW])

    await database.transact(work)
    return database


def raw(seed: int) -> list[dict[str, Any]]:
    """Six weeks of visits, deals and takings, with days on which nothing came in, and refunds."""
    dice = Random(seed)
    points = []
    for number in [SELLER, *(line.number for line in CREW)]:
        for back in range(42):
            day = FRIDAY - timedelta(days=back)
            if dice.random() < 0.2:
                continue
            visits = dice.randint(0, 6)
            for metric, value in (
                ("visits", visits),
                ("deals", dice.randint(0, visits)),
                ("sales", round(dice.uniform(-50, 4000), 2)),
            ):
                at = day.replace(hour=dice.randint(8, 16), minute=dice.randint(0, 59))
                points.append(
                    {
                        "id": f"{number}{metric}{back}",
                        "metric": metric,
                        "employee": number,
                        "at": at.isoformat(),
                        "value": str(value),
                    }
                )
    points.append(
        {"id": "last", "metric": "sales", "employee": SELLER, "at": FRIDAY.isoformat(), "value": "0"}
    )
    return points


def summed(points: list[dict[str, Any]], metric: str, window: Window) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for point in points:
        day = datetime.fromisoformat(point["at"]).astimezone(SHANGHAI).date()
        if point["metric"] == metric and window.first <= day <= window.last:
            sums[point["employee"]] += Decimal(point["value"])
    return sums


async def told(database: Database, number: str, week: Week = WEEK, now: datetime = FRIDAY) -> PersonWeek:
    async def work(session: Session) -> PersonWeek:
        who = await person(session, number)
        cycle = await cycles.running(session, now.date())
        own = await objectives.of_owner(session, who.id, cycle.id)
        return await weekly.of_person(session, own, who, week, now, POLICY)

    return await database.read(work)


async def deliver(database: Database, points: list[dict[str, Any]], now: datetime = FRIDAY) -> None:
    async def work(session: Session) -> None:
        delivery = Delivery("CRM", now, SHANGHAI, POLICY.metrics, await units.known(session))
        outcome = await ingesting.deliver(session, points, delivery)
        assert not outcome.rejected

    await database.transact(work)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_figure_funnel_and_place_are_those_of_the_raw_points(session_of: Database, seed: int) -> None:
    points = raw(seed)
    await deliver(session_of, points)
    found = (await told(session_of, SELLER)).selling
    assert found is not None
    now, before = (
        Window(date(2026, 11, 23), date(2026, 11, 27)),
        Window(date(2026, 11, 16), date(2026, 11, 20)),
    )

    assert found.flow is not None
    assert found.flow.now == tuple(summed(points, metric, now)[SELLER] for metric in ("visits", "deals"))
    assert found.flow.before == tuple(
        summed(points, metric, before)[SELLER] for metric in ("visits", "deals")
    )
    sales, earlier = summed(points, "sales", now), summed(points, "sales", before)
    assert found.figure is not None
    assert (found.figure.now, found.figure.before) == (sales[SELLER], earlier[SELLER])
    peers = [SELLER, "E0203", *(line.number for line in CREW[:9])]  # the tenth is new
    mine = sales[SELLER]
    better = sorted({sales[one] for one in peers if one in sales and sales[one] > mine})
    assert found.standing is not None
    assert found.standing.place.place == len(better) + 1
    assert found.standing.gap == (better[0] - mine if better else None)
    assert found.standing.count == len([one for one in peers if one in sales])
    then = len({earlier[one] for one in peers if one in earlier and earlier[one] > earlier[SELLER]}) + 1
    assert found.standing.place.risen == then - found.standing.place.place


async def test_a_morning_is_not_held_against_a_whole_day(session_of: Database) -> None:
    points = raw(4)
    await deliver(session_of, points)
    morning = datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI)

    found = (await told(session_of, SELLER, now=morning)).selling

    assert found is not None
    assert found.figure is not None
    assert found.figure.now == summed(points, "sales", Window(date(2026, 11, 23), date(2026, 11, 24)))[SELLER]
    assert (
        found.figure.before == summed(points, "sales", Window(date(2026, 11, 16), date(2026, 11, 17)))[SELLER]
    )


async def test_what_the_sources_have_not_told_yet_is_no_fall(session_of: Database) -> None:
    points = [one for one in raw(5) if datetime.fromisoformat(one["at"]).date() <= date(2026, 11, 25)]
    points[-1] |= {"at": "2026-11-25T18:00:00+08:00"}
    await deliver(session_of, points)

    found = (await told(session_of, SELLER)).selling

    assert found is not None
    assert found.figure is not None
    assert (
        found.figure.before == summed(points, "sales", Window(date(2026, 11, 16), date(2026, 11, 18)))[SELLER]
    )


async def test_before_the_week_has_a_day_nothing_is_told_of_it(session_of: Database) -> None:
    await deliver(session_of, raw(6))

    assert (
        await told(session_of, SELLER, WEEK.after, datetime(2026, 11, 30, 9, tzinfo=SHANGHAI))
    ).selling is None


async def test_few_are_not_ranked_and_who_does_not_sell_is_not(session_of: Database) -> None:
    few = [one for one in raw(7) if one["employee"] in (SELLER, "E0900", "E0901")]
    await deliver(session_of, few)
    found = (await told(session_of, SELLER)).selling
    assert found is not None
    assert found.standing is None

    await deliver(session_of, raw(7))
    cashier = (await told(session_of, "E0900")).selling
    assert cashier is not None
    assert cashier.standing is None
    assert cashier.flow is not None


async def test_who_leads_a_store_is_told_of_the_store(session_of: Database) -> None:
    points = [
        {
            "id": f"{metric}{back}",
            "metric": metric,
            "unit": "滨江店",
            "at": (FRIDAY - timedelta(days=back)).isoformat(),
            "value": str(value + back),
        }
        for back in range(14)
        for metric, value in (("visitors", 100), ("orders", 20), ("sales", 900))
    ]
    await deliver(session_of, points)

    found = (await told(session_of, "E0201")).selling

    assert found is not None
    assert found.flow is not None
    assert found.flow.spec.name == "到店成交"
    assert found.flow.now == (Decimal(510), Decimal(110))
    assert found.flow.before == (Decimal(545), Decimal(145))


async def test_a_key_results_week_is_that_of_its_reports(session_of: Database) -> None:
    """Taken back ones do not count, late ones do, and one of long ago stands until the next."""
    dice = Random(11)
    reports = sorted(
        (FRIDAY - timedelta(hours=dice.randint(1, 24 * 50)), Decimal(dice.randint(0, 200))) for _ in range(30)
    )

    async def work(session: Session) -> int:
        who = await person(session, SELLER)
        cycle = await cycles.running(session, FRIDAY.date())
        measure = Measure(Kind.NUMBER, "次", Basis.LATEST, Decimal(0), Decimal(100))
        drafts = [Draft("拜访", measure), Draft("旧的", measure), Draft("没报的", measure)]
        number = await objectives.create(session, who.id, cycle, "多跑", drafts, None, FRIDAY)
        await objectives.activate(session, number, FRIDAY)
        whole = await objectives.by_id(session, number)
        assert whole is not None
        first, old, _ = (kr.id for kr in whole.key_results)
        for at, value in dice.sample(reports, len(reports)):
            await check_ins.record(session, Entry(first, at, FRIDAY, who.id, "吴越", "wecom", value=value))
        await objectives.set_value(session, first, Reading(reports[-1][1], reports[-1][0], "吴越"))
        long_ago = datetime(2026, 10, 5, 9, tzinfo=SHANGHAI)
        await check_ins.record(
            session, Entry(old, long_ago, long_ago, who.id, "吴越", "wecom", value=Decimal(7))
        )
        await objectives.set_value(session, old, Reading(Decimal(7), long_ago, "吴越"))
        return first

    await session_of.transact(work)
    first, old, silent = (await told(session_of, SELLER)).lines

    begins = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    before = [value for at, value in reports if at < begins][-1]
    assert (first.before, first.change) == (before, reports[-1][1] - before)
    assert first.reported
    edge = FRIDAY.date() - timedelta(days=28)
    within = [
        (at.astimezone(SHANGHAI).date(), value)
        for at, value in reports
        if at.astimezone(SHANGHAI).date() > edge
    ]
    assert list(first.points[-len(within) :]) == within
    assert (old.before, old.change, old.reported) == (Decimal(7), Decimal(0), False)
    assert old.points == ((edge, Decimal(7)),)
    assert (silent.before, silent.change, silent.points) == (None, None, ())


async def test_what_data_brought_to_a_goal_as_it_came_into_force_is_no_gain_of_that_week(
    session_of: Database,
) -> None:
    """What somebody reports of a new goal is: he says himself how far he came from its start."""

    async def work(session: Session) -> None:
        who = await person(session, SELLER)
        cycle = await cycles.running(session, FRIDAY.date())
        measure = Measure(Kind.NUMBER, "次", Basis.LATEST, Decimal(0), Decimal(100))
        drafts = [Draft("接了数据的", measure, metric="visits"), Draft("自己报的", measure)]
        number = await objectives.create(session, who.id, cycle, "多跑", drafts, None, FRIDAY)
        await objectives.activate(session, number, FRIDAY)
        whole = await objectives.by_id(session, number)
        assert whole is not None
        for kr in whole.key_results:
            for hours, value in ((6, 40), (2, 55)):
                at = FRIDAY - timedelta(hours=hours)
                await check_ins.record(session, Entry(kr.id, at, at, None, "谁", "", value=Decimal(value)))
            await objectives.set_value(session, kr.id, Reading(Decimal(55), FRIDAY, "谁"))

    await session_of.transact(work)
    fed, typed = (await told(session_of, SELLER)).lines

    assert (fed.change, typed.change) == (None, None)
    assert (fed.gained, typed.gained) == (Decimal("0.15"), Decimal("0.55"))


async def test_what_was_set_for_the_week_and_the_next(session_of: Database) -> None:
    async def work(session: Session) -> None:
        who = await person(session, SELLER)
        await aims.keep(session, who.id, WEEK.name, Aim(None, "先前"), FRIDAY)
        await aims.keep(session, who.id, WEEK.name, Aim(3, "报价"), FRIDAY)
        await aims.keep(session, who.id, WEEK.after.name, Aim(None, "回访"), FRIDAY)
        others = await people.by_number(session, "E0102")
        assert others is not None
        await aims.keep(session, others.id, WEEK.name, Aim(None, "别人的"), FRIDAY)

    await session_of.transact(work)
    found = await told(session_of, SELLER)

    assert (found.aim, found.next_aim) == (Aim(3, "报价"), Aim(None, "回访"))
