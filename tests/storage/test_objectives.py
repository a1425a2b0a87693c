"""Objectives with their key results: what is written comes back, exactly and in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from okr.objectives import Basis, Cycle, Kind, Measure, Milestone, Objective, Reading, State
from storage import cycles, objectives
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from tests.storage.company import NOON, TODAY, VISITORS, employ, goal, person

D = Decimal
MEASURES = (
    Measure(Kind.NUMBER, "人", Basis.DAILY, start=D(1000), target=D(1100), cumulative=True),
    Measure(Kind.NUMBER, "%", start=D("8"), target=D("0.000001")),
    Measure(Kind.NUMBER, "元", start=D("-12345678901.123456"), target=D("999999999999999999.999999")),
    Measure(Kind.NUMBER, "", start=D("0.1"), target=None),
    Measure(Kind.MAINTAIN, "%", low=D("98.5"), high=D("99.9"), tolerance=D("0.05")),
    Measure(Kind.BOOLEAN),
    Measure(
        Kind.MILESTONE,
        milestones=(
            Milestone("选址「西湖」", D("0.333333"), date(2026, 11, 5), done=True),
            Milestone("开业", D(2)),
        ),
    ),
    Measure(Kind.ORDINAL, rungs=("保底:及格", "目标:良好", "挑战:优秀")),
    Measure(Kind.BASELINE, "分"),
)


async def made(session: Session, *drafts: Draft) -> Objective:
    """A draft of 李四's with these key results, read back."""
    await employ(session)
    cycle: Cycle = await cycles.running(session, TODAY)
    owner_id = (await person(session, "E0102")).id
    objective_id = await objectives.create(session, owner_id, cycle, "生鲜区更好卖", drafts, 7, NOON)
    whole = await objectives.by_id(session, objective_id)
    assert whole is not None
    return whole


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.kind)
async def test_every_kind_of_measure_comes_back_as_it_was(database: Database, measure: Measure) -> None:
    whole = await database.transact(lambda session: made(session, Draft("量一量", measure)))

    assert whole.key_results[0].measure == measure


async def test_an_objective_is_read_whole_and_in_order(database: Database) -> None:
    drafts = [
        Draft(
            f"第{n}个",
            measure,
            weight=D(n),
            share=D("0.25"),
            due=date(2026, 12, n),
            metric="sales",
            metric_own=True,
        )
        for n, measure in enumerate(MEASURES, 1)
    ]

    whole = await database.transact(lambda session: made(session, *drafts))

    assert (whole.title, whole.state, whole.parent_kr, whole.cycle.name) == (
        "生鲜区更好卖",
        State.DRAFT,
        7,
        "2026Q4",
    )
    assert [
        Draft(kr.title, kr.measure, kr.weight, kr.share, kr.due, kr.metric, kr.metric_own)
        for kr in whole.key_results
    ] == drafts
    assert [kr.order for kr in whole.key_results] == list(range(1, len(drafts) + 1))
    assert all(kr.objective_id == whole.id for kr in whole.key_results)


async def test_an_objective_without_a_key_result_is_one_even_so(database: Database) -> None:
    whole = await database.transact(made)

    assert whole.key_results == ()


async def test_several_objectives_come_in_the_order_they_were_made(database: Database) -> None:
    async def work(session: Session) -> tuple[list[Objective], list[int]]:
        first = await made(session, VISITORS, replace(VISITORS, title="损耗率"))
        second = await objectives.create(session, first.owner_id, first.cycle, "二", [], None, NOON)
        third = await objectives.create(session, first.owner_id, first.cycle, "三", [VISITORS], None, NOON)
        found = await objectives.of_owner(session, first.owner_id, first.cycle.id, (State.DRAFT,))
        return found, [first.id, second, third]

    found, ids = await database.transact(work)

    assert [whole.id for whole in found] == ids
    assert [len(whole.key_results) for whole in found] == [2, 0, 1]


async def test_nobody_has_no_objectives(database: Database) -> None:
    assert await database.read(lambda session: objectives.of_owners(session, [], 1)) == []


async def test_putting_in_force_takes_its_drafts_along_and_nothing_else(database: Database) -> None:
    async def work(session: Session) -> Objective | None:
        whole = await made(session, VISITORS, VISITORS)
        await objectives.delete_key_result(session, whole.key_results[1])
        await objectives.activate(session, whole.id, NOON)
        return await objectives.by_id(session, whole.id)

    whole = await database.transact(work)

    assert whole is not None
    assert whole.state is State.ACTIVE
    assert [kr.state for kr in whole.key_results] == [State.ACTIVE]


async def test_what_is_deleted_is_not_found(database: Database) -> None:
    async def work(session: Session) -> list[object]:
        whole = await made(session, VISITORS, VISITORS)
        gone, stays = whole.key_results
        await objectives.delete_key_result(session, gone)
        found = await objectives.with_key_result(session, stays.id)
        result: list[object] = [
            await objectives.with_key_result(session, gone.id),
            [kr.id for kr in found.key_results] == [stays.id] if found else None,
        ]
        await objectives.delete_draft(session, whole.id)
        return [*result, await objectives.by_id(session, whole.id)]

    assert await database.transact(work) == [None, True, None]


