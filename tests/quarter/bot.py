"""The bot as a process of its own whose clock is wound from outside: python -m tests.quarter.bot CONFIG WINDING

WINDING is a file: the number of the winding, and the seconds by which the clock is ahead. What fell due by then has
been done once the number stands in WINDING.<pid>.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.application import running
from bot.telemetry import log_as_json
from config.loading import load

LOOK = 0.02
"""Seconds."""


class Winding:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta(0)
        self.number = -1

    def look(self) -> bool:
        """Whether it has been wound since."""
        number, ahead = self._file.read_text(encoding="utf-8").split()
        if int(number) == self.number:
            return False
        self.number, self._ahead = int(number), timedelta(seconds=float(ahead))
        return True

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def done(self) -> None:
        self._file.with_name(f"{self._file.name}.{os.getpid()}").write_text(
            str(self.number), encoding="utf-8"
        )


async def live(config: Path, file: Path) -> None:
    winding = Winding(file)
    winding.look()
    async with running(load(config, os.environ), clock=winding.now) as application:
        await application.wound()
        winding.done()
        while True:
            await asyncio.sleep(LOOK)
            if winding.look():
                await application.wound()
                winding.done()


if __name__ == "__main__":
    log_as_json(logging.WARNING)
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2])))
