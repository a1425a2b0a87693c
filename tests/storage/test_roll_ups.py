"""Numbers that follow from below: after every change what is kept is what computing all anew would give."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from okr.objectives import Kind, Measure, Objective, Reading, RollUp, State
from storage import alignments, check_ins, objectives, roll_ups
from storage.alignments import EdgeState
from storage.check_ins import Entry
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import NOON, employ, goal

D = Decimal
LATER = NOON + timedelta(hours=1)


def money(target: int, roll_up: RollUp = RollUp.MANUAL, weight: int = 1) -> Draft:
    measure = Measure(Kind.NUMBER, "元", start=D(0), target=D(target))
    return Draft("销售额", measure, D(weight), roll_up=roll_up)


async def whole(session: Session, kr_id: int) -> Objective:
    found = await objectives.with_key_result(session, kr_id)
    assert found is not None
    return found


async def value_of(session: Session, kr_id: int) -> Decimal | None:
    return next(kr for kr in (await whole(session, kr_id)).key_results if kr.id == kr_id).value


async def report(session: Session, kr_id: int, value: Decimal, at: datetime = LATER) -> None:
    objective = await whole(session, kr_id)
    kr = next(kr for kr in objective.key_results if kr.id == kr_id)
    await check_ins.record_value(session, kr, Entry(kr_id, at, at, 1, "李四", "dingtalk", value=value))
    await roll_ups.follow(session, await whole(session, kr_id), at)


async def below(session: Session, parent: int, draft: Draft, **edge: object) -> tuple[int, int]:
    """An objective in force whose key result supports another."""
    made = await goal(session, draft)
    await alignments.align(session, alignments.key_result(made[1]), parent, at=NOON, **edge)  # type: ignore[arg-type]  # as align takes them
    await roll_ups.recount(session, parent, NOON)
    return made


async def rows_of(session: Session, kr_id: int) -> list[str]:
    rows = await session.all("SELECT source FROM check_ins WHERE key_result_id = ? ORDER BY id", kr_id)
    return [row[0] for row in rows]


async def test_money_is_added_up_and_goes_on_upwards(database: Database) -> None:
    async def work(session: Session) -> tuple[Decimal | None, Decimal | None, list[str]]:
        await employ(session)
        _, company = await goal(session, money(121000, RollUp.SUM))
        _, region = await below(session, company, money(121000, RollUp.SUM))
        shops = [await below(session, region, money(target)) for target in (100000, 20000, 1000)]
        await report(session, shops[0][1], D(100000))
        root = (await whole(session, company)).key_results[0]
        assert root.reading is not None
        assert (root.reading.source, root.reading.typed) == ("下级汇总", False)
        return await value_of(session, region), root.value, await rows_of(session, company)

    region, company, sources = await database.transact(work)

    assert region == company == D(100000)
    assert sources == ["下级汇总"] * 2  # nothing reported below stands at the start, then the report


async def test_progress_is_averaged_by_weight_and_an_objective_brings_its_own(database: Database) -> None:
    async def work(session: Session) -> Decimal | None:
        await employ(session)
        _, parent = await goal(session, money(100, RollUp.AVERAGE))
        _, first = await below(session, parent, money(100), weight=D(3))
        objective_id, second = await goal(session, money(10), money(10))
        await alignments.align(session, alignments.objective(objective_id), parent, at=NOON)
        await roll_ups.recount(session, parent, NOON)
        await report(session, first, D(80))
        await report(session, second, D(10))
        return await value_of(session, parent)

    assert await database.transact(work) == D("72.5")  # 0.8 x 3/4 + 0.5 x 1/4


async def test_the_same_numbers_write_nothing(database: Database) -> None:
    async def work(session: Session) -> tuple[list[str], int]:
        await employ(session)
        _, parent = await goal(session, money(100, RollUp.SUM))
        objective_id, child = await below(session, parent, money(100))
        await report(session, child, D(40))
        before = await rows_of(session, parent)
        again = await roll_ups.follow_goal(session, objective_id, LATER)
        again += await roll_ups.recount(session, parent, LATER)
        assert await rows_of(session, parent) == before
        return before, len(again)

    assert await database.transact(work) == (["下级汇总"] * 2, 0)


async def test_by_hand_stops_it_and_computing_again_catches_up(database: Database) -> None:
    async def work(session: Session) -> list[Decimal | None]:
        await employ(session)
        _, top = await goal(session, money(100, RollUp.SUM))
        _, middle = await below(session, top, money(100, RollUp.SUM))
        _, child = await below(session, middle, money(100))
        await report(session, child, D(40))
        kr = (await whole(session, middle)).key_results[0]
        await objectives.change_key_result(session, kr, (), roll_up=RollUp.MANUAL)
        await report(session, child, D(50))
        seen = [await value_of(session, middle)]
        await objectives.change_key_result(session, kr, (), roll_up=RollUp.SUM)
        await roll_ups.recount(session, middle, LATER)
        return [*seen, await value_of(session, middle), await value_of(session, top)]

    assert await database.transact(work) == [D(40), D(50), D(50)]


async def test_what_has_left_or_is_not_in_force_does_not_count(database: Database) -> None:
    async def work(session: Session) -> list[Decimal | None]:
        await employ(session)
        _, parent = await goal(session, money(100, RollUp.SUM))
        first, second = [await below(session, parent, money(50)) for _ in range(2)]
        await report(session, first[1], D(30))
        await report(session, second[1], D(20))
        seen = [await value_of(session, parent)]
        await session.run("UPDATE key_results SET state = ? WHERE id = ?", str(State.CANCELLED), first[1])
        await roll_ups.follow_goal(session, first[0], LATER)
        seen.append(await value_of(session, parent))
        edge = await alignments.between(session, alignments.key_result(second[1]), parent)
        assert edge is not None
        await session.run("UPDATE key_results SET state = ? WHERE id = ?", str(State.ACTIVE), first[1])
        await alignments.end(session, edge, at=LATER)
        await roll_ups.recount(session, parent, LATER)
        return [*seen, await value_of(session, parent)]

    assert await database.transact(work) == [D(50), D(20), D(30)]


@pytest.mark.parametrize("how", [{"rolls": False}, {"state": EdgeState.ASKED}, {"state": EdgeState.REFUSED}])
async def test_what_is_only_aligned_or_asked_moves_nothing(
    database: Database, how: dict[str, object]
) -> None:
    async def work(session: Session) -> tuple[Decimal | None, list[roll_ups.Astray]]:
        await employ(session)
        _, parent = await goal(session, money(100, RollUp.SUM))
        _, child = await below(session, parent, money(50), **how)
        await report(session, child, D(30))
        return await value_of(session, parent), await roll_ups.from_scratch(session)

    assert await database.transact(work) == (None, [])


async def test_several_parents_each_get_their_share(database: Database) -> None:
    async def work(session: Session) -> list[Decimal | None]:
        await employ(session)
        parents = [(await goal(session, money(100, RollUp.SUM)))[1] for _ in range(2)]
        _, child = await below(session, parents[0], money(100), share=D("0.6"))
        await alignments.align(session, alignments.key_result(child), parents[1], at=NOON, share=D("0.4"))
        await roll_ups.recount(session, parents[1], NOON)
        await report(session, child, D(50))
        return [await value_of(session, parent) for parent in parents]

    assert await database.transact(work) == [D(30), D(20)]


async def test_a_loop_ends(database: Database) -> None:
    async def work(session: Session) -> None:
        await employ(session)
        _, first = await goal(session, money(100, RollUp.SUM))
        _, second = await below(session, first, money(100, RollUp.SUM))
        _, leaf = await below(session, second, money(100))
        await alignments.align(session, alignments.key_result(first), second, at=NOON)
        await report(session, leaf, D(10))

    await asyncio.wait_for(database.transact(work), 30)


async def test_what_supports_nothing_costs_no_statement(database: Database) -> None:
    async def work(session: Session) -> list[str]:
        await employ(session)
        _, kr = await goal(session)
        objective = await whole(session, kr)
        return await statements(session, objective)

    assert await database.transact(work) == []


async def test_a_parent_by_hand_costs_one_statement(database: Database) -> None:
    async def work(session: Session) -> int:
        await employ(session)
        _, parent = await goal(session)
        _, kr = await below(session, parent, money(10))
        return len(await statements(session, await whole(session, kr)))

    assert await database.transact(work) == 1


async def test_nothing_is_searched_for_without_an_index(sqlite: Database) -> None:
    async def work(session: Session) -> list[str]:
        await employ(session)
        _, top = await goal(session, money(100, RollUp.SUM))
        _, middle = await below(session, top, money(100, RollUp.SUM))
        _, leaf = await below(session, middle, money(100))
        await objectives.set_value(session, leaf, Reading(D(7), LATER, "李四"))
        plans: list[str] = []

        class Explaining:
            orm, for_update = session.orm, session.for_update

            async def all(self, sql: str, *values: object) -> object:
                plans.extend(row[3] for row in await session.all(f"EXPLAIN QUERY PLAN {sql}", *values))
                return await session.all(sql, *values)

            async def run(self, sql: str, *values: object) -> int:
                return await session.run(sql, *values)

            async def later(self, sql: str, *values: object) -> None:
                await session.later(sql, *values)

        objective = await whole(session, leaf)
        risen = await roll_ups.follow(Explaining(), objective, LATER)  # type: ignore[arg-type]  # as much of a session as it takes
        assert [kr.id for kr in risen] == [middle, top]
        return [plan for plan in plans if plan.startswith("SCAN") and plan != "SCAN c"]

    assert await sqlite.transact(work) == []


async def statements(session: Session, objective: Objective) -> list[str]:
    """What following an objective says to the database."""
    said: list[str] = []

    class Listening:
        orm, for_update = session.orm, session.for_update

        async def all(self, sql: str, *values: object) -> object:
            said.append(sql)
            return await session.all(sql, *values)

    await roll_ups.follow(Listening(), objective, LATER)  # type: ignore[arg-type]  # as much of a session as it takes
    return said


async def test_two_at_once_below_one_parent_both_count(database: Database) -> None:
    async def build(session: Session) -> tuple[int, list[int]]:
        await employ(session)
        _, top = await goal(session, money(1000, RollUp.SUM))
        _, parent = await below(session, top, money(1000, RollUp.SUM))
        return top, [(await below(session, parent, money(100)))[1] for _ in range(10)]

    top, children = await database.transact(build)

    async def seven(child: int) -> None:
        await database.transact(lambda session: report(session, child, D(7)))

    await asyncio.gather(*(seven(child) for child in children))

    assert await database.read(lambda session: value_of(session, top)) == D(70)


async def forest(session: Session, random: Random) -> list[tuple[int, int]]:
    """A random tree of four levels with sums, averages and numbers by hand; the lowest goals."""
    level = [await goal(session, money(1000, RollUp.SUM), money(50, RollUp.AVERAGE))]
    for depth in range(3):
        following = []
        for objective_id, _ in level:
            home = await objectives.by_id(session, objective_id)
            assert home is not None
            for _ in range(random.randint(1, 3)):
                parent = random.choice(home.key_results).id
                how = (
                    RollUp.MANUAL
                    if depth == 2
                    else random.choice((RollUp.SUM, RollUp.AVERAGE, RollUp.MANUAL))
                )
                made = await goal(
                    session, money(random.randint(10, 300), how, random.randint(1, 3)), money(40)
                )
                whose = (
                    alignments.objective(made[0]) if random.random() < 0.3 else alignments.key_result(made[1])
                )
                await alignments.align(
                    session,
                    whose,
                    parent,
                    at=NOON,
                    weight=D(random.randint(1, 4)),
                    share=random.choice((None, D("0.3"))),
                )
                await roll_ups.recount(session, parent, NOON)
                following.append(made)
        level = following
    return level


@pytest.mark.parametrize("seed", range(6))
async def test_step_by_step_is_the_same_as_all_anew(database: Database, seed: int) -> None:
    random = Random(seed)

    async def work(session: Session) -> None:
        await employ(session)
        leaves = await forest(session, random)
        at = LATER
        for _ in range(40):
            at += timedelta(minutes=random.choice((0, 1, 30)))
            objective_id, kr_id = random.choice(leaves)
            match random.choice(("report", "report", "report", "take back", "leave", "return")):
                case "report":
                    await report(session, kr_id, D(random.randint(-20, 400)) / 7, at)
                case "take back":
                    last = await check_ins.latest_value(session, kr_id)
                    if last is not None:
                        taken = Entry(kr_id, at, at, 1, "李四", "dingtalk", takes_back=last.id)
                        await check_ins.take_back(session, last, taken)
                        await roll_ups.follow_goal(session, objective_id, at)
                case "leave" | "return" as what:
                    state = State.CANCELLED if what == "leave" else State.ACTIVE
                    await session.run("UPDATE key_results SET state = ? WHERE id = ?", str(state), kr_id)
                    await roll_ups.follow_goal(session, objective_id, at)
            assert await roll_ups.from_scratch(session) == []

    await database.transact(work)


async def test_a_number_that_went_astray_is_found(database: Database) -> None:
    async def work(session: Session) -> tuple[int, list[roll_ups.Astray]]:
        await employ(session)
        _, parent = await goal(session, money(100, RollUp.SUM))
        _, child = await below(session, parent, money(100))
        await report(session, child, D(40))
        await objectives.set_value(session, child, Reading(D(41), datetime(2026, 11, 25, tzinfo=UTC), "李四"))
        return parent, await roll_ups.from_scratch(session)

    parent, astray = await database.transact(work)

    assert astray == [roll_ups.Astray(parent, D(40), D(41))]
