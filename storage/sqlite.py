"""SQLite: one writer thread, commits grouped, a reader thread beside it.

A transaction is a coroutine, as on PostgreSQL, but it runs in the writer's thread and is driven to its end
without ever suspending: what it awaits is a plain call of `sqlite3` in disguise. So a whole command costs one hop
between threads instead of one for each statement. Whatever waits while a transaction runs is committed together
with it: each in a savepoint of its own, one `COMMIT` for all, and nobody is told before the disk has it
(`synchronous=FULL`). See docs/decisions/0002-one-hop-storage.md.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper

from storage.checkpoints import LONGEST_LOG
from storage.session import Row, Session, Statement

T = TypeVar("T")
Work = Callable[[Session], Coroutine[Any, Any, T]]

GROUP = 64
"""So many transactions share a commit at most: about 20 ms of work, the longest that one waits for the others."""
BUSY_SECONDS = 10.0
SOON = 0.003
"""Seconds after which what goes along with another transaction goes by itself: who talks without a pause is back sooner."""
_PIECES = (256, 128, 64, 16, 4, 1)
"""Rows of one statement: few different texts, so that the prepared statements are found again."""


@lru_cache(maxsize=64)  # one moment is written in several places
def _as_kept(stamp: datetime) -> str:
    """Moments are text here and compared as text: one moment is one text, in whatever zone it was given."""
    return (stamp if stamp.tzinfo is UTC or stamp.tzinfo is None else stamp.astimezone(UTC)).isoformat(" ")


sqlite3.register_adapter(datetime, _as_kept)  # in place of Tortoise's, which keeps the zone


class Suspended(RuntimeError):
    """A transaction awaited something that is not the database; on SQLite it must not."""


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never really waits, and return its result."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    coroutine.close()
    raise Suspended


class _DirectConnection:
    """The few methods of an aiosqlite connection that Tortoise calls, without the hop to another thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes

    async def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, values or ())

    async def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> sqlite3.Cursor:
        return self._connection.executemany(sql, rows)

    async def execute_fetchall(self, sql: str, values: Sequence[object] | None = None) -> list[Row]:
        return self._connection.execute(sql, values or ()).fetchall()

    async def execute_insert(self, sql: str, values: Sequence[object]) -> Row:
        cursor = self._connection.execute(sql, values)
        return cursor.fetchone() if cursor.description else (cursor.lastrowid,)


class _DirectClient(SqliteTransactionWrapper):
    """A Tortoise client for the transaction that this thread has open."""

    def __init__(self, connection: sqlite3.Connection, parent: SqliteClient) -> None:
        super().__init__(parent)
        self._connection = _DirectConnection(connection)  # type: ignore[assignment]  # stands in for aiosqlite's


@lru_cache(maxsize=128)
def _with_rows(sql: str, columns: int, rows: int) -> str:
    """A statement with marks for so many rows."""
    marks = f"({', '.join('?' * columns)})"
    return sql.format(rows=f"VALUES {', '.join([marks] * rows)}")


Job = tuple[Work[Any], "asyncio.Future[Any]"]
Passenger = tuple[Callable[[], Work[Any]], "asyncio.Future[Any]"]


