"""What only one replica may do, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import leases as module
from bot.leases import Leases
from sandbox.clock import WoundClock
from storage import leases
from storage.database import Database
from tests.storage.company import NOON

NAME = "gateway:dingtalk"


@dataclass
class Work:
    """Counts how often it was begun and cancelled; `fails` so many times at once."""

    begun: int = 0
    cancelled: int = 0
    fails: int = 0

    async def __call__(self) -> None:
        self.begun += 1
        if self.fails:
            self.fails -= 1
            raise RuntimeError("broke")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renewed all the time: what a test waits for are the leases' own terms, on a clock that it winds."""
    monkeypatch.setattr(module, "RENEW", 0.01)


@asynccontextmanager
async def held(replica: Leases, work: Work) -> AsyncIterator[None]:
    task = asyncio.create_task(replica.while_held(NAME, work))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not check():
            await asyncio.sleep(0.005)


async def test_one_works_and_the_other_stands_by_and_follows_at_once(database: Database) -> None:
    clock, first, second = WoundClock(NOON), Work(), Work()
    one, two = (Leases(database, holder, clock.now) for holder in ("one", "two"))
    async with held(two, second):
        async with held(one, first):
            await until(lambda: first.begun + second.begun == 1 and len(one.states) == len(two.states) == 1)
            await asyncio.sleep(0.05)
            assert first.begun + second.begun == 1
            assert sorted((one.states[NAME], two.states[NAME])) == ["held by another replica", "ok"]
        await one.let_go()
        await until(lambda: second.begun == 1)


async def test_who_died_is_followed_after_a_term(database: Database) -> None:
    clock, work = WoundClock(NOON), Work()
    assert await database.transact(lambda session: leases.hold(session, NAME, "dead", clock.now()))
    replica = Leases(database, "alive", clock.now)
    async with held(replica, work):
        await until(lambda: replica.states)
        await asyncio.sleep(0.05)
        assert (work.begun, replica.states[NAME]) == (0, "held by another replica")
        clock.wind(leases.TERM + timedelta(seconds=1))
        await until(lambda: work.begun)


async def test_who_lost_the_lease_stops(database: Database) -> None:
    clock, work = WoundClock(NOON), Work()
    replica = Leases(database, "slow", clock.now)
    async with held(replica, work):
        await until(lambda: work.begun)
        later = clock.now() + timedelta(hours=1)
        with capture_logs() as logs:
            # As after a pause so long that somebody else took over.
            await database.transact(
                lambda session: session.run("UPDATE leases SET holder = 'quick', until = ?", later)
            )
            await until(lambda: work.cancelled)
        assert "lease_lost" in [entry["event"] for entry in logs]


async def test_work_that_breaks_is_begun_again(database: Database) -> None:
    work = Work(fails=2)
    with capture_logs() as logs:
        async with held(Leases(database, "one", WoundClock(NOON).now), work):
            await until(lambda: work.begun == 3)
    assert [entry["event"] for entry in logs].count("lease_work_failed") == 2


async def test_without_the_database_nobody_works(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work()
    replica = Leases(database, "one", WoundClock(NOON).now)
    async with held(replica, work):
        await until(lambda: work.begun)

        async def gone(*_: object) -> bool:
            raise ConnectionError("gone")

        with capture_logs():
            with monkeypatch.context() as broken:
                broken.setattr(leases, "hold", gone)
                await until(lambda: work.cancelled)
            await until(lambda: work.begun == 2)
