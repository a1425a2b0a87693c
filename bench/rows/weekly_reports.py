"""Everybody's weekly report with its picture, and a ranking of everybody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial

from bench.databases import empty
from bench.options import Bench
from bench.processes import run
from bench.report import Result

PICTURES, RANKING = 0.8, 1.5
PEOPLE = 10_000


async def _rows(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    people = min(PEOPLE, bench.crowd)
    async with empty(bench, bench.folder, postgres=postgres) as url:
        file = bench.folder / f"weekly-{engine}.json"
        await run(
            "-m", "bench.weekly_reports", url, str(file), "--pairs", str(bench.pairs), "--people", str(people)
        )
        found: dict[str, float] = json.loads(file.read_text())
    yield Result(
        f"weekly reports with picture, a core, {engine}",
        f"{1 / found['with']:,.0f}/s",
        f"{1 / found['alone']:,.0f}/s the pictures alone",
        found["alone"] / found["with"],
        PICTURES,
        note=f"A letter is looked at again as it goes: {1000 * found['words']:.1f} ms; its picture"
        f" {1000 * found['alone']:.1f} ms. All {found['letters']:,.0f} in words, at once: {found['everybody']:.1f} s.",
    )
    yield Result(
        f"排名 of {people:,} over a quarter, {engine}",
        f"{1000 * found['ranked']:.0f} ms",
        f"{1000 * found['by hand']:.0f} ms by raw SQL",
        found["ranked"] / found["by hand"],
        RANKING,
        at_least=False,
    )


on_sqlite = partial(_rows, postgres=False)
on_postgres = partial(_rows, postgres=True)
