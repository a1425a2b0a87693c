"""Has pictures drawn in a process of their own, which is started when it is needed and ended when it no longer is."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import structlog

from cards.drawing.png import LENGTH

log = structlog.get_logger(__name__)

PATIENCE = 20.0
"""Seconds for one picture: the first also waits for the process."""
IDLE = 60.0
"""Seconds without a drawing after which the process is ended: it holds some memory."""


class Draughtsman:
    """One picture at a time; whoever asks meanwhile waits."""

    def __init__(self, *, idle: float = IDLE) -> None:
        self._idle = idle
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._resting: asyncio.TimerHandle | None = None

    async def png(self, svg: bytes) -> bytes:
        """The picture of a drawing; empty where it cannot be drawn, which the log tells."""
        async with self._turn:
            self._stop_resting()
            try:
                async with asyncio.timeout(PATIENCE):
                    picture = await self._exchange(svg)
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                log.error("picture_not_drawn", error=type(error).__name__)  # noqa: TRY400  # no traceback tells more
                await self._end()
                return b""
            except BaseException:
                # A drawing is under way whose picture nobody would take: the next one would get it.
                await self._end()
                raise
            self._resting = asyncio.get_running_loop().call_later(self._idle, self._rest)
        if not picture:
            log.error("picture_not_drawn", error="no drawing")
        return picture

    async def close(self) -> None:
        async with self._turn:
            self._stop_resting()
            await self._end()

    async def _exchange(self, svg: bytes) -> bytes:
        process = self._process
        if process is not None and (process.stdin is None or process.stdin.is_closing()):
            await self._end()  # it has been told to rest and is on its way out
            process = None
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "cards.drawing.png",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(LENGTH.pack(len(svg)) + svg)
        await process.stdin.drain()
        head = await process.stdout.readexactly(LENGTH.size)
        return await process.stdout.readexactly(LENGTH.unpack(head)[0])

    def _rest(self) -> None:
        """Its input ends, and so does the process."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _stop_resting(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
