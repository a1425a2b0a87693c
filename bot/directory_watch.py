"""Following the platforms' directories: an event is kept at once and looked into a moment later, by one replica."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from bot.clock import Clock
from chat.directory import Change
from okr.policy import Policy
from scheduler import directory_changes
from scheduler.directory import Sources
from storage import directory
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)

LOOK = 5.0
"""Seconds between two looks: another replica may have been told, somebody may want to be known by his mobile number, and
what could not be asked for is asked for again.
"""
BREATH = 1.0
"""Seconds after an event: a reorganisation sends many, and each person is asked for once."""


class DirectoryWatch:
    """`posted` is told when letters may have been written."""

    def __init__(
        self,
        database: Database,
        sources: Sources,
        policy: Callable[[], Policy],
        clock: Clock,
        posted: Callable[[], None],
        *,
        look: float = LOOK,
        breath: float = BREATH,
    ) -> None:
        self._database = database
        self._sources = sources
        self._policy = policy
        self._now = clock
        self._posted = posted
        self._look = look
        self._breath = breath
        self._told = asyncio.Event()

    async def note(self, changes: Sequence[Change]) -> None:
        """Keep what has changed, if anybody follows that directory."""
        if not self._policy().directory.nightly:
            return
        if await self._database.transact(partial(self._note, changes=changes)):
            self._told.set()

    async def _note(self, session: Session, changes: Sequence[Change]) -> bool:
        followed = directory_changes.concerns(changes, await directory.in_use(session))
        await directory.note_changes(session, followed, self._now())
        return bool(followed)

    async def run(self) -> None:
        """Look into what waits, again and again until cancelled."""
        while True:
            await self.look()
            try:
                async with asyncio.timeout(self._look):
                    await self._told.wait()
                await asyncio.sleep(self._breath)
            except TimeoutError:
                pass
            self._told.clear()

    async def look(self) -> None:
        """Once; a failure is told to the operator and hinders nothing."""
        try:
            report = await directory_changes.look_into(
                self._database, self._sources, self._now(), self._policy()
            )
        except Exception:
            log.exception("directory_not_followed")
            return
        if report is not None:
            log.info("directory_changed", **directory_changes.told(report))
            self._posted()
