"""`okrbot run` with a scan of every key result repeating beside it: `python -m bench.sides.scanning_bot bot.yaml`.

SIGUSR1 begins the scanning, SIGUSR2 ends it, so that both measurements are of one process.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from pathlib import Path

from bot.application import Application, running
from bot.cli.run import SWITCH
from bot.telemetry import log_as_json
from config.loading import load
from storage.session import Session

CHUNK = 2_000
PAUSE = 0.2
"""Seconds between two scans."""


async def _scan(session: Session) -> int:
    """Read every key result once, in chunks, by its number."""
    seen, last = 0, 0
    while True:
        rows = await session.all(
            "SELECT id, objective_id, kind, start_value, target_value, value, value_at, state FROM key_results"
            " WHERE id > ? ORDER BY id LIMIT ?",
            last,
            CHUNK,
        )
        if not rows:
            return seen
        seen, last = seen + len(rows), rows[-1][0]


async def _scan_on(application: Application) -> None:
    while True:
        await application.database.read(_scan)
        await asyncio.sleep(PAUSE)


async def main(config_file: Path) -> None:
    log_as_json()
    sys.setswitchinterval(SWITCH)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    scans: list[asyncio.Task[None]] = []
    async with running(load(config_file, {})) as application:
        gc.freeze()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        loop.add_signal_handler(
            signal.SIGUSR1, lambda: scans.append(asyncio.create_task(_scan_on(application)))
        )
        loop.add_signal_handler(signal.SIGUSR2, lambda: scans.pop().cancel())
        await stop.wait()
        for scan in scans:
            scan.cancel()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
