"""One pass of all reminders over 100,000 key results in good order, against their rows by raw SQL in chunks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import empty
from bench.options import Bench
from bench.processes import run
from bench.report import Result

TARGET = 2.0
MOST_MB = 20.0
NAMED = 3
"""Rules that take longest."""


async def on_sqlite(bench: Bench) -> AsyncIterator[Result]:
    yield await _row(bench, postgres=False)


async def on_postgres(bench: Bench) -> AsyncIterator[Result]:
    yield await _row(bench, postgres=True)


async def _row(bench: Bench, *, postgres: bool) -> Result:
    with TemporaryDirectory(dir=bench.folder) as name:
        folder, file = Path(name), Path(name) / "took.json"
        async with empty(bench, folder, postgres=postgres) as url:
            how = ("--key-results", str(bench.crowd), "--pairs", str(bench.pairs))
            await run("-m", "bench.rules", url, str(file), *how)
        found: dict[str, float] = json.loads(file.read_text())
    rules, by_hand = found["rules"], found["sql"]
    longest = sorted(
        (name for name in found if " " not in name and name not in {"rules", "sql"}),
        key=found.__getitem__,
        reverse=True,
    )
    memory = max(0.0, found["rules MB"] - found["sql MB"])
    over = f"over {MOST_MB:.0f} MB. " if memory > MOST_MB else ""
    return Result(
        f"all rules over {bench.crowd:,} KRs, {'PostgreSQL' if postgres else 'SQLite'}",
        f"{rules / 1000:.2f} s, +{memory:.0f} MB",
        f"{by_hand / 1000:.2f} s raw SQL",
        rules / by_hand,
        TARGET,
        at_least=False,
        note=over + "longest: " + ", ".join(f"{name} {found[name]:,.0f} ms" for name in longest[:NAMED]),
    )
