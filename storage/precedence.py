"""Who waits at a screen goes first: work in bulk asks before each piece of it.

Python's lock lets one thread work, and SQLite has one writer. What takes a second is done in pieces of half a millisecond,
and while somebody's words are being answered there is none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")

CALM = 1.0
"""Seconds after which nobody is expected any more."""
PAUSE = 0.001
"""Seconds between two pieces as long as somebody is expected: whose words come in meets one of them."""
AFTER = 0.003
"""Seconds after the commit in which an answer is on its way out."""
LONGEST = 0.03
"""Seconds that a piece waits at most, so that a chat without a pause lets something through."""


class Precedence:
    """Used in one event loop."""

    def __init__(self) -> None:
        self._under_way = 0
        self._ended_at = float("-inf")
        self._free = asyncio.Event()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Somebody's words are being heard."""
        self._under_way += 1
        self._free.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            self._ended_at = asyncio.get_running_loop().time()
            if not self._under_way:
                self._free.set()

    @property
    def expected(self) -> bool:
        """Whether somebody is being heard, or has been just now."""
        return self._under_way > 0 or asyncio.get_running_loop().time() - self._ended_at < CALM

    async def give(self) -> None:
        """Return when a piece of work may be done: at once where nobody is expected, after `LONGEST` at the latest."""
        if not self.expected:
            await asyncio.sleep(0)
            return
        loop = asyncio.get_running_loop()
        latest = loop.time() + LONGEST
        await asyncio.sleep(PAUSE)
        while (now := loop.time()) < latest:
            if self._under_way:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(latest):
                        await self._free.wait()
            elif (on_its_way := self._ended_at + AFTER - now) > 0:
                await asyncio.sleep(on_its_way)
            else:
                return

    async def pieces(self, many: Sequence[T], size: int) -> AsyncIterator[Sequence[T]]:
        """All of them, so many at a time, others going first between two."""
        for first in range(0, len(many), size):
            yield many[first : first + size]
            await self.give()
