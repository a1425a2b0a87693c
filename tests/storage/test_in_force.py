"""Who leads a unit, and whose goals rest on a key result."""

from __future__ import annotations

import pytest

from storage import alignments, in_force, people
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal, person


@pytest.mark.parametrize(
    ("number", "head"),
    [("E0102", ["E0101"]), ("E0101", ["E0003"]), ("E0003", ["E0001"]), ("E0001", []), ("E0002", ["E0001"])],
)
async def test_who_leads_a_unit_has_his_superior_outside_it(
    database: Database, number: str, head: list[str]
) -> None:
    async def work(session: Session) -> list[str]:
        await employ(session)
        return [one.number for one in await people.heads_of(session, await person(session, number))]

    assert await database.transact(work) == head


async def test_everybody_below_is_found_with_the_nearest_he_supports(database: Database) -> None:
    async def work(session: Session) -> tuple[list[tuple[str, int]], list[int]]:
        await employ(session)
        _, top = await goal(session, owner="E0101")
        middle, kr = await goal(session, owner="E0102")
        bottom, _ = await goal(session, owner="E0103")
        other, _ = await goal(session, owner="E0201")
        await alignments.align(session, alignments.objective(middle), top, at=NOON)
        await alignments.align(session, alignments.objective(bottom), kr, at=NOON)
        refused = alignments.EdgeState.REFUSED
        await alignments.align(session, alignments.objective(other), top, at=NOON, state=refused)
        found = await in_force.owners_below(session, [top])
        numbers = await people.by_ids(session, [one for one, _ in found])
        return [(numbers[one].number, nearest) for one, nearest in found], [top, kr]

    found, (top, kr) = await database.transact(work)
    assert found == [("E0102", top), ("E0103", kr)]


async def test_a_loop_ends(database: Database) -> None:
    async def work(session: Session) -> int:
        await employ(session)
        one, first = await goal(session, owner="E0101")
        other, second = await goal(session, owner="E0102")
        await alignments.align(session, alignments.objective(one), second, at=NOON)
        await alignments.align(session, alignments.objective(other), first, at=NOON)
        return len(await in_force.owners_below(session, [first]))

    assert await database.transact(work) == 2
