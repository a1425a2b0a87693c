"""A conversation begins with a database that is migrated already: that alone takes longer than most conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines import sqlite_copy


@pytest.fixture(autouse=True)
def migrated_file(sqlite_template: Path, tmp_path: Path) -> None:
    """Where the stage of these tests opens its database."""
    sqlite_copy(sqlite_template, tmp_path / "okrbot.db")
