"""Holding what only one replica may hold: DingTalk's stream, WeCom's robot connection, the alarm clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.clock import Clock
from storage import leases
from storage.database import Database

log = structlog.get_logger(__name__)

RENEW = leases.TERM.total_seconds() / 3


class Leases:
    """`holder` names this process."""

    def __init__(self, database: Database, holder: str, clock: Clock) -> None:
        self._database = database
        self._holder = holder
        self._now = clock
        self.states: dict[str, str] = {}

    async def while_held(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` whenever this process holds the lease, and cancel it when the lease is lost. Endless."""
        task: asyncio.Task[None] | None = None
        try:
            while True:
                held = await self._hold(name)
                self.states[name] = "ok" if held else "held by another replica"
                if held and (task is None or task.done()):
                    _report(name, task)
                    task = asyncio.create_task(_run(work), name=name)
                elif not held and task is not None:
                    log.warning("lease_lost", lease=name)
                    await _end(task)
                    task = None
                await asyncio.sleep(RENEW)
        finally:
            if task is not None:
                await _end(task)

    async def let_go(self) -> None:
        """Give up everything, so that another replica need not wait."""
        await self._database.transact(lambda session: leases.let_go(session, self._holder))

    async def _hold(self, name: str) -> bool:
        now = self._now()
        try:
            return await self._database.transact(
                lambda session: leases.hold(session, name, self._holder, now)
            )
        except Exception:
            # Without the database we cannot know: whoever can reach it takes over.
            log.exception("lease_unknown", lease=name)
            return False


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()


def _report(name: str, task: asyncio.Task[None] | None) -> None:
    if task is not None and not task.cancelled() and task.exception() is not None:
        log.error("lease_work_failed", lease=name, error=repr(task.exception()))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
