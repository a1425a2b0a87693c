"""Staying under DingTalk's limit of twenty calls a second for each API."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

CALLS = 20
SECONDS = 1.04
"""So many calls in so many seconds: not every call takes equally long to get there, and a second is theirs to measure."""
AT_ONCE = 8
"""So many may go at once after a rest; who comes after them goes evenly."""
LATE = 0.02
"""Seconds by which somebody's turn may be late without all turns after it being later."""


_ASKED = ContextVar("asked", default=False)


@contextmanager
def answering() -> Iterator[None]:
    """Somebody looks at the screen for what is called here: his turn comes before the letters that nobody asked for."""
    before = _ASKED.set(True)
    try:
        yield
    finally:
        _ASKED.reset(before)


class Pacing:
    """`calls` in `seconds`, for each API by itself; whoever is over waits: answers first, else first come, first served."""

    def __init__(self, calls: int = CALLS, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self._calls = calls
        self._seconds = seconds
        self._at_once = at_once
        self._recent: dict[str, deque[float]] = defaultdict(deque)
        self._doors: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._answers: Counter[str] = Counter()

    async def turn(self, api: str) -> None:
        """Wait until one more call of this API is allowed, and count it."""
        answer = _ASKED.get()
        self._answers[api] += answer
        try:
            while True:
                async with self._doors[api]:
                    if answer or not self._answers[api]:
                        await self._pass(self._recent[api])
                        return
                # Back to the end of the row: among those who wait there is an answer.
        finally:
            self._answers[api] -= answer

    async def _pass(self, recent: deque[float]) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while recent and recent[0] + self._seconds <= now:
            recent.popleft()
        moment = now
        if len(recent) >= self._at_once:
            moment = max(moment, recent[-1] + self._seconds / self._calls)
        if len(recent) >= self._calls:
            moment = max(moment, recent[-self._calls] + self._seconds)
        if moment > now:
            await asyncio.sleep(moment - now)
        # A loop that was held up does not let those who waited go all at once.
        recent.append(max(moment, loop.time() - LATE))
