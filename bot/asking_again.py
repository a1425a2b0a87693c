"""Asking a platform once more where it is only busy: a rate limit in the middle of a long pull is no reason to begin anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from chat.errors import Unreachable

T = TypeVar("T")

TIMES = 5
LONGEST = timedelta(seconds=90)
"""Who is told to come back later than this comes back another time."""


class Patience:
    """`pace` shortens every pause, for tests."""

    def __init__(self, *, times: int = TIMES, pace: float = 1.0) -> None:
        self._times = times
        self._pace = pace

    async def ask(self, once: Callable[[], Awaitable[T]]) -> T:
        """Raises what the last attempt raised."""
        for attempt in range(1, self._times):
            try:
                return await once()
            except Unreachable as failed:
                pause = failed.after or timedelta(seconds=2 ** (attempt - 1))
                if pause > LONGEST:
                    raise
            await asyncio.sleep(pause.total_seconds() * self._pace)
        return await once()
