"""A fresh database for each row, gone afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench.options import Bench
from bench.processes import run

POSTGRES = "postgres://postgres@127.0.0.1:5432/"


async def postgres_server() -> str:
    """The address of a PostgreSQL that lets us in, empty where none answers."""
    try:
        async with asyncio.timeout(3):
            connection = await asyncpg.connect(f"{POSTGRES}postgres")
            await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return ""
    return POSTGRES


@asynccontextmanager
async def furnished(
    bench: Bench, *, postgres: bool = False, prefix: str = "ding", crowd: int = 0
) -> AsyncIterator[tuple[Path, str]]:
    """A folder, and the address of a database with the bench's company in it, which the load generator knows."""
    with TemporaryDirectory(dir=bench.folder) as name:
        folder = Path(name)
        async with empty(bench, folder, postgres=postgres) as url:
            people = folder / "people.json"
            await run("-m", "bench.company", url, str(people), "--prefix", prefix, "--crowd", str(crowd))
            await bench.load.ask("people", file=str(people))
            yield folder, url


@asynccontextmanager
async def empty(bench: Bench, folder: Path, *, postgres: bool) -> AsyncIterator[str]:
    """The address of a database without a table, dropped afterwards."""
    name = f"okrbot_bench_{secrets.token_hex(4)}"
    if not postgres:
        yield f"sqlite://{folder / f'{name}.db'}"
        return
    connection = await asyncpg.connect(f"{bench.postgres}postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{bench.postgres}{name}"
        finally:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
