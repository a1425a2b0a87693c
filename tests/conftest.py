"""What every test may ask for: a migrated database of its own on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from structlog.dev import ConsoleRenderer, plain_traceback

from bot import draughtsman, table_reader, table_writer
from storage.database import Database
from tests.engines import (
    MISSING,
    MONDAY,
    REQUIRED,
    SERVER,
    PostgresServer,
    employed,
    furnished,
    in_a_loop_of_its_own,
    migrated,
    sqlite_copy,
)

MEMORY = Path("/dev/shm")
"""A folder without a disk, on Linux."""
ENOUGH = 1 << 30
"""Bytes: a run needs a fifth of it, as what has passed is removed at once."""
SQLITE = "sqlite"
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)  # the same examples every time, and no limit that a busy machine could exceed
settings.register_profile("search", settings.get_profile("house"), derandomize=False, max_examples=5000)
settings.load_profile("house")
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(scope="module", params=[SQLITE, POSTGRES])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine, one after the other in every module: to go from one to the other takes Tortoise 20 ms."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "okrbot.db"
    in_a_loop_of_its_own(migrated(f"sqlite://{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_answers() -> bool:
    with PostgresServer(SERVER) as server:
        return server.answers()


@pytest.fixture(scope="session")
def postgres_server(postgres_answers: bool) -> Iterator[PostgresServer]:
    if not postgres_answers:
        if REQUIRED:
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with PostgresServer(SERVER) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of this process's migrated database: emptied for a test, or copied."""
    with postgres_server.database() as url:
        in_a_loop_of_its_own(migrated(url))
        yield url


@pytest.fixture(scope="session")
def postgres_spare(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of this process's second database, for `postgres_empty_url`."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def postgres_empty_url(postgres_server: PostgresServer, postgres_spare: str) -> str:
    """One without a table, another one than `postgres_url`."""
    return postgres_server.cleared(postgres_spare)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> str:
    """A database in which nothing has ever been stored, on each engine."""
    if engine == SQLITE:
        return f"sqlite://{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("postgres_empty_url")
    return url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine: str) -> str:
    """A migrated database without a row, on each engine; no two tests have one at the same time."""
    url: str = request.getfixturevalue("sqlite_url" if engine == SQLITE else "postgres_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """For what is so on SQLite only."""
    return sqlite_copy(sqlite_template, tmp_path / "okrbot.db")


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> str:
    """For what is so on PostgreSQL only."""
    return postgres_server.emptied(postgres_template)


@pytest.fixture(scope="session")
def sqlite_company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy: to found the sandbox's company anew takes longer than most tests."""
    path = tmp_path_factory.mktemp("company") / "okrbot.db"
    in_a_loop_of_its_own(furnished(sqlite_copy(sqlite_template, path), MONDAY))
    return path


@pytest.fixture(scope="session")
def postgres_company(postgres_server: PostgresServer, postgres_template: str) -> str:
    """The URL of a database that keeps the company, to be restored."""
    in_a_loop_of_its_own(furnished(postgres_server.emptied(postgres_template), MONDAY))
    postgres_server.kept(postgres_template, "company")
    return postgres_template


@pytest.fixture
def sqlite_company_url(sqlite_company: Path, tmp_path: Path) -> str:
    return sqlite_copy(sqlite_company, tmp_path / "okrbot.db")


@pytest.fixture
def postgres_company_url(postgres_server: PostgresServer, postgres_company: str) -> str:
    return postgres_server.restored(postgres_company, "company")


@pytest.fixture
def company_url(request: pytest.FixtureRequest, engine: str) -> str:
    """A database with the sandbox's company as it is on `MONDAY`, on each engine."""
    url: str = request.getfixturevalue("sqlite_company_url" if engine == SQLITE else "postgres_company_url")
    return url


@pytest.fixture
async def company(company_url: str) -> AsyncIterator[Database]:
    """The same, opened."""
    async with Database(company_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def sqlite_cast(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy, with the cast employed."""
    path = tmp_path_factory.mktemp("cast") / "okrbot.db"
    in_a_loop_of_its_own(employed(sqlite_copy(sqlite_template, path)))
    return path


@pytest.fixture(scope="session")
def postgres_cast(postgres_server: PostgresServer, postgres_template: str) -> str:
    """The URL of a database that keeps the cast, to be restored."""
    in_a_loop_of_its_own(employed(postgres_server.emptied(postgres_template)))
    postgres_server.kept(postgres_template, "cast_employed")
    return postgres_template


@pytest.fixture
async def staffed(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with the cast employed and nothing else, opened, on each engine."""
    if engine == SQLITE:
        url = sqlite_copy(request.getfixturevalue("sqlite_cast"), tmp_path / "okrbot.db")
    else:
        kept: str = request.getfixturevalue("postgres_cast")
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.restored(kept, "cast_employed")
    async with Database(url) as opened:
        yield opened


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as opened:
        yield opened


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    async with Database(sqlite_url) as opened:
        yield opened


def pytest_configure() -> None:
    """Two things that cost most of the time of many a test, and one that a busy machine has no time for.

    Databases wait for their disk with every commit: what lies in memory has none. And where `rich` is installed, a log
    draws an exception as a picture of all variables, which takes a second. What processes of their own make is waited for until it is made.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            ConsoleRenderer(colors=False, exception_formatter=plain_traceback),
        ]
    )
    draughtsman.PATIENCE = table_reader.PATIENCE = table_writer.PATIENCE = 120.0
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: the collector of garbage need not look through it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes by their beginning: with names unescaped (pyproject.toml), pytest itself names by texts only."""
    return ascii(val[:40]) if isinstance(val, bytes) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly what did not run, so that a green line is not taken for more than it is."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in skipped
        if isinstance(report.longrepr, tuple)
    )
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT RUN: {count} tests, because {reason}", yellow=True)
