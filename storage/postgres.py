"""PostgreSQL: a transaction on a pooled connection, in the event loop."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.base.client import BaseDBAsyncClient

from storage.session import Row, Statement, numbered

_WRITES = re.compile(r"(?:INSERT INTO|UPDATE) (\w+)")


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Given back to the pool as it is: transactions leave nothing in a session, so that nothing is to be reset."""

    def get_reset_query(self) -> str:
        return ""


class PostgresSession:
    """Every statement is a round trip; what is left for `later` is spared its own."""

    for_update = " FOR UPDATE"

    def __init__(
        self,
        client: BaseDBAsyncClient,
        awaited: Callable[[], bool],
        *,
        judged_as_posted: bool = False,
        first: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`awaited`: whether somebody else is at it in the meantime; `first`: awaited before each look at rows."""
        assert isinstance(client, TransactionWrapper)
        self._awaited = awaited
        self._first = first
        self.judged_as_posted = judged_as_posted
        self._orm = client
        self._connection: Any = client._connection  # noqa: SLF001  # Tortoise has no public way to its asyncpg connection
        self._later: list[tuple[str, Sequence[object]]] = []

    @property
    def orm(self) -> BaseDBAsyncClient:
        assert not self._later, "the ORM would not see what is left for later"
        return self._orm

    async def all(self, sql: str, *values: object) -> Sequence[Row]:
        await self._ready()
        rows: Sequence[Row] = await self._connection.fetch(numbered(sql), *values)
        return rows

    async def one(self, sql: str, *values: object) -> Row | None:
        await self._ready()
        return await self._connection.fetchrow(numbered(sql), *values)

    async def run(self, sql: str, *values: object) -> int:
        await self.flush()
        tag: str = await self._connection.execute(numbered(sql), *values)
        return int(tag.rpartition(" ")[2] or 0)

    async def later(self, sql: str, *values: object) -> None:
        # The parts of one statement do not see each other's writes: of a table there is one.
        if any(_table(sql) == _table(other) for other, _ in self._later):
            await self.flush()
        self._later.append((sql, values))

    async def insert(self, sql: str, *values: object) -> Row | None:
        if any(_table(sql) == _table(other) for other, _ in self._later):
            await self.flush()
        return await self._together((sql, values))

    async def insert_and_one(self, insert: Statement, select: Statement) -> tuple[bool, Row | None]:
        await self.flush()
        row = await self._connection.fetchrow(
            numbered(
                f"WITH new AS ({insert[0]} RETURNING 1) SELECT EXISTS (SELECT 1 FROM new), found.*"
                f" FROM (SELECT 1) always LEFT JOIN ({select[0]}) found ON TRUE LIMIT 1"
            ),
            *insert[1],
            *select[1],
        )
        found = tuple(row)[1:]
        return row[0], found if any(value is not None for value in found) else None

    async def flush(self) -> None:
        """Do what was left for later."""
        if self._later:
            await self._together(self._later.pop())

    async def _ready(self) -> None:
        await self.flush()
        if self._first is not None:
            await self._first()

    async def _together(self, last: Statement) -> Row | None:
        """What was left for later and one more in one statement; what the last one returns."""
        parts, self._later = [*self._later, last], []
        before = ", ".join(f"later{n} AS ({sql})" for n, (sql, _) in enumerate(parts[:-1]))
        values = [value for _, some in parts for value in some]
        return await self._connection.fetchrow(
            numbered(f"WITH {before} {last[0]}" if before else last[0]), *values
        )

    async def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        await self.flush()
        await self._connection.executemany(numbered(sql), rows)

    async def pour(self, sql: str, types: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Row]:
        if not rows:
            return []
        await self.flush()
        columns = ", ".join(f"${n}::{name}[]" for n, name in enumerate(types, 1))
        found: list[Row] = await self._connection.fetch(
            sql.format(rows=f"SELECT * FROM unnest({columns}) AS poured"), *map(list, zip(*rows, strict=True))
        )
        return found

    async def insert_new(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> Sequence[Row]:
        # A look and a COPY take a third of the time of INSERT … ON CONFLICT with what it returns.
        await self.flush()
        key = columns[0]
        known: Sequence[Row] = await self._connection.fetch(
            # By the order of what is asked: ordered by its own key the planner, who may know nothing of the table, walks
            # the whole index and filters.
            f"SELECT {', '.join(f'found.{column}' for column in columns)} FROM unnest($1::text[]) AS asked (key)"
            f" JOIN {table} found ON found.{key} = asked.key ORDER BY asked.key FOR UPDATE OF found",
            [row[0] for row in rows],
        )
        there = {row[0] for row in known}
        new = [row for row in rows if row[0] not in there] if there else rows
        if new:
            await self._connection.copy_records_to_table(table, records=new, columns=columns)
        return known

    @property
    def awaited(self) -> bool:
        return self._awaited()


@lru_cache(maxsize=64)
def _table(sql: str) -> str:
    """The table that an INSERT or UPDATE writes."""
    found = _WRITES.match(sql)
    assert found is not None, sql
    return found[1]
