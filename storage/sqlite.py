"""SQLite: one writer thread, commits grouped, threads beside it that only read.

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
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tortoise.backends.sqlite.client import SqliteClient

from storage.checkpoints import LONGEST_LOG
from storage.session import Session
from storage.sqlite_session import SqliteSession

T = TypeVar("T")
Work = Callable[[Session], Coroutine[Any, Any, T]]

GROUP = 64
"""So many transactions share a commit at most: about 20 ms of work, the longest that one waits for the others."""
BUSY_SECONDS = 10.0
SOON = 0.003
"""Seconds after which what goes along with another transaction goes by itself: who talks without a pause is back sooner."""


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


Job = tuple[Work[Any], "asyncio.Future[Any]"]
Passenger = tuple[Callable[[], Work[Any]], "asyncio.Future[Any]"]


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
        first: Callable[[], None] | None = None,
    ) -> None:
        """`first`: called before each statement."""
        self._awaited = awaited
        self._judged_as_posted = judged_as_posted
        self._first = first
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
            connection,
            self._parent,
            self._awaited,
            judged_as_posted=self._judged_as_posted,
            first=self._first,
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
