"""A great many points by one way in: `python -m bench.volume WAY [--points 10000000] [--postgres]`.

What is told: points a second of the first and the last tenth, the most memory of the process that takes them in against
what it was after forty thousand, the size of the database, and what it takes to show what people look at before and
after. Ten million take a good while, so that none of it is a row of `python -m bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench.databases import empty, postgres_server
from bench.options import Bench
from bench.processes import load_generator, run
from bench.volume_ways import WAYS, Course, Lot

FEW = 40_000
"""The last ones, which come in first."""


async def _size(url: str) -> float:
    """Of the database, in MB."""
    if url.startswith("sqlite://"):
        return _bytes(Path(url.removeprefix("sqlite://"))) / 1e6
    connection = await asyncpg.connect(url)
    try:
        return float(await connection.fetchval("SELECT pg_database_size(current_database())")) / 1e6
    finally:
        await connection.close()


def _bytes(path: Path) -> int:
    return sum(one.stat().st_size for one in (path, path.with_name(f"{path.name}-wal")) if one.exists())


async def _looks(folder: Path, url: str) -> Mapping[str, float]:
    file = folder / "looks.json"
    await run("-m", "bench.looks", url, str(file))
    found: Mapping[str, float] = json.loads(file.read_text())
    return found


async def measured(bench: Bench, way: str, points: int, stock: int) -> None:
    async with empty(bench, bench.folder, postgres=bool(bench.postgres)) as url:
        await run("-m", "bench.looks", url, "--furnish")
        few = await WAYS[way](Lot(bench, url, points - FEW, points, points))
        before, small = await _looks(bench.folder, url), await _size(url)
        if stock:
            await run("-m", "bench.stock", url.removeprefix("sqlite://"), str(stock))
        many = await WAYS[way](Lot(bench, url, 0, points - FEW, points))
        after, large = await _looks(bench.folder, url), await _size(url)
    _tell(way, few, many)
    print(f"database: {small:,.0f} MB with {FEW:,}, {large:,.0f} MB in the end")
    for name, took in after.items():
        print(f"{name}: {before[name]:.0f} ms before, {took:.0f} ms after")


def _tell(way: str, few: Course, many: Course) -> None:
    first, last = many.between(0, 0.1), many.between(0.9, 1)
    print(
        f"{way}: {many.whole.points:,} points in {many.whole.at:,.0f} s under a load of {os.getloadavg()[2]:.1f};"
        f" {first.points / first.at:,.0f}/s at first, {last.points / last.at:,.0f}/s in the end, by the processor's"
        f" seconds {first.points / first.processor:,.0f} and {last.points / last.processor:,.0f};"
        f" memory {many.memory:.0f} MB, {many.memory / few.memory:.2f} of that of {few.whole.points:,}"
    )


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument(
        "--folder", type=Path, help="where the database is for the time, which takes some gigabytes"
    )
    parser.add_argument("--stock", type=int, default=0, help="points that are there before, on SQLite")
    told = parser.parse_args()
    with TemporaryDirectory(prefix="okrbot-volume-", dir=told.folder) as name:
        folder = Path(name)
        async with load_generator(folder / "load.log") as load:
            server = await postgres_server() if told.postgres else ""
            await measured(Bench(folder, load, postgres=server), told.way, told.points, told.stock)


if __name__ == "__main__":
    asyncio.run(main())