class SqliteSession:
    """A session on a connection of the thread that uses it. `awaited`: whether somebody waits for its end."""

    for_update = ""

    def __init__(
        self,
        connection: sqlite3.Connection,
        parent: SqliteClient,
        awaited: Callable[[], bool],
        *,
        judged_as_posted: bool = False,
    ) -> None:
        self.judged_as_posted = judged_as_posted
        self._awaited = awaited
        self._execute = connection.execute
        self._connection = connection
        self.orm = _DirectClient(connection, parent)

    async def all(self, sql: str, *values: object) -> Sequence[Row]:
        return self._execute(sql, values).fetchall()

    async def one(self, sql: str, *values: object) -> Row | None:
        return self._execute(sql, values).fetchone()

    async def run(self, sql: str, *values: object) -> int:
        return self._execute(sql, values).rowcount

    async def later(self, sql: str, *values: object) -> None:
        self._execute(sql, values)

    async def flush(self) -> None:
        """Nothing was left."""

    async def insert(self, sql: str, *values: object) -> Row | None:
        return self._execute(sql, values).fetchone()

    async def insert_and_one(self, insert: Statement, select: Statement) -> tuple[bool, Row | None]:
        inserted = self._execute(*insert).rowcount > 0
        return inserted, self._execute(*select).fetchone()

    async def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)

    async def pour(self, sql: str, types: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Row]:
        found: list[Row] = []
        begin = 0
        while begin < len(rows):
            size = next(size for size in _PIECES if size <= len(rows) - begin)
            values = list(chain.from_iterable(rows[begin : begin + size]))
            found += self._execute(_with_rows(sql, len(types), size), values).fetchall()
            begin += size
        return found

    async def insert_new(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> Sequence[Row]:
        # Nearly always all are new, which a count says; what a statement returns costs as much as a third of it.
        names, key = ", ".join(columns), columns[0]
        newest = self._execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]
        before = self._connection.total_changes
        await self.pour(
            f"INSERT INTO {table} ({names}) {{rows}} ON CONFLICT ({key}) DO NOTHING", columns, rows
        )
        known: list[Row] = []
        if self._connection.total_changes - before == len(rows):
            return known
        for begin in range(0, len(rows), _PIECES[0]):
            keys = [row[0] for row in rows[begin : begin + _PIECES[0]]]
            known += self._execute(
                f"SELECT {names} FROM {table} WHERE {key} IN ({', '.join('?' * len(keys))}) AND rowid <= ?",
                (*keys, newest),
            ).fetchall()
        return known

    @property
    def awaited(self) -> bool:
        return self._awaited()


