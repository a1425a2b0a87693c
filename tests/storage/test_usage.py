"""What has been spent of the platforms' monthly quotas."""

from __future__ import annotations

import asyncio

from storage import usage
from storage.database import Database
from storage.session import Session


async def test_spending_adds_up_by_platform_month_and_kind(database: Database) -> None:
    async def work(session: Session) -> list[dict[tuple[str, str], int]]:
        await usage.spend(session, "dingtalk", "2026-11", "calls", 2)
        await usage.spend(session, "dingtalk", "2026-11", "calls", 3)
        await usage.spend(session, "dingtalk", "2026-11", "pushes", 1)
        await usage.spend(session, "wecom", "2026-11", "calls", 7)
        await usage.spend(session, "dingtalk", "2026-12", "calls", 1)
        return [await usage.spent(session, month) for month in ("2026-11", "2026-12", "2027-01")]

    assert await database.transact(work) == [
        {("dingtalk", "calls"): 5, ("dingtalk", "pushes"): 1, ("wecom", "calls"): 7},
        {("dingtalk", "calls"): 1},
        {},
    ]


async def test_nothing_is_lost_between_two_that_spend_at_once(database: Database) -> None:
    await asyncio.gather(
        *(
            database.transact(lambda session: usage.spend(session, "wecom", "2026-11", "calls", 1))
            for _ in range(20)
        )
    )

    spent = await database.read(lambda session: usage.spent(session, "2026-11"))
    assert spent == {("wecom", "calls"): 20}
