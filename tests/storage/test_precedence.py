"""Who waits at a screen goes first; work in bulk gets its turn all the same."""

from __future__ import annotations

import asyncio

import pytest

from storage import precedence
from storage.database import Database
from storage.precedence import Precedence
from storage.session import Session

LONG = 1e9
"""Seconds that no test waits for."""


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(precedence, "CALM", LONG)
    monkeypatch.setattr(precedence, "PAUSE", 0.0)
    monkeypatch.setattr(precedence, "AFTER", 0.0)
    monkeypatch.setattr(precedence, "LONGEST", LONG)
    return monkeypatch


async def _some_turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.usefixtures("rules")
async def test_nothing_is_begun_until_everybody_has_been_heard() -> None:
    order = Precedence()
    with order.taken():
        with order.taken():
            piece = asyncio.create_task(order.give())
            await _some_turns()
            assert not piece.done()
        await _some_turns()
        assert not piece.done()

    await _some_turns()
    assert piece.done()


async def test_where_nobody_is_there_nothing_waits(rules: pytest.MonkeyPatch) -> None:
    rules.setattr(precedence, "PAUSE", LONG)
    order = Precedence()
    assert not order.expected
    piece = asyncio.create_task(order.give())

    await _some_turns()
    assert piece.done()


async def test_after_somebody_others_are_expected(rules: pytest.MonkeyPatch) -> None:
    order = Precedence()
    with order.taken():
        pass
    assert order.expected

    rules.setattr(precedence, "CALM", 0.0)
    assert not order.expected


async def test_an_answer_on_its_way_out_is_waited_for(rules: pytest.MonkeyPatch) -> None:
    rules.setattr(precedence, "AFTER", LONG)
    order = Precedence()
    with order.taken():
        pass
    piece = asyncio.create_task(order.give())

    await _some_turns()
    assert not piece.done()
    piece.cancel()


async def test_a_chat_without_a_pause_lets_something_through(rules: pytest.MonkeyPatch) -> None:
    rules.setattr(precedence, "LONGEST", 0.001)
    order = Precedence()
    async with asyncio.timeout(60):
        with order.taken():
            await order.give()


@pytest.mark.parametrize("count", [0, 1, 4, 9])
async def test_pieces_are_all_of_it(count: int) -> None:
    pieces = [list(piece) async for piece in Precedence().pieces(range(count), 4)]

    assert [one for piece in pieces for one in piece] == list(range(count))
    assert all(len(piece) <= 4 for piece in pieces)


# --- a long read ---

PATIENCE = 30.0
A_WHILE = 0.05


async def _one(session: Session) -> int:
    row = await session.one("SELECT 1")
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("rules")
async def test_a_survey_waits_until_everybody_has_been_heard_and_a_read_does_not(database: Database) -> None:
    with database.precedence.taken():
        survey = asyncio.create_task(database.survey(_one))
        assert await database.read(_one) == 1
        await asyncio.sleep(A_WHILE)
        assert not survey.done()

    async with asyncio.timeout(PATIENCE):
        assert await survey == 1


async def test_a_survey_gets_on_although_somebody_talks_without_a_pause(database: Database) -> None:
    with database.precedence.taken():
        async with asyncio.timeout(PATIENCE):
            assert await database.survey(_one) == 1


async def test_a_survey_does_not_ask_before_every_statement(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "SLICE", LONG)
    monkeypatch.setattr(precedence, "LONGEST", 2 * A_WHILE)

    async def many(session: Session) -> int:
        return sum([await _one(session) for _ in range(1000)])

    with database.precedence.taken():
        async with asyncio.timeout(PATIENCE):
            assert await database.survey(many) == 1000
