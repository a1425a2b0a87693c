"""Work in order where order matters, side by side where it does not, and never too much of it at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

import structlog

log = structlog.get_logger("dingtalk")

Job = Callable[[], Awaitable[object]]


class Lanes:
    """One lane's jobs run one after the other; at most `limit` jobs wait or run, and whoever brings more waits."""

    def __init__(self, limit: int) -> None:
        self._room = asyncio.Semaphore(limit)
        self._waiting: dict[Hashable, deque[Job]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def put(self, lane: Hashable, job: Job) -> None:
        await self._room.acquire()
        waiting = self._waiting.get(lane)
        if waiting is not None:
            waiting.append(job)
            return
        self._waiting[lane] = deque((job,))
        task = asyncio.get_running_loop().create_task(self._run(lane))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self, *, within: float) -> None:
        """Wait until everything is done, for at most so many seconds, and cancel the rest."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while self._running and (left := end - loop.time()) > 0:
            await asyncio.wait(self._running, timeout=left)
        late = list(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, lane: Hashable) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting:
                try:
                    await waiting[0]()
                except Exception:
                    log.exception("job_failed")
                finally:
                    waiting.popleft()
                    self._room.release()
        finally:
            for _ in waiting:
                self._room.release()
            del self._waiting[lane]
