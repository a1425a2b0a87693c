"""`okrbot run` under a profiler in each of its two threads: `python -m bench.sides.profiled_bot bot.yaml`.

The event loop's thread and SQLite's writer are profiled apart; both tables are printed when SIGTERM comes.
"""

from __future__ import annotations

import asyncio
import cProfile
import gc
import io
import pstats
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.application import running
from bot.cli.run import SWITCH
from bot.telemetry import log_as_json
from config.loading import load
from storage import sqlite

TOP = 25


def _profiled(live: Callable[[Any], None], profile: cProfile.Profile) -> Callable[[Any], None]:
    def lived(thread: sqlite._Thread) -> None:
        if isinstance(thread, sqlite.Writer):
            profile.runcall(live, thread)
        else:
            live(thread)

    return lived


def _table(profile: cProfile.Profile) -> str:
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(TOP)
    return text.getvalue()


async def _run(config_file: Path) -> None:
    stop = asyncio.Event()
    async with running(load(config_file, {})):
        gc.freeze()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await stop.wait()


def main(config_file: Path) -> None:
    log_as_json()
    sys.setswitchinterval(SWITCH)
    of_loop, of_writer = cProfile.Profile(), cProfile.Profile()
    live = _profiled(sqlite._Thread._live, of_writer)  # noqa: SLF001  # a look inside is what this is for
    sqlite._Thread._live = live  # type: ignore[method-assign,assignment]  # noqa: SLF001  # the same
    of_loop.runcall(asyncio.run, _run(config_file))
    print("event loop\n", _table(of_loop), "\nstorage writer\n", _table(of_writer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
