"""Another system's database, read and never written: one query, in portions, with a limit to its time.

`postgres://`, `mysql://` and `sqlite://`. Parameters stand in the query as `:since`.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import aclosing, closing, suppress
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import asyncpg

from okr.pulling import PullFailed, Trouble

ROWS = 2000
"""In one portion."""
_NAMED = re.compile(r"(?<![:\w]):(since_date|since|now|today|yesterday)\b")
_STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""

Record = Mapping[str, Any]
T = TypeVar("T")


async def rows(
    dsn: str, query: str, values: Mapping[str, Any], patience: float
) -> AsyncGenerator[list[Record], None]:
    """The rows as records, a portion at a time. Raises PullFailed, which tells nothing of the dsn.

    `patience`: seconds for connecting and for each portion.
    """
    kind = urlsplit(dsn).scheme
    reading = (
        _postgres(dsn, query, values, patience)
        if kind.startswith("postgres")
        else in_a_thread(
            _mysql(dsn, query, values, patience)
            if kind == "mysql"
            else _sqlite(dsn, query, values, patience),
            patience,
        )
    )
    try:
        async with aclosing(reading):
            async for some in reading:
                yield some
    except PullFailed:
        raise
    except Exception as error:  # noqa: BLE001  # drivers have many; its words may hold the dsn and are not passed on
        raise PullFailed(_trouble(error)) from None


async def _postgres(
    dsn: str, query: str, values: Mapping[str, Any], patience: float
) -> AsyncGenerator[list[Record], None]:
    sql, given = _numbered(query, values)
    settings = {"statement_timeout": str(int(patience * 1000)), "default_transaction_read_only": "on"}
    connection = await asyncpg.connect(
        dsn, timeout=patience, command_timeout=patience, server_settings=settings
    )
    try:
        async with connection.transaction(readonly=True):
            cursor = await connection.cursor(sql, *given, timeout=patience)
            while some := await cursor.fetch(ROWS, timeout=patience):
                yield [dict(row) for row in some]
    finally:
        connection.terminate()


def _numbered(query: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        kind = "timestamptz" if found[1] in ("since", "now") else "date"
        return f"CAST(${names.index(found[1]) + 1} AS {kind})"

    return _NAMED.sub(mark, query), [values[name] for name in names]


def _mysql(
    dsn: str, query: str, values: Mapping[str, Any], patience: float
) -> Generator[list[Record], None, None]:
    import pymysql
    from pymysql.cursors import SSDictCursor

    parts = urlsplit(dsn)
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        names.append(found[1])
        return "%s"

    sql = _NAMED.sub(mark, query.replace("%", "%%"))
    connection = pymysql.connect(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")),
        charset="utf8mb4",
        connect_timeout=max(1, int(patience)),
        read_timeout=max(1, int(patience)),
        write_timeout=max(1, int(patience)),
        cursorclass=SSDictCursor,
    )
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute("START TRANSACTION READ ONLY")
        cursor.execute(sql, [values[name] for name in names])
        while some := cursor.fetchmany(ROWS):
            yield list(some)


def _sqlite(
    dsn: str, query: str, values: Mapping[str, Any], patience: float
) -> Generator[list[Record], None, None]:
    import time

    path = dsn.removeprefix("sqlite://")
    until = time.monotonic() + patience
    # Each portion is read in whichever thread is free, and the end may come in yet another one: never two at once.
    opened = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=patience, check_same_thread=False)
    with closing(opened) as connection:
        connection.row_factory = sqlite3.Row
        connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        given = {
            name: value.isoformat(" ") if hasattr(value, "hour") else str(value)
            for name, value in values.items()
        }
        cursor = connection.execute(query, given)
        while some := cursor.fetchmany(ROWS):
            yield [dict(row) for row in some]
            until = time.monotonic() + patience


async def in_a_thread(
    reading: Generator[list[T], None, None], patience: float
) -> AsyncGenerator[list[T], None]:
    """What blocks, a portion at a time in a thread; nobody waits for one longer than twice the patience, in seconds."""
    try:
        while True:
            async with asyncio.timeout(patience * 2):  # the driver's own limit comes first
                some = await asyncio.to_thread(next, reading, None)
            if some is None:
                return
            yield some
    finally:
        with suppress(ValueError):  # the thread is still in it, and will come to an end by itself
            reading.close()


def _trouble(error: Exception) -> Trouble:
    match error:
        case TimeoutError() | asyncpg.QueryCanceledError():
            return Trouble.TIMEOUT
        case asyncpg.InvalidAuthorizationSpecificationError() | asyncpg.InsufficientPrivilegeError():
            return Trouble.AUTH
        case asyncpg.ReadOnlySQLTransactionError():
            return Trouble.WRITES
        case asyncpg.InvalidCatalogNameError():
            return Trouble.NOT_FOUND
        case asyncpg.SyntaxOrAccessError() | asyncpg.DataError() | asyncpg.InterfaceError():
            return Trouble.QUERY
        case ConnectionRefusedError():
            return Trouble.REFUSED
        case sqlite3.Error():
            return _of_sqlite(error)
        case OSError() | asyncpg.PostgresConnectionError():
            return Trouble.UNREACHABLE
        case _:
            return _of_mysql(error)


def _of_sqlite(error: sqlite3.Error) -> Trouble:
    said = str(error)
    if "interrupted" in said or "locked" in said:
        return Trouble.TIMEOUT
    if "readonly" in said:
        return Trouble.WRITES
    return Trouble.FILE if "unable to open" in said or "not a database" in said else Trouble.QUERY


_MYSQL = {
    1044: Trouble.AUTH,
    1045: Trouble.AUTH,
    1142: Trouble.AUTH,
    1698: Trouble.AUTH,
    1049: Trouble.NOT_FOUND,
    1054: Trouble.QUERY,
    1064: Trouble.QUERY,
    1146: Trouble.QUERY,
    1792: Trouble.WRITES,
    1969: Trouble.TIMEOUT,
    2013: Trouble.TIMEOUT,
    3024: Trouble.TIMEOUT,
}


def _of_mysql(error: Exception) -> Trouble:
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if code == 2003:
        return Trouble.REFUSED if "refused" in str(error) else Trouble.UNREACHABLE
    return _MYSQL.get(code, Trouble.OTHER)
