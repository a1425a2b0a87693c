"""The database: opened, migrated, and asked for one transaction at a time."""

from __future__ import annotations

import asyncio
import contextvars
import pkgutil
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.transactions import in_transaction
from tortoise.utils import generate_schema_for_client

from storage import migrations, tables
from storage.checkpoints import Checkpoints
from storage.postgres import PooledConnection, PostgresSession
from storage.precedence import Precedence, Slices
from storage.session import Session
from storage.sqlite import SOON, Reader, Writer

T = TypeVar("T")

POOL = 10
TRIES = 4
_HAS_RECORD = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'tortoise_migrations'",
    "postgres": "SELECT 1 FROM pg_class WHERE oid = to_regclass('tortoise_migrations')",
}
"""A row where any migration was ever noted, by engine."""
_prepared_for: list[str] = []
"""The engine that Tortoise has its models prepared for in this process, which takes as long as ten commands."""


class _Undone(Exception):
    """What was read is known; nothing is to be kept."""


class _Attempt:
    """A transaction on PostgreSQL that its caller may stop waiting for.

    Tortoise loses a connection that is cut off while it says BEGIN, and nobody knows what became of a COMMIT that is
    cut off: so only the work in between is cancelled.
    """

    def __init__(self) -> None:
        self._working = self._unwanted = False

    @contextmanager
    def work(self) -> Iterator[None]:
        if self._unwanted:
            raise asyncio.CancelledError
        self._working = True
        try:
            yield
        finally:
            self._working = False

    def give_up(self, task: asyncio.Task[Any]) -> None:
        if self._working:
            task.cancel()
        self._unwanted = True


class SchemaIsOld(Exception):
    """The database has not been migrated to this version; `missing` are the migrations' names."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@cache
def known_migrations() -> tuple[str, ...]:
    """The names of all migrations of this version, oldest first."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(migrations.__path__)))


