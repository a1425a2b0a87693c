"""A conversation begins with a company that is there already."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def company_file(sqlite_company_url: str) -> None:
    """`okrbot.db` in the test's folder, where the stage of these tests opens it."""
