"""Transactions and restarts, alike on both engines."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from storage.database import POOL, Database
from storage.session import Row, Session
from storage.tables.running import Usage

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


async def spend(session: Session, what: str, count: int = 1) -> None:
    await session.run(
        "INSERT INTO usage (platform, month, what, count) VALUES (?, ?, ?, ?)",
        "wecom",
        "2026-11",
        what,
        count,
    )


async def kept(database: Database) -> list[str]:
    async def work(session: Session) -> list[str]:
        return [row[0] for row in await session.all("SELECT what FROM usage ORDER BY what")]

    return await database.read(work)


async def test_a_transaction_returns_its_result_after_the_commit(database: Database) -> None:
    async def work(session: Session) -> str:
        await spend(session, "calls")
        return "done"

    assert await database.transact(work) == "done"
    assert await kept(database) == ["calls"]


async def test_what_is_left_for_later_is_there_for_whatever_is_asked_next(database: Database) -> None:
    spent = "INSERT INTO usage (platform, month, what, count) VALUES ('wecom', '2026-11', ?, ?)"
    doubled = "UPDATE usage SET count = count * 2 WHERE what = ?"

    async def work(session: Session) -> tuple[list[int], Row | None, tuple[bool, Row | None]]:
        await session.later(spent, "calls", 1)
        await session.later(doubled, "calls")  # of the same table: after the one before
        first = [row[0] for row in await session.all("SELECT count FROM usage")]
        await session.later(doubled, "calls")
        await session.later("UPDATE leases SET holder = ?", "nobody")
        id_ = await session.insert(f"{spent} RETURNING what", "pushes", 5)
        again = await session.insert_and_one(
            (
                "INSERT INTO leases (name, holder, until) VALUES (?, 'me', ?) ON CONFLICT DO NOTHING",
                ("x", NOON),
            ),
            ("SELECT what, count FROM usage WHERE count = ?", (4,)),
        )
        await session.later(doubled, "pushes")
        return first, id_, again

    first, inserted, (new, row) = await database.transact(work)

    assert first == [2]
    assert inserted is not None
    assert inserted[0] == "pushes"
    assert new
    assert row is not None
    assert tuple(row) == ("calls", 4)

    async def repeated(session: Session) -> tuple[bool, Row | None]:
        return await session.insert_and_one(
            (
                "INSERT INTO leases (name, holder, until) VALUES (?, 'me', ?) ON CONFLICT DO NOTHING",
                ("x", NOON),
            ),
            ("SELECT what, count FROM usage WHERE count = ?", (7,)),
        )

    assert await database.transact(repeated) == (False, None)
    counts = await database.read(lambda session: session.all("SELECT count FROM usage ORDER BY count"))
    assert [row[0] for row in counts] == [4, 10]


async def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    async def work(session: Session) -> None:
        await spend(session, "calls")
        await spend(session, "pushes")
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await database.transact(work)

    assert await kept(database) == []


async def test_a_mistake_in_sql_undoes_the_transaction_and_spoils_no_other(database: Database) -> None:
    async def wrong(session: Session) -> None:
        await spend(session, "wrong")
        await session.run("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(Exception, match="nowhere"):
        await database.transact(wrong)
    await database.transact(lambda session: spend(session, "right"))

    assert await kept(database) == ["right"]


async def test_transactions_that_run_together_do_not_share_their_fate(database: Database) -> None:
    async def even_fails(session: Session, n: int) -> int:
        await spend(session, f"{n:02}")
        if n % 2 == 0:
            raise LookupError(n)
        return n

    outcomes = await asyncio.gather(
        *(database.transact(lambda session, n=n: even_fails(session, n)) for n in range(20)),  # type: ignore[misc]  # mypy cannot type a default of a lambda
        return_exceptions=True,
    )

    assert [outcome for outcome in outcomes if isinstance(outcome, int)] == list(range(1, 20, 2))
    assert await kept(database) == [f"{n:02}" for n in range(1, 20, 2)]


async def test_many_tasks_add_to_one_row_and_nothing_is_lost(database: Database) -> None:
    await database.transact(lambda session: spend(session, "calls", 0))

    async def add(session: Session) -> None:
        await session.run("UPDATE usage SET count = count + 1 WHERE what = ?", "calls")

    await asyncio.gather(*(database.transact(add) for _ in range(100)))

    row = await database.read(lambda session: session.one("SELECT count FROM usage"))
    assert row is not None
    assert row[0] == 100


async def test_what_a_cancelled_task_did_is_done_wholly_or_not_at_all(database: Database) -> None:
    async def both(session: Session) -> None:
        await spend(session, "a")
        await spend(session, "b")

    task = asyncio.create_task(database.transact(both))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert len(await kept(database)) in (0, 2)
    await database.transact(lambda session: spend(session, "c"))
    assert (await kept(database))[-1] == "c"


async def test_the_orm_and_sql_see_each_other_in_one_transaction(database: Database) -> None:
    async def work(session: Session) -> list[int]:
        await spend(session, "calls", 7)
        await Usage.create(platform="dingtalk", month="2026-11", what="calls", count=5, using_db=session.orm)
        found = await Usage.all().order_by("count").using_db(session.orm)
        return [usage.count for usage in found]

    assert await database.transact(work) == [5, 7]


async def test_the_orm_is_undone_with_the_rest(database: Database) -> None:
    async def work(session: Session) -> None:
        await Usage.create(platform="wecom", month="2026-11", what="calls", count=5, using_db=session.orm)
        raise LookupError

    with pytest.raises(LookupError):
        await database.transact(work)

    assert await kept(database) == []


async def test_what_was_committed_is_there_after_a_restart(database_url: str) -> None:
    async with Database(database_url) as before:
        await before.transact(lambda session: spend(session, "calls"))

    async with Database(database_url) as after:
        assert await kept(after) == ["calls"]


async def test_closing_waits_for_what_was_submitted(database_url: str) -> None:
    async with Database(database_url) as before:
        tasks = [
            asyncio.create_task(before.transact(lambda session, n=n: spend(session, f"{n}")))  # type: ignore[misc]  # as above
            for n in range(5)
        ]
        await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    async with Database(database_url) as after:
        assert await kept(after) == ["0", "1", "2", "3", "4"]


async def test_both_dialects_in_one_process_one_after_another(sqlite_url: str, postgres_url: str) -> None:
    """Tortoise keeps models' metadata for the whole process: one engine must not leave its SQL to the other."""

    async def count(session: Session) -> int:
        await Usage.create(platform="wecom", month="2026-11", what="calls", count=3, using_db=session.orm)
        found = await Usage.get(what="calls", using_db=session.orm)
        await found.delete(using_db=session.orm)
        counted: int = found.count
        return counted

    for url in (sqlite_url, postgres_url, sqlite_url, postgres_url):
        async with Database(url) as database:
            assert await database.transact(count) == 3


