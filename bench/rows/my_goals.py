"""我的目标 of somebody with thirty key results, against his rows by raw SQL, and against the same in a small company."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial

from bench.databases import furnished
from bench.options import Bench
from bench.processes import run
from bench.report import Result

GROWTH = 1.5
"""A company of a hundred thousand key results costs one person no more than this."""


async def _rows(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    small = await _measured(bench, 0, postgres=postgres)
    large = await _measured(bench, bench.crowd, postgres=postgres)
    yield Result(
        f"我的目标 of 30 key results, {engine}",
        f"{large['card']:.2f} ms",
        f"{large['sql']:.2f} ms by raw SQL",
        large["card"] / large["sql"],
        None,
        note=f"Of it {large['read']:.2f} ms are the objectives read whole, as the rules see them.",
    )
    yield Result(
        f"the same beside {bench.crowd:,} key results of others",
        f"{large['card']:.2f} ms",
        f"{small['card']:.2f} ms",
        large["card"] / small["card"],
        GROWTH,
        at_least=False,
    )


async def _measured(bench: Bench, crowd: int, *, postgres: bool) -> dict[str, float]:
    async with furnished(bench, postgres=postgres, crowd=crowd) as (folder, url):
        file = folder / "took.json"
        await run("-m", "bench.my_goals", url, str(file), "--pairs", str(bench.pairs))
        found: dict[str, float] = json.loads(file.read_text())
        return found


on_sqlite = partial(_rows, postgres=False)
on_postgres = partial(_rows, postgres=True)
