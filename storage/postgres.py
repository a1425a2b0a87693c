"""PostgreSQL: a transaction on a pooled connection, in the event loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.base.client import BaseDBAsyncClient

from storage.session import Row, numbered


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Given back to the pool as it is: transactions leave nothing in a session, so that nothing is to be reset."""

    def get_reset_query(self) -> str:
        return ""


class PostgresSession:
    for_update = " FOR UPDATE"

    def __init__(self, client: BaseDBAsyncClient, *, judged_as_posted: bool = False) -> None:
        assert isinstance(client, TransactionWrapper)
        self.judged_as_posted = judged_as_posted
        self.orm = client
        self._connection: Any = client._connection  # noqa: SLF001  # Tortoise has no public way to its asyncpg connection

    async def all(self, sql: str, *values: object) -> Sequence[Row]:
        rows: Sequence[Row] = await self._connection.fetch(numbered(sql), *values)
        return rows

    async def one(self, sql: str, *values: object) -> Row | None:
        return await self._connection.fetchrow(numbered(sql), *values)

    async def run(self, sql: str, *values: object) -> int:
        tag: str = await self._connection.execute(numbered(sql), *values)
        return int(tag.rpartition(" ")[2] or 0)

    async def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        await self._connection.executemany(numbered(sql), rows)

    async def pour(self, sql: str, types: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Row]:
        if not rows:
            return []
        columns = ", ".join(f"${n}::{name}[]" for n, name in enumerate(types, 1))
        found: list[Row] = await self._connection.fetch(
            sql.format(rows=f"SELECT * FROM unnest({columns}) AS poured"), *map(list, zip(*rows, strict=True))
        )
        return found
