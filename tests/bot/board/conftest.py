"""Somebody at the board."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.board.visitor import Visitor, at_the_board
from tests.sandbox.conftest import browser  # noqa: F401  # one for all tests of a module


@pytest.fixture
async def visitor(sqlite_company_url: str) -> AsyncIterator[Visitor]:
    async with at_the_board(sqlite_company_url) as come:
        yield come


@pytest.fixture
async def visitor_anywhere(company_url: str) -> AsyncIterator[Visitor]:
    """On each engine."""
    async with at_the_board(company_url) as come:
        yield come