class _Thread(ABC):
    """A thread with a connection of its own that takes jobs until it is closed."""

    def __init__(
        self,
        name: str,
        path: Path | str,
        parent: SqliteClient,
        *,
        awaited: Callable[[], bool] = lambda: False,
        judged_as_posted: bool = False,
    ) -> None:
        self._awaited = awaited
        self._judged_as_posted = judged_as_posted
        self._jobs: queue.SimpleQueue[Sequence[Job] | None] = queue.SimpleQueue()
        self._path, self._parent = path, parent
        self._loop = asyncio.get_running_loop()
        # Tortoise finds its models' metadata by a context variable: the thread runs in a copy of ours.
        context = contextvars.copy_context()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=context.run, args=(self._live,), name=name, daemon=True)

    async def open(self) -> None:
        """Start the thread. Raises sqlite3's error where the file cannot be opened."""
        self._thread.start()
        await self._opened

    async def submit(self, work: Work[T]) -> T:
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(((work, future),))
        return await future

    async def close(self) -> None:
        """Finish what has been submitted, then end the thread."""
        self._jobs.put(None)
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join)

    def _live(self) -> None:
        # Tortoise gathers signal listeners, of which there are none, and asks for a loop even so.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            connection = connect(self._path)
        except sqlite3.Error as error:
            loop.close()
            self._tell([(self._opened, None, error)])
            return
        connection.execute(f"PRAGMA wal_autocheckpoint={LONGEST_LOG}")
        self._tell([(self._opened, None, None)])
        session = SqliteSession(
            connection, self._parent, self._awaited, judged_as_posted=self._judged_as_posted
        )
        try:
            while (jobs := self._jobs.get()) is not None:
                last = self._serve(connection, session, jobs)
                if last:
                    break
        finally:
            connection.close()
            loop.close()

    @abstractmethod
    def _serve(self, connection: sqlite3.Connection, session: SqliteSession, jobs: Sequence[Job]) -> bool:
        """Do the jobs, and others that wait; true when the thread is to end."""

    def _tell(self, results: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
        try:
            self._loop.call_soon_threadsafe(_resolve, results)
        except RuntimeError:  # the loop is gone: nobody waits any more
            return


def _resolve(results: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, result, error in results:
        if future.cancelled():
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


class Writer(_Thread):
    def __init__(
        self,
        name: str,
        path: Path | str,
        parent: SqliteClient,
        *,
        awaited: Callable[[], bool],
        written: Callable[[int], None],
        judged_as_posted: bool = False,
    ) -> None:
        """`written`: called after each commit with the number of rows changed since the beginning."""
        super().__init__(name, path, parent, awaited=awaited, judged_as_posted=judged_as_posted)
        self._written = written
        self._passengers: list[Passenger] = []
        self._waiting: asyncio.TimerHandle | None = None

    async def submit(self, work: Work[T]) -> T:
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((*self._boarded(), (work, future)))
        return await future

    async def along(self, gather: Callable[[], Work[T]]) -> T:
        """Do what `gather` gives when the time comes: before the next transaction, in its commit, or alone after `SOON`."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._passengers.append((gather, future))
        if self._waiting is None:
            self._waiting = self._loop.call_later(SOON, self._go_alone)
        return await future

    async def close(self) -> None:
        self._go_alone()
        await super().close()

    def _boarded(self) -> list[Job]:
        if not self._passengers:
            return []
        passengers, self._passengers = self._passengers, []
        return [(gather(), future) for gather, future in passengers]

    def _go_alone(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        if jobs := self._boarded():
            self._jobs.put(jobs)

    def _serve(self, connection: sqlite3.Connection, session: SqliteSession, jobs: Sequence[Job]) -> bool:
        results: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        begun: list[asyncio.Future[Any]] = []
        ending = False
        more: Sequence[Job] | None = jobs
        try:
            connection.execute("BEGIN IMMEDIATE")
            while more is not None:
                begun += [future for _, future in more]
                for work, future in more:
                    one = _one if results else _first
                    results.append(one(connection, session, work, future))
                if len(results) >= GROUP:
                    break
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                ending = more is None
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            # Nothing of the group has been written: everybody hears it, and the event is repeated or refused.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            results = [(future, None, error) for future in begun or [future for _, future in jobs]]
        self._tell(results)
        self._written(connection.total_changes)
        return ending


def _first(
    connection: sqlite3.Connection, session: SqliteSession, work: Work[Any], future: asyncio.Future[Any]
) -> tuple[asyncio.Future[Any], Any, BaseException | None]:
    """The first of a group needs no savepoint: with it everything that has been done so far is undone."""
    try:
        return future, drive(work(session)), None
    except Exception as error:  # noqa: BLE001  # whatever it is, its sender gets it
        connection.execute("ROLLBACK")
        connection.execute("BEGIN IMMEDIATE")
        return future, None, error


def _one(
    connection: sqlite3.Connection, session: SqliteSession, work: Work[Any], future: asyncio.Future[Any]
) -> tuple[asyncio.Future[Any], Any, BaseException | None]:
    connection.execute("SAVEPOINT one")
    try:
        result = drive(work(session))
    except Exception as error:  # noqa: BLE001  # whatever it is, its sender gets it
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return future, None, error
    connection.execute("RELEASE one")
    return future, result, None


class Reader(_Thread):
    """Long reads: a snapshot of its own, so that no write waits for them."""

    def _serve(self, connection: sqlite3.Connection, session: SqliteSession, jobs: Sequence[Job]) -> bool:
        for work, future in jobs:
            connection.execute("BEGIN")
            try:
                result, error = drive(work(session)), None
            except Exception as mistake:  # noqa: BLE001  # as above
                result, error = None, mistake
            connection.execute("ROLLBACK")
            self._tell([(future, result, error)])
        return False


def connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS, cached_statements=512)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(
        "PRAGMA secure_delete=ON"
    )  # what is erased is overwritten, whatever this build does by itself
    return connection
