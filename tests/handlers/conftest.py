from __future__ import annotations

import pytest

from storage.database import Database
from tests.handlers.desk import Desk, at_desk


@pytest.fixture
def office(staffed: Database) -> Desk:
    """The cast, employed and without goals, on each engine."""
    return at_desk(staffed)