async def test_an_id_is_never_used_again(database: Database) -> None:
    """People know goals by their ids: what was deleted must not come back as something else."""

    async def work(session: Session) -> tuple[int, int]:
        whole = await made(session, VISITORS)
        await objectives.delete_draft(session, whole.id)
        again = await objectives.create(session, whole.owner_id, whole.cycle, "新的", [], None, NOON)
        return whole.id, again

    old, new = await database.transact(work)

    assert new > old


async def test_every_change_of_a_draft_counts_its_version(database: Database) -> None:
    async def work(session: Session) -> list[int]:
        whole = await made(session, VISITORS)
        kr, versions = whole.key_results[0], [whole.version]

        async def look() -> None:
            found = await objectives.by_id(session, whole.id)
            assert found is not None
            versions.append(found.version)

        await objectives.rename(session, whole.id, "新标题")
        await look()
        await objectives.change_key_result(session, kr, (), target=D(1200))
        await look()
        await objectives.set_parent(session, whole.id, 3, NOON)
        await look()
        await objectives.add_key_result(session, whole.id, VISITORS)
        await look()
        await objectives.delete_key_result(session, kr)
        await look()
        return versions

    versions = await database.transact(work)

    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "新标题"}, {"title": "新标题"}),
        ({"weight": D("2.5")}, {"weight": D("2.5")}),
        ({"share": D("0.3")}, {"share": D("0.3")}),
        ({"due": date(2026, 12, 24)}, {"due": date(2026, 12, 24)}),
    ],
)
async def test_fields_of_a_key_result_change(
    database: Database, fields: dict[str, object], expected: dict[str, object]
) -> None:
    async def work(session: Session) -> dict[str, object]:
        whole = await made(session, VISITORS)
        await objectives.change_key_result(session, whole.key_results[0], ("unit_missing",), **fields)
        changed = await objectives.by_id(session, whole.id)
        assert changed is not None
        return {name: getattr(changed.key_results[0], name) for name in expected}

    assert await database.transact(work) == expected


async def test_the_measure_of_a_key_result_changes(database: Database) -> None:
    new = Measure(Kind.MAINTAIN, "%", Basis.WEEKLY, D(1), D("2.5"), D(3), D(4), D("0.1"), cumulative=True)

    async def work(session: Session) -> Objective | None:
        whole = await made(session, VISITORS)
        await objectives.change_key_result(
            session,
            whole.key_results[0],
            (),
            kind=new.kind,
            unit=new.unit,
            basis=new.basis,
            start=new.start,
            target=new.target,
            low=new.low,
            high=new.high,
            tolerance=new.tolerance,
            cumulative=new.cumulative,
        )
        return await objectives.by_id(session, whole.id)

    whole = await database.transact(work)

    assert whole is not None
    assert whole.key_results[0].measure == new


async def test_what_a_draft_leaves_open_is_kept_and_settled(database: Database) -> None:
    async def work(session: Session) -> tuple[object, object]:
        whole = await made(session, replace(VISITORS, doubts=("unit_missing", "basis_assumed")), VISITORS)
        before = await objectives.doubts_of(session, whole.id)
        await objectives.change_key_result(session, whole.key_results[0], ("basis_assumed",), unit="人")
        after = await objectives.doubts_of(session, whole.id)
        first, second = (kr.id for kr in whole.key_results)
        return before == {first: ("unit_missing", "basis_assumed"), second: ()}, after[first]

    assert await database.transact(work) == (True, ("basis_assumed",))


async def test_steps_are_ticked(database: Database) -> None:
    steps = MEASURES[6].milestones
    done = tuple(replace(step, done=True) for step in steps)

    async def work(session: Session) -> Objective | None:
        whole = await made(session, Draft("开新店", MEASURES[6]))
        await objectives.mark_milestones(session, whole.key_results[0], done)
        return await objectives.by_id(session, whole.id)

    whole = await database.transact(work)

    assert whole is not None
    assert whole.key_results[0].measure.milestones == done


@pytest.mark.parametrize("value", [D(0), D(1070), D("-3.5"), D("0.000001"), D("123456789012345678.654321")])
async def test_a_reading_is_repeated_exactly_and_taken_away(database: Database, value: Decimal) -> None:
    reading = Reading(value, NOON, "李四", typed=False)

    async def work(session: Session) -> list[Reading | None]:
        _, kr_id = await goal_of_li(session)
        seen: list[Reading | None] = []
        for new in (reading, None):
            await objectives.set_value(session, kr_id, new)
            whole = await objectives.with_key_result(session, kr_id)
            assert whole is not None
            seen.append(whole.key_results[0].reading)
        return seen

    assert await database.transact(work) == [reading, None]


async def test_how_sure_one_is(database: Database) -> None:
    async def work(session: Session) -> list[int | None]:
        _, kr_id = await goal_of_li(session)
        seen: list[int | None] = []
        for confidence in (0, 10, None):
            await objectives.set_confidence(session, kr_id, confidence)
            whole = await objectives.with_key_result(session, kr_id)
            assert whole is not None
            seen.append(whole.key_results[0].confidence)
        return seen

    assert await database.transact(work) == [0, 10, None]


async def goal_of_li(session: Session) -> tuple[int, int]:
    await employ(session)
    return await goal(session)
