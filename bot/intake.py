"""Business data on their way into the database: looked at first, then kept a few steps at a time.

Each transaction keeps its points with the key results that they move, and ends as soon as somebody else is at the
database. As long as people chat there are only short ones, each begun while nobody is being heard, with a rest after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from okr.points import numbers_of
from storage import ingesting, lots
from storage.database import Database
from storage.ingesting import Delivery, Kept, Outcome, Read
from storage.lots import Step

STEP = {True: 64, False: 128}
"""Points that are kept together as long as people chat, on SQLite and elsewhere. On SQLite it is a millisecond or two for which
a command may have to wait; PostgreSQL has the other commands go on beside it, as far as they do not want the same goals.
"""
LONG_STEP = {True: 64, False: 1024}
"""The same while nobody does: PostgreSQL wants few round trips, and the loop is held for two milliseconds."""
STEPS = {True: 128, False: 8}
"""Steps of one transaction while nobody waits."""
AT_ONCE = {True: 1, False: 2}
"""Transactions while nobody waits: where PostgreSQL has one, the next is made ready."""
REST = 3.0
"""So many times as long as a short transaction took nothing is done after it."""
GLANCE = 200
"""Points looked at between two breaths: half a millisecond."""
HANDFUL = 1000
"""Points that are only sorted between two."""


class Intake:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._precedence = database.precedence
        self.breathe = database.precedence.give
        self._at_once = asyncio.Semaphore(AT_ONCE[database.is_sqlite])
        self._short_ones = asyncio.Lock()

    async def take(self, raw: Sequence[Any], delivery: Delivery, *, blame: bool = False) -> Outcome:
        """Take what can be taken and name the rest.

        `blame`: whatever is wrong is noted with the source, since nobody waits for an answer in which it would be named.
        """
        found = await self._look(raw, delivery)
        blamed = found.rejected if blame else [one for one in found.rejected if one.unmapped]
        if blamed:
            reasons = [one.reason for one in blamed]
            await self._database.patiently(lambda session: ingesting.blame(session, delivery.source, reasons))
        once, order = lots.Once(), lots.Order(delivery.counting)
        async for some in self._precedence.pieces(found.points, HANDFUL):
            once.add(some)
        async for some in self._precedence.pieces(once.points(), HANDFUL):
            order.add(some)
        outcome = Outcome(once.corrected, once.repeated, found.rejected)
        steps, turn = order.steps(self._step), asyncio.Lock()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE[self._database.is_sqlite]):
                    group.create_task(self._keep_all(steps, turn, delivery, outcome))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return outcome

    async def _keep_all(
        self, steps: Iterator[Step], turn: asyncio.Lock, delivery: Delivery, outcome: Outcome
    ) -> None:
        """Keep what is left, by turns with others that do the same.

        Made ready is for one at a time: the first is at the database while the second is still made ready.
        """
        ready: list[Step] = []
        while True:
            async with turn:
                if not await self._make_ready(ready, steps):
                    return
            kept = await self._keep(ready, delivery)
            outcome.add(kept.outcome)
            del ready[: kept.steps]

    async def _make_ready(self, ready: list[Step], steps: Iterator[Step]) -> bool:
        """Have as many steps as may go together; whether there are any."""
        while len(ready) < self._together and (step := next(steps, None)):
            ready.append(step)
            if len(ready) < self._together:
                await self._precedence.give()
        return bool(ready)

    def _step(self) -> int:
        """Points of one step now."""
        return (STEP if self._precedence.expected else LONG_STEP)[self._database.is_sqlite]

    @property
    def _together(self) -> int:
        """Steps of one transaction now."""
        return 1 if self._precedence.expected else STEPS[self._database.is_sqlite]

    async def _keep(self, ready: Sequence[Step], delivery: Delivery) -> Kept:
        loop = asyncio.get_running_loop()
        async with self._at_once:
            if not self._precedence.expected:
                return await self._kept(ready, delivery)
        async with self._short_ones:
            await self._precedence.give()
            begun = loop.time()
            kept = await self._kept(ready[:1], delivery)
            await asyncio.sleep((loop.time() - begun) * REST)
            return kept

    async def _kept(self, some: Sequence[Step], delivery: Delivery) -> Kept:
        return await self._database.patiently(partial(ingesting.keep, steps=some, delivery=delivery))

    async def _look(self, raw: Sequence[Any], delivery: Delivery) -> Read:
        numbers: set[str] = set()
        async for some in self._precedence.pieces(raw, HANDFUL):
            numbers |= numbers_of(some)
        known = await self._database.read(partial(ingesting.workers, numbers=numbers, units=delivery.units))
        reader = ingesting.Looking(delivery, known)
        async for some in self._precedence.pieces(raw, GLANCE):
            reader.look(some)
        return reader.found()