async def test_two_databases_open_at_once_do_not_mix(postgres_empty_url: str, postgres_url: str) -> None:
    async with Database(postgres_empty_url) as one:
        await one.upgrade()
    async with Database(postgres_empty_url) as one, Database(postgres_url) as other:
        await one.transact(lambda session: spend(session, "here"))
        assert await kept(one) == ["here"]
        assert await kept(other) == []


async def test_a_task_begun_before_the_database_was_opened_may_use_it(database_url: str) -> None:
    """A web server's tasks live in the context it was started in."""
    opened: asyncio.Future[Database] = asyncio.get_running_loop().create_future()

    async def serve() -> list[str]:
        return await kept(await opened)

    server = asyncio.create_task(serve())
    await asyncio.sleep(0)
    async with Database(database_url) as database:
        opened.set_result(database)
        assert await server == []


async def test_whoever_gives_up_while_it_begins_takes_no_connection_along(postgres_url: str) -> None:
    """Otherwise the pool is empty after as many, and closing waits for them in vain."""
    async with Database(postgres_url) as database:
        async with asyncio.timeout(30):
            for steps in range(8 * POOL):
                await kept(database)  # a connection is there, so that it is the beginning that is cut short
                giving_up = asyncio.create_task(database.transact(lambda session: spend(session, "never")))
                for _ in range(steps % 8):
                    await asyncio.sleep(0)
                giving_up.cancel()
                await asyncio.wait([giving_up])
            await asyncio.gather(*(database.transact(partial(spend, what=f"{n}")) for n in range(POOL)))
