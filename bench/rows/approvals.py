"""From a press of 同意 to the card's new face, on DingTalk's wire, against the two seconds that the platform waits."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bench.company import CLIENT_ID, PEOPLE
from bench.databases import furnished
from bench.options import Bench
from bench.processes import bot
from bench.report import Result

PATIENCE = 2000.0
"""Milliseconds that DingTalk waits for the acknowledgement, in which the new face comes."""
RATE = 20.0
"""Presses a second: a whole company's, on the first morning of a quarter."""
TARGET = 0.25
"""A quarter of what there is, so that a slow network leaves it in time."""


async def on_sqlite(bench: Bench) -> AsyncIterator[Result]:
    yield await _row(bench, postgres=False)


async def on_postgres(bench: Bench) -> AsyncIterator[Result]:
    yield await _row(bench, postgres=True)


async def _row(bench: Bench, *, postgres: bool) -> Result:
    requests = min(PEOPLE - 1, round(15 * bench.paced_seconds))
    async with furnished(bench, postgres=postgres) as (folder, url), bot(folder, bench.load, url):
        await bench.load.ask("connected", who=CLIENT_ID)
        took = await bench.load.ask("approvals", who=CLIENT_ID, requests=requests, rate=RATE)
    return Result(
        f"同意 {'PostgreSQL' if postgres else 'SQLite'}, press to new face",
        f"p50 {took['p50']:.1f} p99 {took['p99']:.1f} ms",
        f"{PATIENCE:.0f} ms the platform waits",
        took["p99"] / PATIENCE,
        TARGET,
        at_least=False,
        note=f"errors: {took['errors']}" if took["errors"] else "",
    )
