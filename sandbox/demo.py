"""`okrbot demo`: the bot, both make-believe platforms and the page, in one process, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.telemetry import log_as_json
from sandbox import neighbours, prologue
from sandbox.chain import CHAIN
from sandbox.clock import WoundClock
from sandbox.stage import staged

POST_GOES = 1.0
"""Seconds in which what is written at one moment is delivered, before the clock goes on."""


async def serve(data: Path, *, fresh: bool, port: int, say: Callable[[str], object]) -> None:
    """Serve the sandbox's page on `port` until a signal ends it; its data is in the folder `data`.

    `fresh` starts the company anew; a new company first lives through a day.
    """
    log_as_json(logging.ERROR)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    file, is_new = _made(data, fresh=fresh)
    now = datetime.now(UTC)
    clock = WoundClock(prologue.curtain_time(now) if is_new else now)
    async with staged(f"sqlite://{file}", clock, port=port, others=CHAIN, rehearses=is_new) as stage:
        if is_new:
            await prologue.play(stage.office)
            await stage.database.transact(lambda session: neighbours.open_up(session, clock.now()))
            for moment in prologue.stops(now):
                await stage.office.wind_to(moment)
                await asyncio.sleep(POST_GOES)
            await stage.office.wind_to(datetime.now(UTC))
            stage.board.is_open = True
        say(f"打开 http://127.0.0.1:{stage.application.port}/ 就能试,按 Ctrl+C 结束")
        await stop.wait()


def _made(data: Path, *, fresh: bool) -> tuple[Path, bool]:
    """The database's file in its folder, and whether it is still to be filled."""
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    file = (data / "okrbot.db").resolve()
    return file, not file.exists()
