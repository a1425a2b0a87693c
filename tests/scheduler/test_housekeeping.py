"""Jobs that write to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from okr.policy import SHANGHAI, Policy
from scheduler.housekeeping import forget_heard, open_cycle
from storage import cycles, heard
from storage.database import Database
from storage.session import Session


@pytest.mark.parametrize(("due", "name"), [("2026-12-31 00:01", "2026Q4"), ("2027-01-01 00:01", "2027Q1")])
async def test_the_new_quarter_is_open_before_anybody_asks(database: Database, due: str, name: str) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)

    said = await database.transact(lambda session: open_cycle.run(session, moment, Policy()))

    assert said == f"running: {name}"
    assert await database.read(lambda session: cycles.by_name(session, name)) is not None


async def test_what_was_heard_is_forgotten_after_its_time(database: Database) -> None:
    due = datetime(2026, 11, 24, 3, 40, tzinfo=SHANGHAI)
    kept, gone = due - forget_heard.KEPT, due - forget_heard.KEPT - timedelta(seconds=1)

    async def work(session: Session) -> tuple[str, bool, bool]:
        await heard.first_time(session, "kept", kept)
        await heard.first_time(session, "gone", gone)
        said = await forget_heard.run(session, due, Policy())
        return (
            said,
            await heard.first_time(session, "kept", due),
            await heard.first_time(session, "gone", due),
        )

    assert await database.transact(work) == ("forgot 1 events", False, True)
