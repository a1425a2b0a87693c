"""Memory and start: how soon it is ready, what it holds idle, and what it holds after ten thousand commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from statistics import median

import psutil  # type: ignore[import-untyped]  # it comes without types

from bench.company import CLIENT_ID
from bench.databases import furnished
from bench.options import Bench
from bench.processes import Bot, bot
from bench.report import Result

START = 2.0
IDLE = 110.0
GROWTH = 1.15
AT_REST = 2.0
"""Seconds after which a bot that has nothing to do counts as idle."""


async def rows(bench: Bench) -> AsyncIterator[Result]:
    async with furnished(bench) as (folder, url):
        starts = []
        for _ in range(bench.pairs - 1):
            async with bot(folder, bench.load, url) as running:
                starts.append(running.ready_after)
        async with bot(folder, bench.load, url) as running:
            starts.append(running.ready_after)
            await asyncio.sleep(AT_REST)
            idle = _megabytes(running)
            done = await bench.load.ask("count", who=CLIENT_ID, in_flight=8, events=bench.commands)
            await asyncio.sleep(AT_REST)
            after = _megabytes(running)
    start = median(starts)
    yield Result("start to ready", f"{start:.2f} s", f"{START:g} s", start / START, 1.0, at_least=False)
    yield Result("memory, idle", f"{idle:.0f} MB", f"{IDLE:g} MB", idle / IDLE, 1.0, at_least=False)
    yield Result(
        f"memory after {bench.commands:,} commands",
        f"{after:.0f} MB",
        f"{idle:.0f} MB",
        after / idle,
        GROWTH,
        at_least=False,
        note=f"errors: {done['errors']}" if done["errors"] else "",
    )


def _megabytes(running: Bot) -> float:
    return float(psutil.Process(running.process.pid).memory_info().rss) / 2**20
