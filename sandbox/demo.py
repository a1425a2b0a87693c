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


def prepared(data: Path, *, fresh: bool) -> str:
    """The folder of the sandbox's data, made; the URL of its database. `fresh` starts the company anew."""
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    return f"sqlite://{(data / 'okrbot.db').resolve()}"


async def serve(database_url: str, *, port: int, say: Callable[[str], object]) -> None:
    """Serve the sandbox's page on `port` until a signal ends it."""
    log_as_json(logging.WARNING)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with staged(database_url, WoundClock(), port=port) as stage:
        say(f"打开 http://127.0.0.1:{stage.application.port}/ 就能试,按 Ctrl+C 结束")
        await stop.wait()
