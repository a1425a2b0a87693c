"""Staying under DingTalk's limit of twenty calls a second for each API."""

from __future__ import annotations

import asyncio
from collections import deque

CALLS = 18
"""In any second, a little below the limit: not every call takes equally long to get there."""


class Pacing:
    """`calls` in `seconds`, for each API by itself; whoever is over waits, first come, first served."""

    def __init__(self, calls: int = CALLS, seconds: float = 1.0) -> None:
        self._calls = calls
        self._seconds = seconds
        self._recent: dict[str, deque[float]] = {}

    async def turn(self, api: str) -> None:
        """Wait until one more call of this API is allowed, and count it."""
        loop = asyncio.get_running_loop()
        recent = self._recent.get(api)
        if recent is None:
            recent = self._recent[api] = deque(maxlen=self._calls)
        now = loop.time()
        # Each caller books its own moment at once, so that the order is the order of asking.
        moment = now if len(recent) < self._calls else max(now, recent[0] + self._seconds)
        recent.append(moment)
        if moment > now:
            await asyncio.sleep(moment - now)
