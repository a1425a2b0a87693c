"""`okrbot demo`: the bot, both make-believe platforms and the page, in one process, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from bot.telemetry import log_as_json
from sandbox.clock import WoundClock
from sandbox.stage import staged


async def serve(*, port: int, data: Path, fresh: bool, say: Callable[[str], object]) -> None:
    """Serve the sandbox's page on `port`. `fresh` starts the company anew."""
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    log_as_json(logging.WARNING)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with staged(f"sqlite://{(data / 'okrbot.db').resolve()}", WoundClock(), port=port) as stage:
        say(f"打开 http://127.0.0.1:{stage.application.port}/ 就能试,按 Ctrl+C 结束")
        await stop.wait()
