"""The units of the company, remembered for a while: a delivery of one point need not read them all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from okr.units import Units
from storage import units
from storage.database import Database

HOLDS = 60.0
"""Seconds after which they are read anew: the staff file is taken in by another process."""
RESTS = 1.0
"""Seconds between two readings, however many unknown names come in."""


class KnownUnits:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._read = Units(())
        self._read_at = float("-inf")

    async def current(self) -> Units:
        if self._age() > HOLDS:
            return await self.fresh()
        return self._read

    async def fresh(self) -> Units:
        """Read anew, unless that was done just now."""
        if self._age() > RESTS:
            self._read = await self._database.read(units.known)
            self._read_at = asyncio.get_running_loop().time()
        return self._read

    def strange(self, raw: Sequence[Any]) -> bool:
        """Whether raw points name a unit that is not known."""
        names = {one["unit"] for one in raw if isinstance(one, dict) and isinstance(one.get("unit"), str)}
        return any(not self._read.find(name) for name in names)

    def _age(self) -> float:
        return asyncio.get_running_loop().time() - self._read_at
