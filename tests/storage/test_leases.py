"""One holder among replicas, and another soon after its death."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from storage import leases
from storage.database import Database
from storage.leases import TERM
from storage.session import Session
from tests.storage.company import NOON

SECOND = timedelta(seconds=1)


async def hold(
    database: Database, holder: str, after: timedelta = timedelta(0), name: str = "sender"
) -> bool:
    return await database.transact(lambda session: leases.hold(session, name, holder, NOON + after))


async def test_one_holds_it_and_may_renew(database: Database) -> None:
    assert await hold(database, "a")
    assert not await hold(database, "b", SECOND)
    assert await hold(database, "a", 2 * SECOND)


async def test_it_is_taken_over_when_its_term_is_over_and_not_before(database: Database) -> None:
    await hold(database, "a")

    assert not await hold(database, "b", TERM)
    assert await hold(database, "b", TERM + SECOND)
    assert not await hold(database, "a", TERM + 2 * SECOND)


async def test_renewing_moves_the_term(database: Database) -> None:
    await hold(database, "a")
    await hold(database, "a", TERM - SECOND)

    assert not await hold(database, "b", TERM + SECOND)


async def test_names_are_held_apart(database: Database) -> None:
    assert await hold(database, "a", name="sender")
    assert await hold(database, "b", name="clock")


async def test_who_stops_lets_go_of_all_it_holds_and_nothing_else(database: Database) -> None:
    await hold(database, "a", name="sender")
    await hold(database, "a", name="clock")
    await hold(database, "b", name="stream")

    await database.transact(lambda session: leases.let_go(session, "a"))

    assert await hold(database, "c", SECOND, "sender")
    assert await hold(database, "c", SECOND, "clock")
    assert not await hold(database, "c", SECOND, "stream")


async def test_of_many_at_once_one_gets_it(database: Database) -> None:
    async def take(session: Session, holder: str) -> bool:
        return await leases.hold(session, "sender", holder, NOON)

    outcomes = await asyncio.gather(
        *(database.transact(lambda session, holder=f"{n}": take(session, holder)) for n in range(8))  # type: ignore[misc]  # mypy cannot type a default of a lambda
    )

    assert outcomes.count(True) == 1
