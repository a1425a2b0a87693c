"""Who waits at a screen goes first: work in bulk asks before each piece of it.

Python's lock lets one thread work, and SQLite has one writer. What takes a second is done in pieces of half a millisecond,
and while somebody's words are being answered there is none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic, sleep
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
SLICE = 0.001
"""Seconds of a long read after which it asks again."""


class Precedence:
    """Used in one event loop; a thread beside it may ask, too (`give_in_thread`)."""

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
            self._ended_at = monotonic()
            if not self._under_way:
                self._free.set()

    @property
    def expected(self) -> bool:
        """Whether somebody is being heard, or has been just now."""
        return self._under_way > 0 or monotonic() - self._ended_at < CALM

    async def give(self) -> None:
        """Return when a piece of work may be done: at once where nobody is expected, after `LONGEST` at the latest."""
        if not self.expected:
            await asyncio.sleep(0)
            return
        latest = monotonic() + LONGEST
        await asyncio.sleep(PAUSE)
        while (now := monotonic()) < latest:
            if self._under_way:
                with suppress(TimeoutError):
                    async with asyncio.timeout(latest - now):
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

    def give_in_thread(self) -> None:
        """The same for a thread beside the loop, which it keeps waiting."""
        if not self.expected:
            return
        latest = monotonic() + LONGEST
        sleep(PAUSE)
        while (now := monotonic()) < latest:
            if self._under_way:
                sleep(min(AFTER, latest - now))
            elif (on_its_way := self._ended_at + AFTER - now) > 0:
                sleep(on_its_way)
            else:
                return


class Slices:
    """When a long read is to ask: after each `SLICE` of its own work, not with every row."""

    def __init__(self, precedence: Precedence) -> None:
        self._precedence = precedence
        self._until = 0.0

    async def turn(self) -> None:
        """Return when the next statement may be asked, in the event loop."""
        if monotonic() >= self._until:
            await self._precedence.give()
            self._until = monotonic() + SLICE

    def turn_in_thread(self) -> None:
        if monotonic() >= self._until:
            self._precedence.give_in_thread()
            self._until = monotonic() + SLICE
