"""`okrbot run` with one pass of all reminders after the other beside it: `python -m bench.sides.scanning_bot bot.yaml`.

They look at every key result and post nothing. SIGUSR1 begins it, SIGUSR2 ends it, so that both measurements are of one
process.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from functools import partial
from pathlib import Path

from bench.rules import all_rules
from bot.application import Application, running
from bot.cli.run import SWITCH
from bot.telemetry import log_as_json
from config.loading import load
from config.policy import policy_of
from config.settings import Settings

PAUSE = 0.2
"""Seconds between two passes."""


async def _scan_on(application: Application) -> None:
    policy = policy_of(Settings())  # with all reminders on, which this company's own file switches off
    while True:
        await application.database.survey(partial(all_rules, policy=policy))
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
