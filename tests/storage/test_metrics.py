"""Points kept once, days that follow them, and key results that follow the days."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from okr.cycle import cycle_of
from okr.metrics import Window
from okr.objectives import Basis, KeyResult, Kind, Measure, Reading, RollUp
from okr.policy import SHANGHAI, MetricSpec
from storage import alignments, check_ins, fed, figures, ingesting, objectives, people, roll_ups, units
from storage.check_ins import Entry
from storage.database import Database
from storage.fed import Scales
from storage.figures import Wanted
from storage.ingesting import Delivery, Outcome
from storage.objectives import Draft
from storage.series import SeriesKey, series_ids
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ, goal

D = Decimal
Q4 = cycle_of("2026Q4")
WHOLE = Window(Q4.start, Q4.end)
METRICS = {
    "sales": MetricSpec("sales", "销售额", "cumulative", "元"),
    "orders": MetricSpec("orders", "订单数", "cumulative", "单"),
    "visitors": MetricSpec("visitors", "客流量", "cumulative", "人"),
    "stock": MetricSpec("stock", "库存", "snapshot", "件"),
    "conversion": MetricSpec("conversion", "转化率", "ratio", "", "orders", "visitors"),
}
XIHU, BINJIANG, EAST = "总部/华东区/西湖店", "总部/华东区/滨江店", "总部/华东区"


def point(point_id: str, value: object, at: datetime = NOON, **other: object) -> dict[str, Any]:
    return {
        "id": point_id,
        "metric": "sales",
        "unit": "西湖店",
        "at": at.isoformat(),
        "value": str(value),
        **other,
    }


async def deliver(
    session: Session, *points: dict[str, Any], source: str = "POS", at: datetime = NOON
) -> Outcome:
    known = await units.known(session)
    return await ingesting.deliver(session, points, Delivery(source, at, SHANGHAI, METRICS, known))


async def scales(session: Session, now: datetime = NOON) -> Scales:
    return Scales(METRICS, await units.known(session), SHANGHAI, now)


async def days(
    session: Session, unit: str, metric: str = "sales", employee_id: int = 0
) -> dict[date, tuple[Decimal, Decimal]]:
    key = SeriesKey(metric, unit, employee_id)
    ids = await series_ids(session, [key])
    found, _ = await figures.days_of(session, METRICS[metric], ids.values(), WHOLE)
    return {one.day: (one.total, one.last) for one in found.get(ids.get(key, 0), [])}


async def key_result(session: Session, kr_id: int) -> KeyResult:
    whole = await objectives.with_key_result(session, kr_id)
    assert whole is not None
    return next(kr for kr in whole.key_results if kr.id == kr_id)


def fed_by(metric: str, basis: Basis = Basis.QUARTER, unit: str = "元", **other: Any) -> Draft:
    measure = Measure(Kind.NUMBER, unit, basis, start=D(0), target=D(100000), cumulative=True)
    return Draft("销售额", measure, metric=metric, **other)


async def test_a_point_counts_once_for_its_unit_and_all_above(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        first = await deliver(session, point("1", "128.50"), point("2", "-28.50"))
        again = await deliver(session, point("1", "128.50"), point("2", "-28.5"))
        assert (first.accepted, first.duplicates, again.accepted, again.duplicates) == (2, 0, 0, 2)
        for unit in ("西湖店", "华东区", "总部"):
            assert await days(session, unit) == {TODAY: (D(100), D(100))}
        assert await days(session, "滨江店") == {}

    await database.transact(work)


async def test_a_correction_takes_the_place_of_what_it_corrects(database: Database) -> None:
    yesterday = NOON - timedelta(days=1)

    async def work(session: Session) -> None:
        await employ(session)
        await deliver(session, point("1", 100), point("2", 50, yesterday))
        corrected = await deliver(session, point("1", 90), point("2", 50, NOON, unit="滨江店"))
        assert (corrected.accepted, corrected.duplicates) == (2, 0)
        assert await days(session, "西湖店") == {TODAY: (D(90), D(90))}
        assert await days(session, "滨江店") == {TODAY: (D(50), D(50))}
        assert await days(session, "华东区") == {TODAY: (D(140), D(140))}

    await database.transact(work)


async def test_of_two_versions_in_one_delivery_the_later_holds(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        taken = await deliver(session, point("1", 100), point("1", 80), point("1", 80))
        assert (taken.accepted, taken.duplicates) == (2, 1)
        assert await days(session, "西湖店") == {TODAY: (D(80), D(80))}

    await database.transact(work)


async def test_two_sources_may_use_the_same_ids(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await deliver(session, point("1", 100))
        await deliver(session, point("1", 7), source="外卖")
        assert await days(session, "西湖店") == {TODAY: (D(107), D(107))}

    await database.transact(work)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
async def test_a_day_ends_at_midnight_in_shanghai(database: Database, at: datetime, day: date) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await deliver(session, point("1", 5, at))
        assert await days(session, "西湖店") == {day: (D(5), D(5))}

    await database.transact(work)


async def test_a_reading_belongs_to_its_place_and_its_latest_holds(database: Database) -> None:
    early, late = NOON - timedelta(hours=2), NOON - timedelta(hours=1)

    async def work(session: Session) -> None:
        await employ(session)
        await deliver(session, point("1", 30, late, metric="stock"), point("2", 20, early, metric="stock"))
        assert (await days(session, "西湖店", "stock"))[TODAY][1] == D(30)
        await deliver(session, point("1", 25, early - timedelta(hours=1), metric="stock"))
        assert (await days(session, "西湖店", "stock"))[TODAY][1] == D(20)
        assert await days(session, "华东区", "stock") == {}
        await deliver(session, point("3", 4, metric="stock", unit="滨江店"))
        wanted = Wanted(METRICS["stock"], Basis.LATEST, Q4, EAST)
        found = await figures.count(session, wanted, METRICS, await units.known(session), TODAY)
        assert found is not None
        assert found.figure.value == D(24)

    await database.transact(work)


async def test_days_are_what_adding_up_all_points_would_give(database: Database) -> None:
    """Late, corrected, moved and repeated points in any order."""
    random = Random(7)
    held: dict[str, tuple[str, datetime, Decimal, str]] = {}

    def anything() -> dict[str, Any]:
        point_id = str(random.randrange(40))
        at = NOON - timedelta(hours=random.randrange(24 * 50))
        value = D(random.randrange(-500, 5000)) / 100
        unit, metric = random.choice(["西湖店", "滨江店"]), random.choice(["sales", "stock"])
        held[point_id] = (unit, at, value, metric)
        return point(point_id, value, at, unit=unit, metric=metric)

    async def work(session: Session) -> None:
        await employ(session)
        for _ in range(40):
            await deliver(session, *(anything() for _ in range(random.randrange(1, 9))))
        sums: dict[tuple[str, date], Decimal] = defaultdict(D)
        lasts: dict[tuple[str, date], tuple[datetime, Decimal]] = {}
        for unit, at, value, metric in held.values():
            day = at.astimezone(SHANGHAI).date()
            if metric == "sales":
                for place in (unit, "华东区"):
                    sums[place, day] += value
            elif (unit, day) not in lasts or at > lasts[unit, day][0]:
                lasts[unit, day] = (at, value)
        for unit in ("西湖店", "滨江店", "华东区"):
            kept = {(unit, day): total for day, (total, _) in (await days(session, unit)).items()}
            assert kept == {key: total for key, total in sums.items() if key[0] == unit}
            stock = {(unit, day): last for day, (_, last) in (await days(session, unit, "stock")).items()}
            times = [at for place, at, _, metric in held.values() if metric == "stock" and place == unit]
            if len(set(times)) == len(times):
                assert stock == {key: last[1] for key, last in lasts.items() if key[0] == unit}

    await database.transact(work)


async def test_only_the_key_result_that_is_bound_moves(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, bound = await goal(session, fed_by("sales"), owner="E0101")
        _, own = await goal(session, fed_by("sales", metric_own=True), owner="E0102")
        _, other_store = await goal(session, fed_by("sales"), owner="E0201")
        _, other_metric = await goal(session, fed_by("orders"), owner="E0101")
        _, by_hand = await goal(session, Draft("销售额", fed_by("sales").measure), owner="E0101")
        moved = await deliver(session, point("1", "128.50", employee="E0103"))
        assert moved.moved == [bound]
        kr = await key_result(session, bound)
        assert kr.reading == Reading(D("128.5"), NOON, "POS", typed=False)
        for quiet in (own, other_store, other_metric, by_hand):
            assert (await key_result(session, quiet)).reading is None
        assert (await deliver(session, point("1", "128.50", employee="E0103"))).moved == []
        moved = await deliver(session, point("2", 10, employee="e0102"))
        assert sorted(moved.moved) == sorted([bound, own])
        assert (await key_result(session, own)).value == D(10)

    await database.transact(work)


async def test_a_day_of_a_source_is_one_line_of_history_and_a_later_day_another(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales"), owner="E0101")
        for number in range(5):
            at = NOON + timedelta(minutes=number)
            await deliver(session, point(str(number), 10, at), at=at)
        tomorrow = NOON + timedelta(days=1)
        await deliver(session, point("9", 10, tomorrow), at=tomorrow)
        history = await check_ins.of(session, kr_id, 10)
        assert [(line.value, line.source, line.author_id) for line in history] == [
            (D(60), "POS", None),
            (D(50), "POS", None),
        ]
        assert history[1].on_at == NOON + timedelta(minutes=4)

    await database.transact(work)


async def test_a_late_point_of_the_last_quarter_leaves_this_one_alone(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales"), owner="E0101")
        moved = await deliver(session, point("1", 10, datetime(2026, 9, 30, 4, tzinfo=UTC)))
        assert moved.accepted == 1
        assert moved.moved == []
        assert (await key_result(session, kr_id)).value is None

    await database.transact(work)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (Basis.QUARTER, "160"),
        (Basis.MONTH, "60"),
        (Basis.DAILY, "65"),  # 100 in October and 30 yesterday; today is not over
        (Basis.LATEST, "30"),
    ],
)
async def test_a_key_result_counts_over_its_period(database: Database, basis: Basis, expected: str) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales", basis), owner="E0101")
        await deliver(
            session,
            point("1", 100, datetime(2026, 10, 31, 15, 59, tzinfo=UTC)),
            point("2", 30, NOON - timedelta(days=1)),
            point("3", 30),
        )
        assert (await key_result(session, kr_id)).value == D(expected)

    await database.transact(work)


async def test_a_rate_follows_either_side_and_over_nothing_it_stays(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        draft = Draft("转化率", Measure(Kind.NUMBER, "%", start=D(5), target=D(15)), metric="conversion")
        _, kr_id = await goal(session, draft, owner="E0101")
        await deliver(session, point("1", 2, metric="orders"))
        assert (await key_result(session, kr_id)).value is None
        await deliver(session, point("2", 25, metric="visitors"))
        assert (await key_result(session, kr_id)).value == D(8)
        await deliver(session, point("2", 0, metric="visitors"))
        assert (await key_result(session, kr_id)).value == D(8)

    await database.transact(work)


async def test_what_is_above_follows(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, above = await goal(session, fed_by("", roll_up=RollUp.SUM), owner="E0003")
        for owner in ("E0101", "E0201"):
            _, below = await goal(session, fed_by("sales"), owner=owner)
            await alignments.align(session, alignments.key_result(below), above, at=NOON)
        await roll_ups.recount(session, above, NOON)
        await deliver(session, point("1", 100), point("2", 11, unit="滨江店"))
        assert (await key_result(session, above)).value == D(111)
        assert await roll_ups.from_scratch(session) == []

    await database.transact(work)


async def test_what_comes_into_force_shows_what_was_sold_before(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        await deliver(session, point("1", 100))
        objective_id, kr_id = await goal(session, fed_by("sales"), owner="E0101")
        await fed.settle(session, objective_id, await scales(session))
        assert (await key_result(session, kr_id)).reading == Reading(D(100), NOON, "POS", typed=False)

    await database.transact(work)


async def test_what_somebody_typed_stays_until_the_data_speak_again(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales", Basis.MONTH), owner="E0101")
        await deliver(session, point("1", 100))
        owner = await people.by_number(session, "E0101")
        assert owner is not None
        kr = await key_result(session, kr_id)
        await check_ins.record_value(session, kr, Entry(kr_id, NOON, NOON, owner.id, "王店", "x", value=D(5)))
        await fed.turn(session, [kr_id], await scales(session))
        assert (await key_result(session, kr_id)).value == D(5)
        await deliver(session, point("1", 100), at=NOON)  # says nothing new
        assert (await key_result(session, kr_id)).value == D(5)
        await deliver(session, point("2", 1))
        assert (await key_result(session, kr_id)).reading == Reading(D(101), NOON, "POS", typed=False)

    await database.transact(work)


async def test_a_month_begins_at_nothing(database: Database) -> None:
    december = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)

    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales", Basis.MONTH), owner="E0101")
        _, never = await goal(session, fed_by("orders", Basis.MONTH), owner="E0101")
        await deliver(session, point("1", 100))
        await fed.turn(session, [kr_id, never], await scales(session, december))
        assert (await key_result(session, kr_id)).reading == Reading(D(0), december, "POS", typed=False)
        assert (await key_result(session, never)).value is None

    await database.transact(work)


async def test_a_mean_of_days_moves_with_the_day_alone(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, kr_id = await goal(session, fed_by("sales", Basis.DAILY), owner="E0101")
        await deliver(session, point("1", 100), point("2", 50, NOON - timedelta(days=1)))
        assert (await key_result(session, kr_id)).value == D(50)
        assert await fed.due_with_the_day(session, 0, 10) == [kr_id]
        await fed.turn(session, [kr_id], await scales(session, NOON + timedelta(days=1)))
        assert (await key_result(session, kr_id)).value == D(75)

    await database.transact(work)
