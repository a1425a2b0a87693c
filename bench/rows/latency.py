"""How long 更新 and 我的目标 take at fifty events a second, alone and beside a pass of all reminders over 100,000 key results."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from functools import partial

from bench.company import CLIENT_ID
from bench.databases import furnished
from bench.options import Bench
from bench.processes import bot
from bench.report import Result

RATE = 50.0
GOALS_EVERY = 5
"""Every fifth event is 我的目标: a card, of which the bot may send eighteen a second."""
TARGET = 3.0
LONGEST = 100.0
"""Milliseconds."""


async def _rows(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    async with (
        furnished(bench, postgres=postgres, crowd=bench.crowd) as (folder, url),
        bot(folder, bench.load, url, runner=("-m", "bench.sides.scanning_bot")) as running,
    ):
        paced = {"who": CLIENT_ID, "rate": RATE, "goals_every": GOALS_EVERY}
        await bench.load.ask("paced", seconds=2.0, **paced)
        alone = await bench.load.ask("paced", seconds=bench.paced_seconds, **paced)
        running.process.send_signal(signal.SIGUSR1)
        await bench.load.ask("paced", seconds=1.0, **paced)
        beside = await bench.load.ask("paced", seconds=bench.paced_seconds, **paced)
        running.process.send_signal(signal.SIGUSR2)
    errors = alone["errors"] + beside["errors"]
    for kind in ("更新", "我的目标"):
        scanned, plain = beside[kind], alone[kind]
        over = f"p99 is over {LONGEST:.0f} ms. " if scanned["p99"] > LONGEST else ""
        yield Result(
            f"{kind} {engine}, all reminders beside",
            f"p50 {scanned['p50']:.1f} p99 {scanned['p99']:.1f} ms",
            f"p50 {plain['p50']:.1f} p99 {plain['p99']:.1f} ms",
            scanned["p99"] / plain["p99"] if plain["p99"] else 0.0,
            TARGET,
            at_least=False,
            note=over + (f"errors: {errors}" if errors else ""),
        )


on_sqlite = partial(_rows, postgres=False)
on_postgres = partial(_rows, postgres=True)
