"""One look at the database a second tells all who look at the board what has changed, however many they are.

Nobody looks while nobody watches. Every replica looks for itself, so it does not matter through which one a change came.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from cards.board.pages import ASKS, EVERYTHING, FIGURES
from storage.board_changes import Changes, Watch
from storage.database import Database

log = structlog.get_logger(__name__)

PERIOD = 1.0
"""Seconds between two looks."""
AFTER_A_FAILURE = 5.0


@dataclass(eq=False)
class Viewer:
    """A page that is being looked at, and what of. `news` is set until it has been told."""

    watched: frozenset[int]
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def concerns(self, changes: Changes) -> bool:
        if (
            changes.everything
            or EVERYTHING in self.watched
            or not changes.objectives.isdisjoint(self.watched)
        ):
            return True
        return (changes.asks and ASKS in self.watched) or (changes.figures and FIGURES in self.watched)


class Feed:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._watch = Watch()
        self._viewers: set[Viewer] = set()
        self._looking: asyncio.Task[None] | None = None
        self._known = asyncio.Event()

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    @property
    def looking(self) -> bool:
        return self._looking is not None and not self._looking.done()

    @property
    def version(self) -> str:
        return self._watch.version

    @asynccontextmanager
    async def viewed(self, watched: frozenset[int]) -> AsyncIterator[Viewer]:
        """A viewer who is told of what concerns him as long as the block lasts."""
        viewer = Viewer(watched)
        self._viewers.add(viewer)
        if self._looking is None or self._looking.done():
            self._known.clear()
            self._looking = asyncio.create_task(self._look())
        try:
            await self._known.wait()
            yield viewer
        finally:
            self._viewers.discard(viewer)

    async def close(self) -> None:
        for viewer in self._viewers:
            viewer.news.set()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        while self._viewers:
            try:
                changes = await self._database.read(self._watch.look)
            except Exception:
                log.exception("board_feed_failed")
                await asyncio.sleep(AFTER_A_FAILURE)
                continue
            self._known.set()
            for viewer in self._concerned(changes):
                viewer.news.set()
            await asyncio.sleep(PERIOD)
        self._watch = Watch()

    def _concerned(self, changes: Changes) -> Iterator[Viewer]:
        return (viewer for viewer in list(self._viewers) if changes and viewer.concerns(changes))
