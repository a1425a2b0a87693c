"""Letters a second: as rows, and brought by the postman; and how near he comes to what DingTalk allows."""

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

ALLOWED = 20.0
NEAR = 0.95


async def _rows(bench: Bench, *, postgres: bool) -> AsyncIterator[Result]:
    engine = "PostgreSQL" if postgres else "SQLite"
    with TemporaryDirectory(dir=bench.folder) as name:
        folder, file = Path(name), Path(name) / "rates.json"
        async with empty(bench, folder, postgres=postgres) as url:
            load = ("--load", bench.load.address, "--pairs", str(bench.pairs))
            await run("-m", "bench.posting", url, str(file), *load)
        found: dict[str, float] = json.loads(file.read_text())
    yield _rate(f"letters posted, {engine}", found["posted"], found["bare"], "bare inserts")
    yield _rate(f"letters brought, {engine}", found["sent"], found["sent bare"], "a bare client")
    yield _rate(f"equal words brought, {engine}", found["equal"], found["sent"], "each by itself")
    yield Result(
        f"calls a second of DingTalk's 20, {engine}",
        f"{found['paced']:.2f}/s",
        f"{ALLOWED:.0f}/s",
        found["paced"] / ALLOWED,
        NEAR,
        note=f"refused: {found['refused']:.0f}",
    )


def _rate(row: str, ours: float, theirs: float, who: str) -> Result:
    return Result(row, f"{ours:,.0f}/s", f"{theirs:,.0f}/s {who}", ours / theirs, None)


on_sqlite = partial(_rows, postgres=False)
on_postgres = partial(_rows, postgres=True)
