"""Two bots on one PostgreSQL: one holds the connections, the other takes over when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.clock import WoundClock
from sandbox.fake_dingtalk import FakeDingTalk
from sandbox.sample_company import furnish
from sandbox.stage import platforms, settings_for
from sandbox.transcript import BOT
from storage.database import Database
from storage.leases import TERM
from storage.session import Session
from tests.crash.bot_process import BotProcess
from tests.crash.rounds import free_port

PATIENCE = TERM.total_seconds() + 60
"""Seconds: the next look at a dead holder's lease, and the connection."""


@pytest.mark.postgres
@pytest.mark.slow
async def test_the_other_takes_over(postgres_url: str, tmp_path: Path) -> None:
    clock = WoundClock()
    async with platforms(clock) as (dingtalk, wecom), Database(postgres_url) as database:
        await database.transact(lambda session: furnish(session, clock.now()))

        @asynccontextmanager
        async def replica(name: str) -> AsyncIterator[BotProcess]:
            (tmp_path / name).mkdir()
            settings = settings_for(dingtalk, wecom, postgres_url, port=free_port())
            bot = BotProcess(settings, tmp_path / name)
            await bot.start()
            try:
                await bot.ready()
                yield bot
            finally:
                await bot.away()

        async with replica("first") as first, replica("second"):
            assert await _answered(dingtalk, "更新 KR8 1051 first", "1,051")

            await first.kill()
            await database.transact(_run_out)
            async with asyncio.timeout(PATIENCE):
                # What is said while nobody listens is lost on this platform.
                while not await _answered(dingtalk, "更新 KR8 1052 second", "1,052", within=1.0):
                    pass  # an answer that is not there within a second may still come

        async def values(session: Session) -> list[str]:
            rows = await session.all(
                "SELECT note FROM check_ins WHERE note IN ('first', 'second') ORDER BY id"
            )
            return [row[0] for row in rows]

        noted = await database.transact(values)
        assert noted[0] == "first"
        assert set(noted[1:]) == {"second"}


async def _run_out(session: Session) -> None:
    """As when a term has passed: that they do run out is seen in `tests/bot/test_leases.py`."""
    await session.run("UPDATE leases SET until = ?", datetime.now(UTC) - timedelta(seconds=1))


async def _answered(dingtalk: FakeDingTalk, text: str, words: str, *, within: float = 60.0) -> bool:
    """Say it, and wait for an answer with these words: the clock is the real one, and reminders may come."""
    seen = asyncio.Event()
    stop = dingtalk.transcript.listen(
        lambda bubble: seen.set() if bubble.author == BOT and words in bubble.title + bubble.text else None
    )
    try:
        await dingtalk.say("dt-li", text)
        async with asyncio.timeout(within):
            await seen.wait()
    except TimeoutError:
        return False
    else:
        return True
    finally:
        stop()
