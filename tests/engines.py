"""Both database engines for the tests: migrated once for each process, and copied for every test."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Collection, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from sandbox.sample_company import furnish
from storage.database import Database
from tests.storage.company import employ

T = TypeVar("T")

SERVER = os.environ.get("OKRBOT_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REQUIRED = os.environ.get("OKRBOT_REQUIRE_POSTGRES") == "1"
MISSING = "no PostgreSQL answers at 127.0.0.1:5432 or OKRBOT_TEST_POSTGRES"

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""23 November 2026, 09:30 in Shanghai: 58 % of the quarter."""
_RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_AS_RESTORED = """
SELECT count(*) = $1 AND bool_and(xmin = $2::text::xid) FROM public."{0}"
"""
LARGE = 200
"""Rows of a table that is worth a look whether a test has changed it."""
_IDS = """
SELECT format('%I.%I', schemaname, sequencename), last_value
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def in_a_loop_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end beside whatever loop the tests have, in a thread with a context of its own."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001  # raised again in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


async def migrated(url: str) -> None:
    async with Database(url) as database:
        await database.upgrade()


async def furnished(url: str, now: datetime) -> None:
    """Like the sandbox's company at this moment."""
    async with Database(url) as database:
        await database.transact(lambda session: furnish(session, now))


async def employed(url: str) -> None:
    """With the cast on file."""
    async with Database(url) as database:
        await database.transact(employ)


def sqlite_copy(template: Path, path: Path) -> str:
    """A fresh database file and its URL."""
    shutil.copyfile(template, path)
    return f"sqlite://{path}"


def _all_at_once(sql: str, tables: Sequence[str]) -> str:
    """One statement that does this to each of the tables and gives its transaction's number."""
    each = ", ".join(f"_{n} AS ({sql.format(table)})" for n, table in enumerate(tables))
    return f"WITH {each} SELECT pg_current_xact_id()::xid::text"


class PostgresServer:
    """A server that answers: makes databases with names of their own and drops them again.

    It has one loop in a thread of its own, and there a connection to each database that is emptied again and again.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tests-postgres", daemon=True)
        self._thread.start()
        self._connections: dict[str, asyncpg.Connection] = {}
        self._tables: dict[tuple[str, str], list[str]] = {}
        self._ids: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self._large: dict[tuple[str, str], dict[str, tuple[int, str]]] = {}
        """Of what is kept in a database under a name: the large tables, their rows, and which transaction restored them last."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def answers(self) -> bool:
        try:
            self._wait(self._do("SELECT 1"))
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        return True

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new database, which takes a second; it is dropped afterwards, whoever still uses it.

        What is written to it need not outlive the machine: nobody waits for a disk.
        """
        name = f"okrbot_test_{uuid4().hex}"
        self._wait(
            self._do(f'CREATE DATABASE "{name}"', f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        )
        url = urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))
        try:
            yield url
        finally:
            self._wait(self._forget(url))
            self._wait(self._do(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def cleared(self, url: str) -> str:
        """The same database without a table."""
        self._wait(self._clear(url))
        return url

    def emptied(self, url: str) -> str:
        """The same database without a row, its ids beginning at 1 again: much faster than a new copy."""
        self._wait(self._empty(url))
        return url

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _do(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._url, timeout=30)
        try:
            for sql in statements:
                await connection.execute(sql)
        finally:
            await connection.close()

    async def _connected(self, url: str) -> asyncpg.Connection:
        if url not in self._connections:
            self._connections[url] = await asyncpg.connect(url, timeout=30)
            await self._connections[url].execute(
                "SET session_replication_role = replica"
            )  # in whatever order
        return self._connections[url]

    async def _clear(self, url: str) -> None:
        await (await self._connected(url)).execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    async def _tables_in(self, url: str, schema: str) -> list[str]:
        """They stay as they are from the first time that they are emptied or kept."""
        if (url, schema) not in self._tables:
            rows = await (await self._connected(url)).fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = $1", schema
            )
            self._tables[url, schema] = sorted(row[0] for row in rows if "migration" not in row[0])
        return self._tables[url, schema]

    async def _empty(self, url: str, spared: Collection[str] = ()) -> None:
        connection = await self._connected(url)
        tables = [table for table in await self._tables_in(url, "public") if table not in spared]
        await connection.fetch(_all_at_once('DELETE FROM public."{0}"', tables))
        await connection.fetch(_RESTART)

    async def _keep(self, url: str, name: str) -> None:
        connection = await self._connected(url)
        await connection.execute(f"CREATE SCHEMA {name}")
        for table in await self._tables_in(url, "public"):
            if await connection.fetchval(f'SELECT EXISTS (SELECT 1 FROM public."{table}")'):
                await connection.execute(f'CREATE TABLE {name}."{table}" AS TABLE public."{table}"')
        self._ids[url, name] = [tuple(row) for row in await connection.fetch(_IDS)]
        counted = {
            table: await connection.fetchval(f'SELECT count(*) FROM {name}."{table}"')
            for table in await self._tables_in(url, name)
        }
        self._large[url, name] = {table: (rows, "0") for table, rows in counted.items() if rows > LARGE}

    async def _restore(self, url: str, name: str) -> None:
        connection = await self._connected(url)
        large = self._large[url, name]
        spared = [
            table
            for table, (rows, restored) in large.items()
            if await connection.fetchval(_AS_RESTORED.format(table), rows, restored)
        ]
        await self._empty(url, spared)
        tables = [table for table in await self._tables_in(url, name) if table not in spared]
        restored = await connection.fetchval(
            _all_at_once(f'INSERT INTO public."{{0}}" SELECT * FROM {name}."{{0}}"', tables)
        )
        for table in large.keys() - set(spared):
            large[table] = (large[table][0], restored)
        await connection.executemany("SELECT setval($1::text::regclass, $2)", self._ids[url, name])

    def kept(self, url: str, name: str = "kept") -> None:
        """Keep what is in the database now under this name, for `restored`."""
        self._wait(self._keep(url, name))

    def restored(self, url: str, name: str = "kept") -> str:
        """The same database with the rows and ids that were kept, and no others."""
        self._wait(self._restore(url, name))
        return url

    async def _forget(self, url: str) -> None:
        if connection := self._connections.pop(url, None):
            await connection.close()
