"""历史: what was said of a key result, with the picture of how it went."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.policy import policy_of
from config.settings import Settings
from storage.database import Database
from tests.handlers.desk import LI, Desk
from tests.handlers.test_figures_shown import drawing
from tests.storage.company import goal


@pytest.fixture
async def desk(staffed: Database) -> Desk:
    """李四's key result goes from 1,000 to 1,100."""
    await staffed.transact(goal)
    return Desk(staffed, policy_of(Settings()))


async def report(desk: Desk, day: int, value: int) -> None:
    desk.now = datetime(2026, 11, day, 4, tzinfo=UTC)
    await desk.says(LI, f"更新 KR1 {value}")


async def test_three_days_are_drawn_with_the_target_and_where_it_is_heading(desk: Desk) -> None:
    for day, value in ((3, 1020), (13, 1040), (20, 1045), (24, 1050)):
        await report(desk, day, value)

    assert {"10月1日", "12月31日", "目标", "1,100 人", "1,050 人", "季末约"} <= set(
        await drawing(desk, LI, "历史 KR1")
    )
    assert "走势" not in await desk.says(LI, "历史 KR1")
    assert "走势 ▁" in await desk.says_without_picture(LI, "历史 KR1")


async def test_of_two_days_there_is_nothing_to_draw(desk: Desk) -> None:
    for day, value in ((21, 1040), (24, 1050)):
        await report(desk, day, value)

    heard = await desk.dispatch.hear(desk.message(LI, "历史 KR1"))

    assert heard.parcel is not None
    assert heard.parcel.card.picture == ""
