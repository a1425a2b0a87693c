"""A cycle is closed with all that is in force in it, opened once more, and both are on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from okr.objectives import Cycle, CycleState, Kind, Measure, Objective, State
from okr.refusals import IllegalCycleMove
from okr.scoring import Cause
from storage import check_ins, closing, cycles, objectives, scores, trail
from storage.check_ins import Entry
from storage.closing import By, Outlook
from storage.database import Database
from storage.objectives import Draft
from storage.scores import Mark
from storage.session import Session
from tests.storage.company import NOON, VISITORS, employ, goal, person

AFTER = date(2027, 1, 5)
COMPLAINTS = Draft("客诉率", Measure(Kind.MAINTAIN, "%", high=Decimal(2)))
DAILY = Draft("到岗人数", Measure(Kind.NUMBER, "人", start=Decimal(0), target=Decimal(10)), is_kpi=True)


async def prepared(session: Session) -> tuple[Cycle, int]:
    """The quarter with one objective: half of the way, three of four readings inside, and a daily figure."""
    await employ(session)
    objective_id, _ = await goal(session, VISITORS, COMPLAINTS, DAILY)
    objective = await whole(session, objective_id)
    visitors, complaints, _ = objective.key_results
    for kr, values in ((visitors, ("1050",)), (complaints, ("1", "2", "2.5", "1.8"))):
        for n, value in enumerate(values):
            at = NOON + timedelta(minutes=n)
            await check_ins.record_value(session, kr, Entry(kr.id, at, at, 1, "李四", "", Decimal(value)))
    cycle = await cycles.by_name(session, "2026Q4")
    assert cycle is not None
    return cycle, objective_id


async def whole(session: Session, objective_id: int) -> Objective:
    found = await objectives.by_id(session, objective_id)
    assert found is not None
    return found


def by(person_id: int | None = None, today: date = AFTER) -> By:
    return By(person_id, "dingtalk", NOON, today, "都评完了")


async def test_what_nobody_scored_keeps_what_its_numbers_suggest(database: Database) -> None:
    async def work(session: Session) -> tuple[Outlook, Objective, Cycle | None, list[str]]:
        cycle, objective_id = await prepared(session)
        outlook = await closing.outlook(session, cycle)
        lin = await person(session, "E0002")
        assert await closing.close(session, cycle, by(lin.id)) == 1
        lines = await trail.of(session, objective_id=objective_id)
        told = [f"{line.action} {line.new} {line.actor} {line.reason}" for line in lines]
        return outlook, await whole(session, objective_id), await cycles.by_name(session, "2026Q4"), told

    outlook, closed, cycle, told = await database.transact(work)

    assert (outlook.objectives, outlook.unconfirmed, outlook.drafts) == (1, 1, 0)
    assert [count for _, count in outlook.unscored] == [2]
    assert [kr.score for kr in closed.key_results] == [Decimal("0.5"), Decimal("0.8"), None]
    assert (closed.score, closed.state) == (Decimal("0.65"), State.CLOSED)
    assert {kr.state for kr in closed.key_results} == {State.CLOSED}
    assert cycle is not None
    assert cycle.state is CycleState.CLOSED
    assert closed.cycle.state is CycleState.CLOSED
    assert told == ["关闭 部分达成 林晓 都评完了"]


async def test_what_was_given_is_kept_and_a_reopened_cycle_takes_changes_again(database: Database) -> None:
    async def work(session: Session) -> tuple[Objective, dict[int, Mark], int, list[str]]:
        cycle, objective_id = await prepared(session)
        objective = await whole(session, objective_id)
        mark = Mark(objective.key_results[0].id, Decimal("0.3"), "盘点以后少了", Cause.PEOPLE)
        await scores.give(session, mark)
        await closing.close(session, cycle, by())
        again = replace(cycle, state=CycleState.CLOSED)
        opened = await closing.reopen(session, again, by())
        kept = await scores.of(session, [objective_id])
        rows = await session.all("SELECT action, new FROM trail WHERE objective_id IS NULL ORDER BY id")
        return await whole(session, objective_id), kept, opened, [f"{row[0]} {row[1]}" for row in rows]

    objective, kept, opened, told = await database.transact(work)

    first = objective.key_results[0]
    assert (objective.state, first.state, first.score) == (State.ACTIVE, State.ACTIVE, Decimal("0.3"))
    assert kept[first.id] == Mark(first.id, Decimal("0.3"), "盘点以后少了", Cause.PEOPLE)
    assert (opened, objective.cycle.state) == (1, CycleState.REOPENED)
    assert told == ["关闭周期 2026Q4", "重开周期 2026Q4"]


@pytest.mark.parametrize("state", [CycleState.ACTIVE, CycleState.CLOSED])
async def test_a_cycle_is_closed_after_its_end_and_once(database: Database, state: CycleState) -> None:
    async def work(session: Session) -> None:
        cycle, _ = await prepared(session)
        today = AFTER if state is CycleState.CLOSED else cycle.end
        await closing.close(session, replace(cycle, state=state), by(today=today))

    with pytest.raises(IllegalCycleMove) as refused:
        await database.transact(work)
    assert refused.value.allowed == (("复盘",) if state is CycleState.ACTIVE else ("重开",))
