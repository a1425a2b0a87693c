"""Business data on their way into the database: looked at first, then kept a portion at a time.

Each portion is a transaction of its own with the key results that it moves, so that a chat command never waits for
more than one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from storage import ingesting
from storage.database import Database
from storage.ingesting import Delivery, Outcome, Read

CHUNK = {True: 300, False: 1000}
"""Points in one transaction, on SQLite and elsewhere. On SQLite it is a few milliseconds for which a command may have
to wait; PostgreSQL has the other commands go on beside it, and wants few round trips.
"""
GLANCE = 200
"""Points looked at between two breaths."""


class Intake:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, raw: Sequence[Any], delivery: Delivery, *, blame: bool = False) -> Outcome:
        """Take what can be taken and name the rest.

        `blame`: whatever is wrong is noted with the source, since nobody waits for an answer in which it would be named.
        """
        found = await self._look(raw, delivery)
        outcome = Outcome(rejected=found.rejected)
        blamed = found.rejected if blame else [one for one in found.rejected if one.unmapped]
        if blamed:
            reasons = [one.reason for one in blamed]
            await self._database.patiently(lambda session: ingesting.blame(session, delivery.source, reasons))
        for piece in found.pieces(CHUNK[self._database.is_sqlite]):
            outcome.add(await self._keep(piece, delivery))
        return outcome

    async def _keep(self, piece: Read, delivery: Delivery) -> Outcome:
        return await self._database.patiently(lambda session: ingesting.keep(session, piece, delivery))

    async def _look(self, raw: Sequence[Any], delivery: Delivery) -> Read:
        known = await self._database.read(partial(ingesting.workers, raw=raw, units=delivery.units))
        reader = ingesting.Looking(delivery, known)
        for first in range(0, len(raw), GLANCE):
            reader.look(raw[first : first + GLANCE])
            await asyncio.sleep(0)
        return reader.found()
