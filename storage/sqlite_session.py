"""What a transaction on SQLite is given: statements of one connection, run at once in the thread that holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain

from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionWrapper

from storage.session import Row, Statement

_PIECES = (256, 128, 64, 16, 4, 1)
"""Rows of one statement: few different texts, so that the prepared statements are found again."""


@lru_cache(maxsize=64)  # one moment is written in several places
def _as_kept(stamp: datetime) -> str:
    """Moments are text here and compared as text: one moment is one text, in whatever zone it was given."""
    return (stamp if stamp.tzinfo is UTC or stamp.tzinfo is None else stamp.astimezone(UTC)).isoformat(" ")


sqlite3.register_adapter(datetime, _as_kept)  # in place of Tortoise's, which keeps the zone


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
        first: Callable[[], None] | None = None,
    ) -> None:
        """`first`: called before each statement."""
        self.judged_as_posted = judged_as_posted
        self._awaited = awaited
        self._execute = connection.execute if first is None else _after(first, connection.execute)
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


def _after(
    first: Callable[[], None], execute: Callable[..., sqlite3.Cursor]
) -> Callable[..., sqlite3.Cursor]:
    def when_it_is_time(sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        first()
        return execute(sql, values)

    return when_it_is_time
