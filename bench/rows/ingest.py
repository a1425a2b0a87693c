"""Business data in: points a second against the same rows put into a bare table, and the chat beside a flood of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from subprocess import PIPE
from time import perf_counter

from bench.company import CLIENT_ID
from bench.databases import empty, furnished
from bench.options import Bench
from bench.processes import bot, end, process, run
from bench.report import Result
from bench.rows.latency import GOALS_EVERY, LONGEST, RATE, TARGET

SQLITE, POSTGRES = 0.5, 0.3
LAST_BODY = 60.0
"""Seconds in which what is under way comes to its end: only whole bodies are counted."""


async def on_sqlite(bench: Bench) -> AsyncIterator[Result]:
    yield await _against_bare(bench, postgres=False)
    async for result in _beside_chat(bench, postgres=False):
        yield result


async def on_postgres(bench: Bench) -> AsyncIterator[Result]:
    yield await _against_bare(bench, postgres=True)
    async for result in _beside_chat(bench, postgres=True):
        yield result


async def _against_bare(bench: Bench, *, postgres: bool) -> Result:
    async with empty(bench, bench.folder, postgres=postgres) as url:
        file = bench.folder / "points.json"
        await run("-m", "bench.ingesting", url, str(file), "--pairs", str(bench.pairs))
        found: dict[str, float] = json.loads(file.read_text())
    how, target = ("COPY", POSTGRES) if postgres else ("executemany", SQLITE)
    return Result(
        f"points in, against bare {how}",
        f"{found['ours']:,.0f}/s",
        f"{found['bare']:,.0f}/s",
        found["ours"] / found["bare"],
        target,
    )


async def _beside_chat(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    async with furnished(bench, postgres=postgres) as (folder, url), bot(folder, bench.load, url) as running:
        paced = {"who": CLIENT_ID, "rate": RATE, "goals_every": GOALS_EVERY}
        await bench.load.ask("paced", seconds=2.0, **paced)
        alone = await bench.load.ask("paced", seconds=bench.paced_seconds, **paced)
        async with process("-m", "bench.sides.tills", running.url, stdout=PIPE) as tills:
            begun = perf_counter()
            beside = await bench.load.ask("paced", seconds=bench.paced_seconds, **paced)
            assert tills.stdout is not None
            await end(tills, LAST_BODY)
            points = int(await tills.stdout.readline()) / (perf_counter() - begun)
    errors = alone["errors"] + beside["errors"]
    for kind in ("更新", "我的目标"):
        flooded, plain = beside[kind], alone[kind]
        over = f"p99 is over {LONGEST:.0f} ms. " if flooded["p99"] > LONGEST else ""
        yield Result(
            f"{kind} {engine}, points beside",
            f"p50 {flooded['p50']:.1f} p99 {flooded['p99']:.1f} ms",
            f"p50 {plain['p50']:.1f} p99 {plain['p99']:.1f} ms",
            flooded["p99"] / plain["p99"] if plain["p99"] else 0.0,
            TARGET,
            at_least=False,
            note=f"{over}{points:,.0f} points a second meanwhile: a million in {1e6 / points:,.0f} s."
            + (f" errors: {errors}" if errors else ""),
        )
