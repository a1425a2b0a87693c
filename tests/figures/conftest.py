"""The company is made once for each engine, and copied for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.engines import PostgresServer, in_a_loop_of_its_own, sqlite_copy
from tests.figures.company import Company
from tests.figures.goals import grow

KEPT = "figures"


async def grown(url: str) -> None:
    async with Database(url) as database:
        await grow(Company(database))


@pytest.fixture(scope="session")
def sqlite_grown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("figures") / "okrbot.db"
    in_a_loop_of_its_own(grown(sqlite_copy(sqlite_template, path)))
    return path


@pytest.fixture(scope="session")
def postgres_grown(postgres_server: PostgresServer, postgres_template: str) -> str:
    """The URL of a database that keeps the company, to be restored."""
    in_a_loop_of_its_own(grown(postgres_server.emptied(postgres_template)))
    postgres_server.kept(postgres_template, KEPT)
    return postgres_template


@pytest.fixture
def grown_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> str:
    if engine == "sqlite":
        return sqlite_copy(request.getfixturevalue("sqlite_grown"), tmp_path / "okrbot.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.restored(request.getfixturevalue("postgres_grown"), KEPT)


@pytest.fixture
async def company(grown_url: str) -> AsyncIterator[Company]:
    async with Database(grown_url) as database:
        yield Company(database, heard=10_000)
