"""Who has left leaves nothing behind: the head of the unit has it the same day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from okr.policy import Policy
from scheduler import leaving
from storage import objectives, people, staff, trail
from storage.database import Database
from storage.session import Session
from tests.handlers.desk import CHEN, LI, WANG, ZHOU, desk
from tests.storage.company import NOON, STAFF

POLICY = Policy(admins=frozenset({CHEN}))


async def without(database: Database, *numbers: str) -> None:
    """A staff file in which these are missing."""
    rows = [
        replace(row, manager_number="" if row.manager_number in numbers else row.manager_number)
        for row in STAFF
        if row.number not in numbers
    ]
    await database.transact(lambda session: staff.take_in(session, rows, NOON, deactivate_missing=True))


async def owner_of(database: Database, objective_id: int) -> str:
    async def look(session: Session) -> str:
        whole = await objectives.by_id(session, objective_id)
        assert whole is not None
        found = await people.by_id(session, whole.owner_id)
        assert found is not None
        return found.number

    return await database.read(look)


async def test_the_head_of_the_unit_gets_what_a_leaver_had(database: Database) -> None:
    async with desk(database, POLICY) as office:
        objective, kr = await office.new_goal()
        await office.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店")
        await without(database, LI)

        assert await leaving.settle_all(database, NOON, POLICY) == 1
        assert await leaving.settle_all(database, NOON, POLICY) == 0

        assert await owner_of(database, objective) == WANG
        texts = [text for _, text in await office.letters_to(WANG)]
        assert any(text.startswith("李四离职了,手上的 1 个目标交给你了") for text in texts)
        assert "你批了" not in await office.says(WANG, "同意 R1")
        assert "你批了 R1" in await office.says(ZHOU, "同意 R1")
        lines = await database.read(lambda session: trail.of(session, objective_id=objective))
        assert [(line.action, line.actor, line.new) for line in lines if line.action == "交接"] == [
            ("交接", "", "王店")
        ]


async def test_where_the_head_has_left_it_goes_to_the_next_above(database: Database) -> None:
    async with desk(database, POLICY) as office:
        objective, _ = await office.new_goal(owner=WANG)
        _, kr = await office.new_goal()
        await office.says(LI, f"修改 KR{kr} 目标值 1200 原因 新店")
        await office.leaves(WANG)

        await leaving.settle_all(database, NOON, POLICY)

        assert await owner_of(database, objective) == ZHOU
        assert any("R1 换周敏来批了" in text for _, text in await office.letters_to(LI))
        assert "你批了 R1" in await office.says(ZHOU, "同意 R1")


async def test_where_nobody_is_left_above_an_administrator_has_it(database: Database) -> None:
    async with desk(database, Policy(admins=frozenset({LI}))) as office:
        objective, _ = await office.new_goal(owner=CHEN)
        await office.leaves(CHEN)

        await leaving.settle_all(database, NOON, office.policy)

        assert await owner_of(database, objective) in (LI, "E0002", ZHOU)


@pytest.mark.parametrize("closed", [True, False])
async def test_what_is_over_stays_with_who_did_it(database: Database, *, closed: bool) -> None:
    async with desk(database, POLICY) as office:
        objective, _ = await office.new_goal()
        sql = (
            "UPDATE cycles SET state = 'closed'"
            if closed
            else f"UPDATE objectives SET state = 'cancelled' WHERE id = {objective}"
        )
        await database.transact(lambda session: session.run(sql))
        await office.leaves(LI)

        assert await leaving.settle_all(database, NOON, POLICY) == 0
        assert await owner_of(database, objective) == LI