class Database:
    """Open it with `async with Database(url)`. `url` is `sqlite://PATH` or `postgres://…`.

    `judged_as_posted`: letters posted through it are judged and sent as of the moment they were posted for.
    `precedence`: who is being heard, before whom work in bulk gives way.
    """

    def __init__(self, url: str, *, judged_as_posted: bool = False) -> None:
        self.url = url
        self._judged_as_posted = judged_as_posted
        self.is_sqlite = url.startswith("sqlite://")
        self._engine = "sqlite" if self.is_sqlite else "postgres"
        self._context = TortoiseContext()
        self._home = contextvars.copy_context()
        self._writer: Writer | None = None
        self._reader: Reader | None = None
        self._surveyor: Reader | None = None
        self._checkpoints = Checkpoints(self.path)
        self.precedence = Precedence()
        self._ending: set[asyncio.Task[Any]] = set()
        self._others = 0

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.url.removeprefix("sqlite://"))

    async def __aenter__(self) -> Self:
        if self.is_sqlite:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        await self._context.__aenter__()
        await self._prepare()
        self._home = contextvars.copy_context()
        if self.is_sqlite:
            client: Any = self._context.connections.get(self._engine)
            self._writer = Writer(
                "storage-writer",
                self.path,
                client,
                awaited=self._awaited,
                written=self._checkpoints.written,
                judged_as_posted=self._judged_as_posted,
            )
            await (
                self._writer.open()
            )  # first and alone: it turns a new file to WAL, which wants the file for itself
            self._reader = Reader("storage-reader", self.path, client)
            await self._reader.open()
            self._surveyor = Reader(
                "storage-surveyor", self.path, client, first=Slices(self.precedence).turn_in_thread
            )
            await self._surveyor.open()
        return self

    async def _prepare(self) -> None:
        await self._context.init(config=self._config(), init_connections=_prepared_for != [self._engine])
        _prepared_for[:] = [self._engine]

    async def __aexit__(self, *exc: object) -> None:
        for thread in (self._surveyor, self._reader, self._writer):
            if thread is not None:
                await thread.close()
        await asyncio.to_thread(self._checkpoints.close)
        await asyncio.gather(*self._ending, return_exceptions=True)
        await self._context.__aexit__(None, None, None)

    async def transact(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """Run `work` in a transaction and return its result after the commit; an exception undoes all of it."""
        self._others += 1
        try:
            return await self._transact(work)
        finally:
            self._others -= 1

    def _awaited(self) -> bool:
        return self._others > 0

    async def _transact(
        self,
        work: Callable[[Session], Coroutine[Any, Any, T]],
        first: Callable[[], Awaitable[None]] | None = None,
    ) -> T:
        if self._writer is not None:
            return await self._writer.submit(work)
        # Tortoise finds the connection by a context variable, which a task begun elsewhere does not have.
        attempt = _Attempt()
        task = asyncio.create_task(self._attempt(work, attempt, first), context=self._home.copy())
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            attempt.give_up(task)
            self._ending.add(task)
            task.add_done_callback(self._ended)
            raise

    async def along(self, gather: Callable[[], Callable[[Session], Coroutine[Any, Any, T]]]) -> T:
        """`transact` for what may wait a moment: what has gathered until then shares one commit, with others where it can.

        On SQLite it is done before the next transaction and in its commit; everywhere after `SOON` seconds at the latest.
        """
        if self._writer is not None:
            return await self._writer.along(gather)
        await asyncio.sleep(SOON)
        return await self.transact(gather())

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._ending.discard(task)
        if not task.cancelled():
            task.exception()  # nobody waits for it any more

    async def patiently(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """`transact` for what touches many rows: where it and another wait for each other, or bring the same
        at the same moment, it is done once more.
        """
        for _ in range(TRIES - 1):
            with suppress(
                asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.UniqueViolationError
            ):
                return await self._transact(work)
        return await self._transact(work)

    async def _attempt(
        self,
        work: Callable[[Session], Coroutine[Any, Any, T]],
        attempt: _Attempt,
        first: Callable[[], Awaitable[None]] | None,
    ) -> T:
        async with in_transaction(self._engine) as client:
            with attempt.work():
                session = PostgresSession(
                    client, self._awaited, judged_as_posted=self._judged_as_posted, first=first
                )
                result = await work(session)
                await session.flush()
                return result

    async def read(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """Run `work`, which only reads and for which somebody waits, beside the writers."""
        if self._reader is not None:
            return await self._reader.submit(work)
        return await self._transact(work)

    async def survey(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """`read` for what may take minutes and nobody waits for: it gives way to who is being heard, and keeps nobody's
        reading waiting.
        """
        if self._surveyor is not None:
            return await self._surveyor.submit(work)
        return await self._transact(work, Slices(self.precedence).turn)

    async def look(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """The same, and whatever it wrote is undone."""
        if self._reader is not None:
            return await self._reader.submit(work)  # it undoes everything anyway
        kept: list[T] = []

        async def and_undo(session: Session) -> None:
            kept.append(await work(session))
            raise _Undone

        with suppress(_Undone):
            await self.transact(and_undo)
        return kept[0]

    # --- migrations ---

    async def upgrade(self, *, until: str | None = None) -> list[str]:
        """Apply what is missing, all or up to a migration, and return the names, oldest first."""
        missing = await self.missing_migrations()
        if until is not None:
            missing = [name for name in missing if name <= until]
        elif tuple(missing) == known_migrations():
            await self._build()
            return missing
        if missing:
            await self._executor().migrate(targets=[MigrationTarget("okr", missing[-1])])
        return missing

    async def _build(self) -> None:
        """An empty database gets the tables as they are now; step by step that takes seconds and ends in the same."""
        async with in_transaction(self._engine) as client:
            await generate_schema_for_client(client, safe=False)
        await self._executor().migrate(fake=True)

    async def missing_migrations(self) -> list[str]:
        """Their names, oldest first. Raises the driver's error where the database cannot be reached."""
        applied = await self.applied_migrations()
        return [name for name in known_migrations() if name not in applied]

    async def applied_migrations(self) -> list[str]:
        """Their names, oldest first."""

        # Every probe asks: Tortoise's own way reads all migrations and builds a model each time.
        async def look(session: Session) -> list[str]:
            if await session.one(_HAS_RECORD[self._engine]) is None:
                return []
            return [row[0] for row in await session.all("SELECT name FROM tortoise_migrations ORDER BY name")]

        return await self.read(look)

    def exists(self) -> bool:
        """Whether anything was ever stored: asking must not make an empty file look migrated."""
        return not self.is_sqlite or (self.path.exists() and self.path.stat().st_size > 0)

    async def require_current_schema(self) -> None:
        if missing := await self.missing_migrations():
            raise SchemaIsOld(missing)

    def _executor(self) -> MigrationExecutor:
        config = self._config()
        return MigrationExecutor(self._context.connections.get(self._engine), config["apps"])

    def _config(self) -> dict[str, Any]:
        return {
            "connections": {self._engine: self._connection()},
            "apps": {
                "okr": {
                    "models": list(tables.ROOMS),
                    "default_connection": self._engine,
                    "migrations": "storage.migrations",
                }
            },
            "use_tz": True,
            "timezone": "UTC",
        }

    def _connection(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": str(self.path)}}
        parts = urlsplit(self.url)
        return {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": parts.hostname or "127.0.0.1",
                "port": parts.port or 5432,
                "user": parts.username or "postgres",
                "password": parts.password or "",
                "database": parts.path.lstrip("/"),
                "minsize": 1,
                "maxsize": POOL,
                "connection_class": PooledConnection,
            },
        }
