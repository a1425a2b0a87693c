"""One report at the foot of a tree of 100,000 goals, against computing the tree, and against a small tree's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import empty
from bench.options import Bench
from bench.processes import run
from bench.report import Result

SMALLER = 100
"""So many times less is the small tree."""
TARGET = 0.02
GROWTH = 1.5


async def _rows(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    small = await _measured(bench, bench.crowd // SMALLER, postgres=postgres)
    large = await _measured(bench, bench.crowd, postgres=postgres)
    report, whole, by_sql = large["report"], large["whole"], large["sql"]
    yield Result(
        f"roll-up of one report, {engine}",
        f"{report:.1f} ms",
        f"{whole:,.0f} ms all anew",
        report / whole,
        TARGET,
        at_least=False,
    )
    yield Result(
        f"the same in a tree {SMALLER}x as large",
        f"{report:.1f} ms",
        f"{small['report']:.1f} ms",
        report / small["report"],
        GROWTH,
        at_least=False,
    )
    yield Result(
        f"all anew by the rules, {engine}",
        f"{whole:,.0f} ms",
        f"{by_sql:,.0f} ms by recursive SQL",
        whole / by_sql,
        None,
        note="The SQL only adds up; the rules also weigh, leave out what has left, and compare with what is kept.",
    )


async def _measured(bench: Bench, nodes: int, *, postgres: bool) -> dict[str, float]:
    with TemporaryDirectory(dir=bench.folder) as name:
        folder, file = Path(name), Path(name) / "took.json"
        async with empty(bench, folder, postgres=postgres) as url:
            counts = ("--nodes", str(nodes), "--pairs", str(bench.pairs))
            await run("-m", "bench.goal_tree", url, str(file), *counts)
        found: dict[str, float] = json.loads(file.read_text())
        return found


on_sqlite = partial(_rows, postgres=False)
on_postgres = partial(_rows, postgres=True)
