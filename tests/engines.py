"""Both database engines for the tests: migrated once for each process, and copied for every test."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from storage.database import Database

T = TypeVar("T")

SERVER = os.environ.get("OKRBOT_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REQUIRED = os.environ.get("OKRBOT_REQUIRE_POSTGRES") == "1"
MISSING = "no PostgreSQL answers at 127.0.0.1:5432 or OKRBOT_TEST_POSTGRES"


_EMPTY = """
DO $$ DECLARE one record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migration%' LOOP
    EXECUTE format('DELETE FROM %I', one.tablename);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', one.sequencename);
  END LOOP;
END $$
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


def sqlite_copy(template: Path, path: Path) -> str:
    """A fresh database file and its URL."""
    shutil.copyfile(template, path)
    return f"sqlite://{path}"


class PostgresServer:
    """A server that answers: makes databases with names of their own and drops them again."""

    def __init__(self, url: str) -> None:
        self._url = url

    def answers(self) -> bool:
        try:
            in_a_loop_of_its_own(self._do("SELECT 1"))
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        return True

    @contextmanager
    def database(self, template: str = "") -> Iterator[str]:
        """The URL of a fresh database, empty or a copy; it is dropped afterwards, whoever still uses it."""
        name = f"okrbot_test_{uuid4().hex}"
        copied = f' TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
        in_a_loop_of_its_own(self._do(f'CREATE DATABASE "{name}"{copied}'))
        try:
            yield urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))
        finally:
            in_a_loop_of_its_own(self._do(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def emptied(self, url: str) -> str:
        """The same database without a row, its ids beginning at 1 again: much faster than a new copy."""
        in_a_loop_of_its_own(self._do(_EMPTY, url))
        return url

    async def _do(self, sql: str, url: str = "") -> None:
        connection = await asyncpg.connect(url or self._url, timeout=5)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()
