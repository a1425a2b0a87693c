from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.handlers.desk import Desk, desk


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Desk]:
    """The cast, employed and without goals, on each engine."""
    async with desk(database) as there:
        yield there
