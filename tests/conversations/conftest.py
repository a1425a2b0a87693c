"""A conversation begins with a company that is there already: to found it anew takes longer than most conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.rooms import NOW
from tests.engines import PostgresServer, furnished, in_a_loop_of_its_own, sqlite_copy


@pytest.fixture(scope="session")
def sqlite_company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy."""
    path = tmp_path_factory.mktemp("company") / "okrbot.db"
    in_a_loop_of_its_own(furnished(sqlite_copy(sqlite_template, path), NOW))
    return path


@pytest.fixture(autouse=True)
def company_file(sqlite_company: Path, tmp_path: Path) -> None:
    """Where the stage of these tests opens its database."""
    sqlite_copy(sqlite_company, tmp_path / "okrbot.db")


@pytest.fixture(scope="session")
def postgres_company(postgres_server: PostgresServer, postgres_template: str) -> str:
    """The URL of a database that keeps the company, to be restored."""
    in_a_loop_of_its_own(furnished(postgres_server.emptied(postgres_template), NOW))
    postgres_server.kept(postgres_template)
    return postgres_template


@pytest.fixture
def postgres_company_url(postgres_server: PostgresServer, postgres_company: str) -> str:
    return postgres_server.restored(postgres_company)
