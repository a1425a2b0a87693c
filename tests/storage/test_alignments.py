"""What supports what: edges, the first of them repeated on the goal, and the ways up."""

from __future__ import annotations

from decimal import Decimal

from okr.alignment import makes_loop
from storage import alignments, cycles, objectives
from storage.alignments import Edge, EdgeState
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, TODAY, VISITORS, employ, goal, person

D = Decimal


async def tower(session: Session) -> list[tuple[int, int]]:
    """Three objectives with a key result each; every lower one supports the key result of the one above."""
    await employ(session)
    levels = [await goal(session, VISITORS, owner=number) for number in ("E0001", "E0003", "E0101")]
    for (below, _), (_, above) in zip(levels[1:], levels, strict=False):
        await alignments.align(session, alignments.objective(below), above, at=NOON)
    return levels


async def test_an_edge_comes_back_as_it_was_made(database: Database) -> None:
    async def work(session: Session) -> tuple[Edge | None, Edge]:
        await employ(session)
        _, kr = await goal(session)
        edge_id = await alignments.align(
            session,
            alignments.key_result(kr),
            99,
            at=NOON,
            by=1,
            state=EdgeState.ASKED,
            share=D("0.4"),
            weight=D(3),
            rolls=False,
        )
        return await alignments.by_id(session, edge_id), Edge(
            edge_id,
            alignments.key_result(kr),
            99,
            D("0.4"),
            D(3),
            False,
            EdgeState.ASKED,
            1,
            NOON,
            None,
            None,
            None,
            D(0),
            None,
        )

    read, expected = await database.transact(work)

    assert read == expected


async def test_a_draft_that_names_a_parent_has_an_edge_to_it(database: Database) -> None:
    async def work(session: Session) -> tuple[list[Edge], int | None]:
        await employ(session)
        owner = await person(session, "E0102")
        cycle = await cycles.running(session, TODAY)
        made = await objectives.create(session, owner.id, cycle, "新的", [VISITORS], 7, NOON)
        whole = await objectives.by_id(session, made)
        assert whole is not None
        return await alignments.parents_of(session, alignments.objective(made)), whole.parent_kr

    edges, parent = await database.transact(work)

    assert [(edge.parent, edge.state) for edge in edges] == [(7, EdgeState.ACTIVE)]
    assert parent == 7


async def test_the_goal_repeats_its_first_edge_that_stands(database: Database) -> None:
    async def work(session: Session) -> list[int | None]:
        await employ(session)
        below, _ = await goal(session)
        child = alignments.objective(below)
        seen: list[int | None] = []

        async def look() -> None:
            whole = await objectives.by_id(session, below)
            assert whole is not None
            seen.append(whole.parent_kr)

        await alignments.align(session, child, 5, at=NOON, state=EdgeState.ASKED)
        await look()
        await alignments.align(session, child, 6, at=NOON)
        await look()
        asked = await alignments.between(session, child, 5)
        assert asked is not None
        assert await alignments.set_state(session, asked, EdgeState.ACTIVE, at=NOON, by=1)
        assert not await alignments.set_state(session, asked, EdgeState.REFUSED, at=NOON, by=2)
        await look()
        for edge in await alignments.parents_of(session, child):
            await alignments.end(session, edge, at=NOON)
        await look()
        return seen

    assert await database.transact(work) == [None, 6, 5, None]


async def test_another_parent_takes_the_place_of_all_before(database: Database) -> None:
    async def work(session: Session) -> tuple[list[int], int]:
        await employ(session)
        below, _ = await goal(session)
        child = alignments.objective(below)
        await alignments.align(session, child, 5, at=NOON)
        await alignments.align(session, child, 6, at=NOON, state=EdgeState.ASKED)
        await objectives.set_parent(session, below, 7, NOON)
        await objectives.set_parent(session, below, 5, NOON)
        rows = await session.all("SELECT id FROM alignments")
        return [edge.parent for edge in await alignments.parents_of(session, child)], len(rows)

    assert await database.transact(work) == ([5], 3)


async def test_what_is_deleted_leaves_no_edge_and_no_trace_above(database: Database) -> None:
    async def work(session: Session) -> list[tuple[str, int | None]]:
        await employ(session)
        above, kr_id = await goal(session)
        below, _ = await goal(session)
        await alignments.align(session, alignments.objective(below), kr_id, at=NOON)
        whole = await objectives.by_id(session, above)
        assert whole is not None
        seen = []
        for delete in (
            objectives.delete_key_result(session, whole.key_results[0]),
            objectives.delete_draft(session, above),
        ):
            await delete
            child = await objectives.by_id(session, below)
            edge = await alignments.between(session, alignments.objective(below), kr_id)
            assert child is not None
            assert edge is not None
            seen.append((str(edge.state), child.parent_kr))
        return seen

    assert await database.transact(work) == [("ended", None)] * 2


async def test_the_way_up_names_each_goal_once(database: Database) -> None:
    async def work(session: Session) -> tuple[list[int], list[int], list[int]]:
        levels = await tower(session)
        low_objective, low_kr = levels[-1]
        up = await alignments.upwards(session, alignments.objective(low_objective))
        from_kr = await alignments.upwards(session, alignments.key_result(low_kr))
        await alignments.align(session, alignments.objective(levels[0][0]), low_kr, at=NOON)
        round_and_round = await alignments.upwards(session, alignments.objective(low_objective))
        assert [above.kr_id for above in up] == [levels[1][1], levels[0][1]]
        assert [above.objective_title for above in up] == ["生鲜区更好卖"] * 2
        return (
            [above.kr_id for above in from_kr],
            [above.kr_id for above in up],
            [above.kr_id for above in round_and_round],
        )

    from_kr, up, round_and_round = await database.transact(work)

    assert from_kr == up
    assert round_and_round[:2] == up
    assert len(round_and_round) == 3


async def test_the_graph_above_tells_a_loop(database: Database) -> None:
    async def work(session: Session) -> tuple[bool, bool]:
        levels = await tower(session)
        graph = await alignments.graph_above(session, levels[-1][1])
        lowest = f"KR{levels[-1][1]}"
        return makes_loop(graph, f"O{levels[0][0]}", lowest), makes_loop(graph, "O99", lowest)

    assert await database.transact(work) == (True, False)
