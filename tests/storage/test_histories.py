"""What reminders read of the past: of the key results asked about, however much others have reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from storage import check_ins, histories
from storage.check_ins import Entry
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, employ, goal

DAY = timedelta(days=1)
OTHERS = 3000
ENOUGH = OTHERS / 2
"""Steps of SQLite's machine that no look at one key result needs, and that reading all entries takes."""

LOOKS: dict[str, Callable[[Session, int], Awaitable[object]]] = {
    "values": lambda session, kr: histories.values(session, [kr], NOON - 30 * DAY),
    "the last before": lambda session, kr: histories.last_before(session, [kr], NOON),
    "confidence": lambda session, kr: histories.confidence(session, [kr], NOON - 30 * DAY),
    "the history": lambda session, kr: check_ins.of(session, kr, 20),
}


@pytest.mark.parametrize("look", LOOKS)
async def test_the_past_of_one_is_found_without_reading_everybodys(sqlite: Database, look: str) -> None:
    async def work(session: Session) -> tuple[object, int]:
        await employ(session)
        _, mine = await goal(session)
        _, theirs = await goal(session)
        entry = Entry(mine, NOON - DAY, NOON - DAY, None, "李四", "dingtalk", Decimal(7), 8)
        await check_ins.record(session, entry)
        await session.many(
            "INSERT INTO check_ins (key_result_id, value, confidence, note, on_at, recorded_at, source, platform)"
            " VALUES (?, ?, ?, '', ?, ?, '', '')",
            [(theirs, n, 5, NOON - DAY, NOON - DAY) for n in range(OTHERS)],
        )
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        connection = session._connection  # type: ignore[attr-defined]  # nothing else counts steps
        connection.set_progress_handler(step, 1)
        found = await LOOKS[look](session, mine)
        connection.set_progress_handler(None, 1)
        return found, steps

    found, steps = await sqlite.transact(work)

    assert found
    assert 0 < steps < ENOUGH
