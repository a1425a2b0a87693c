"""`python -m bench [row …] [--pairs 5] [--quick] [--profile]`: ratios, each measured in one run.

Everything is on this machine and goes away afterwards. The figures are of this machine; the ratios travel.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.databases import postgres_server
from bench.options import Bench
from bench.processes import load_generator
from bench.profiling import profile
from bench.report import HEADINGS, Result, line, show
from bench.rows import (
    approvals,
    board,
    callbacks,
    footprint,
    goal_tree,
    ingest,
    latency,
    letters,
    my_goals,
    rules,
    updates,
    weekly_reports,
)

Row = Callable[[Bench], AsyncIterator[Result]]

ROWS: Mapping[str, Row] = {
    "dingtalk": updates.on_sqlite,
    "dingtalk-postgres": updates.on_postgres,
    "wecom": callbacks.rows,
    "latency": latency.on_sqlite,
    "latency-postgres": latency.on_postgres,
    "ingest": ingest.on_sqlite,
    "ingest-postgres": ingest.on_postgres,
    "approvals": approvals.on_sqlite,
    "approvals-postgres": approvals.on_postgres,
    "my-goals": my_goals.on_sqlite,
    "my-goals-postgres": my_goals.on_postgres,
    "board": board.on_sqlite,
    "board-postgres": board.on_postgres,
    "weekly": weekly_reports.on_sqlite,
    "weekly-postgres": weekly_reports.on_postgres,
    "tree": goal_tree.on_sqlite,
    "tree-postgres": goal_tree.on_postgres,
    "rules": rules.on_sqlite,
    "rules-postgres": rules.on_postgres,
    "letters": letters.on_sqlite,
    "letters-postgres": letters.on_postgres,
    "footprint": footprint.rows,
}


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast, as ratios.")
    parser.add_argument("rows", nargs="*", metavar="row", help=" · ".join(ROWS))
    parser.add_argument("--pairs", type=int, default=5, help="how often both sides are measured by turns")
    parser.add_argument(
        "--quick", action="store_true", help="a minute instead of six, and less to be believed"
    )
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    told = parser.parse_args()
    if unknown := set(told.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    return told


async def main() -> None:
    told = _told()
    with TemporaryDirectory(prefix="okrbot-bench-") as name:
        folder = Path(name)
        async with load_generator(folder / "load.log") as load:
            server = await postgres_server()
            bench = Bench(folder, load, pairs=told.pairs, postgres=server)
            if told.quick:
                bench = Bench(
                    folder, load, min(told.pairs, 2), 0.5, 3.0, commands=3_000, crowd=20_000, postgres=server
                )
            if told.profile:
                await profile(bench)
            else:
                await _table(bench, told.rows or list(ROWS))


async def _table(bench: Bench, names: list[str]) -> None:
    start = perf_counter()
    print(line(HEADINGS))
    for name in names:
        if name.endswith("postgres") and not bench.postgres:
            print(f"{name}: no PostgreSQL answers on 127.0.0.1:5432")
            continue
        async for result in ROWS[name](bench):
            show(result)
    print(f"medians of {bench.pairs} interleaved pairs; {perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    asyncio.run(main())
