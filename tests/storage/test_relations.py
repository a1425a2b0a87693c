"""What somebody is to the goals of others, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from okr.objectives import Objective, State
from okr.permissions import NO_TIES, Ties
from storage import absences, co_writing, objectives, people, relations
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ, goal, person

DEPARTMENTS = {
    "E0003": "总部",
    "E0101": "总部/华东区",
    "E0102": "总部/华东区/西湖店",
    "E0201": "总部/华东区",
    "E0002": "总部",
}


async def look(session: Session, asker: str, owner: str) -> Ties:
    objective_id, _ = await goal(session, owner=owner)
    return (await asked(session, asker, [objective_id]))[objective_id]


async def asked(session: Session, asker: str, ids: Sequence[int]) -> dict[int, Ties]:
    found = await objectives.by_ids(session, ids)
    owners = await people.by_ids(session, [one.owner_id for one in found])
    return await relations.ties_to(session, await person(session, asker), found, owners, TODAY)


@pytest.mark.parametrize(
    ("asker", "owner", "above", "below"),
    [
        ("E0101", "E0102", True, False),
        ("E0003", "E0102", True, False),
        ("E0001", "E0102", True, False),
        ("E0102", "E0001", False, True),
        ("E0201", "E0102", False, False),
        ("E0002", "E0102", False, False),
        ("E0002", "E0001", False, True),
    ],
)
async def test_lines(database: Database, asker: str, owner: str, above: bool, below: bool) -> None:
    async def work(session: Session) -> Ties:
        await employ(session)
        return await look(session, asker, owner)

    expected = Ties(above=above, below=below, superior_department=DEPARTMENTS.get(asker), stores=True)
    assert await database.transact(work) == expected


async def test_ones_own_goals_need_no_asking(database: Database) -> None:
    async def work(session: Session) -> Ties:
        await employ(session)
        return await look(session, "E0102", "E0102")

    assert await database.transact(work) == NO_TIES


async def test_a_loop_in_the_staff_file_ends(database: Database) -> None:
    async def work(session: Session) -> Ties:
        await employ(session)
        chief, wang = await person(session, "E0001"), await person(session, "E0101")
        await session.run("UPDATE employees SET manager_id = ? WHERE id = ?", wang.id, chief.id)
        return await look(session, "E0201", "E0102")

    assert not (await database.transact(work)).above


async def test_who_stands_in_today(database: Database) -> None:
    async def work(session: Session) -> list[Ties]:
        await employ(session)
        zhao, li, wang = [await person(session, number) for number in ("E0201", "E0102", "E0101")]
        objective_id, _ = await goal(session)
        found = []
        for away in (li, wang):
            await absences.say(session, away.id, TODAY, TODAY, zhao.id, NOON)
            found.append((await asked(session, "E0201", [objective_id]))[objective_id])
        await absences.take_back(session, li.id, TODAY, NOON)
        await absences.say(
            session, wang.id, TODAY + timedelta(days=1), TODAY + timedelta(days=2), zhao.id, NOON
        )
        await absences.take_back(session, wang.id, TODAY, NOON)
        found.append((await asked(session, "E0201", [objective_id]))[objective_id])
        return found

    told = await database.transact(work)

    assert [(one.deputy, one.acting) for one in told] == [(True, False), (True, True), (False, False)]


async def test_writers_deciders_and_the_named_are_known_by_the_goal(database: Database) -> None:
    async def work(session: Session) -> list[dict[int, Ties]]:
        await employ(session)
        first, _ = await goal(session)
        second, _ = await goal(session)
        zhao = await person(session, "E0201")
        await co_writing.invite(session, first, zhao.id)
        await session.run(
            "INSERT INTO objective_viewers (objective_id, employee_id) VALUES (?, ?)", second, zhao.id
        )
        told = [await asked(session, "E0201", [first, second])]
        await session.run("UPDATE objectives SET state = ? WHERE id = ?", str(State.PENDING), first)
        return [*told, await asked(session, "E0201", [first, second])]

    in_force, pending = await database.transact(work)

    assert [one.writes for one in in_force.values()] == [False, False], "in force it is its owner's"
    assert [one.writes for one in pending.values()] == [True, False]
    assert [one.named for one in in_force.values()] == [False, True]


class Counting:
    """A session that counts its statements."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.statements = 0

    async def all(self, sql: str, *values: object) -> object:
        self.statements += 1
        return await self._session.all(sql, *values)


async def test_a_list_of_goals_is_one_statement(database: Database) -> None:
    async def work(session: Session) -> tuple[int, int]:
        await employ(session)
        owned = ("E0102", "E0103", "E0201", "E0202", "E0003") * 4
        made = [(await goal(session, owner=owner))[0] for owner in owned]
        found: list[Objective] = await objectives.by_ids(session, made)
        owners = await people.by_ids(session, [one.owner_id for one in found])
        counting = Counting(session)
        wang = await person(session, "E0101")
        told = await relations.ties_to(counting, wang, found, owners, TODAY)  # type: ignore[arg-type]
        return counting.statements, sum(one.above for one in told.values())

    assert await database.transact(work) == (1, 8)
