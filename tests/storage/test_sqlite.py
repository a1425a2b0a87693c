"""What is so on SQLite only: transactions that never suspend, commits in groups, readers beside the writer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from okr.policy import SHANGHAI
from storage.checkpoints import EVERY
from storage.database import Database
from storage.session import Session
from storage.sqlite import GROUP, Suspended, connect, drive

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


async def hold(session: Session, name: str) -> None:
    await session.run("INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)", name, "me", NOON)


async def names(database: Database) -> list[str]:
    async def work(session: Session) -> list[str]:
        return [row[0] for row in await session.all("SELECT name FROM leases ORDER BY name")]

    return await database.read(work)


async def test_a_transaction_that_waits_for_something_else_is_refused(sqlite: Database) -> None:
    async def work(session: Session) -> None:
        await hold(session, "before")
        await asyncio.sleep(0)
        await hold(session, "after")

    with pytest.raises(Suspended):
        await sqlite.transact(work)

    assert await names(sqlite) == []


def test_drive_returns_what_never_waits() -> None:
    async def seven() -> int:
        return 7

    assert drive(seven()) == 7


async def test_more_than_a_group_is_written_in_order(sqlite: Database) -> None:
    count = GROUP * 2 + 1

    async def number(session: Session, n: int) -> int:
        await hold(session, f"{n:04}")
        row = await session.one("SELECT count(*) FROM leases")
        assert row is not None
        seen: int = row[0]
        return seen

    seen = await asyncio.gather(
        *(sqlite.transact(lambda session, n=n: number(session, n)) for n in range(count))  # type: ignore[misc]  # mypy cannot type a default of a lambda
    )

    assert seen == list(range(1, count + 1))
    assert await names(sqlite) == [f"{n:04}" for n in range(count)]


async def test_what_goes_along_is_done_before_the_next_transaction_and_in_its_commit(
    sqlite: Database,
) -> None:
    gathered: list[str] = []

    def gather() -> Callable[[Session], Coroutine[Any, Any, bool]]:
        names = list(gathered)

        async def work(session: Session) -> bool:
            for name in names:
                await hold(session, name)
            return True

        return work

    async def seen(session: Session) -> list[str]:
        found = [row[0] for row in await session.all("SELECT name FROM leases ORDER BY name")]
        await hold(session, found[0])  # fails, and takes nothing of its passenger's with it
        return found

    gathered.append("one")
    passenger = asyncio.create_task(sqlite.along(gather))
    await asyncio.sleep(0)
    gathered.append("two")

    with pytest.raises(sqlite3.IntegrityError):
        await sqlite.transact(seen)

    assert passenger.done() or await passenger
    assert await names(sqlite) == ["one", "two"]


async def test_what_goes_along_does_not_wait_for_ever(database: Database) -> None:
    async def work(session: Session) -> None:
        await hold(session, "alone")

    async with asyncio.timeout(30):
        await database.along(lambda: work)

    assert await names(database) == ["alone"]


async def test_nobody_waits_for_ever_where_a_group_is_lost(sqlite: Database) -> None:
    """The engine may end a transaction by itself, as when the disk is full: all of its group hear of it."""

    async def lost(session: Session) -> None:
        await session.run("ROLLBACK")

    outcomes = await asyncio.wait_for(
        asyncio.gather(
            sqlite.transact(lambda session: hold(session, "one")),
            sqlite.transact(lost),
            sqlite.transact(lambda session: hold(session, "three")),
            return_exceptions=True,
        ),
        timeout=30,
    )

    survived = [
        name
        for name, outcome in zip(("one", "lost", "three"), outcomes, strict=True)
        if not isinstance(outcome, BaseException)
    ]
    assert isinstance(outcomes[1], sqlite3.Error)
    assert await names(sqlite) == survived


async def test_a_reader_sees_what_is_committed_and_writes_nothing(sqlite: Database) -> None:
    await sqlite.transact(lambda session: hold(session, "kept"))
    await sqlite.read(lambda session: hold(session, "forgotten"))

    assert await names(sqlite) == ["kept"]


async def test_a_mistake_while_reading_reaches_its_caller(sqlite: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await sqlite.read(lambda session: session.all("SELECT * FROM nowhere"))

    assert await names(sqlite) == []


async def test_one_moment_is_one_value_in_whatever_zone_it_is_given(sqlite: Database) -> None:
    """Moments are kept as text here, and text is what is compared."""

    async def work(session: Session) -> tuple[object, object]:
        await hold(session, "lease")
        same = await session.one("SELECT name FROM leases WHERE until = ?", NOON.astimezone(SHANGHAI))
        later = await session.one("SELECT name FROM leases WHERE until < ?", NOON.astimezone(SHANGHAI))
        return same and same[0], later

    assert await sqlite.transact(work) == ("lease", None)


def test_a_commit_is_on_the_disk_and_readers_do_not_wait(tmp_path: Path) -> None:
    connection = connect(tmp_path / "file.db")

    pragmas = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }

    connection.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_the_log_is_copied_beside_the_writer(sqlite_url: str) -> None:
    """Long before a commit would do it; and who closes the database leaves nothing running."""

    async def work(session: Session) -> None:
        for n in range(EVERY):
            await hold(session, f"{n:04}{'x' * 100}")

    async with Database(sqlite_url) as opened:
        before = opened.path.stat().st_size
        await opened.transact(work)
        async with asyncio.timeout(60):
            while opened.path.stat().st_size == before:
                await asyncio.sleep(0.001)
        copying = [thread for thread in threading.enumerate() if thread.name == "storage-checkpoints"]
        assert len(await names(opened)) == EVERY

    assert len(copying) == 1
    assert not copying[0].is_alive()
