"""The ways by which points come in, each with as many as one likes."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import shutil
import sqlite3
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import aiohttp
import asyncpg
import psutil  # type: ignore[import-untyped]  # it comes without types
from aiohttp import web
from openpyxl import Workbook

from bench.company import SECRET
from bench.ingesting import CREW, SHOPS
from bench.options import Bench
from bench.processes import bot, process

BODY = 10_000
"""Points in one request, a megabyte and a half."""
PAGE = 2_000
"""Records of one page."""
FILE = 100_000
"""Lines of one file."""
LOOK = 2.0
"""Seconds between two looks at a command."""
TELLS = 500_000
"""Points after which a line is printed."""
DAYS = 50
LATE = 900
"""Seconds by which one comes after another that was later."""
_COUNT = (
    "SELECT coalesce(sum(d.points), 0) FROM metric_days d JOIN metric_series s ON s.id = d.series_id"
    " WHERE s.unit = '压测连锁'"
)
_GOLDEN = 0x9E3779B97F4A7C15
"""Odd: times it, numbers become others in no order, each once, as the ids of receipts are."""


class Moment(NamedTuple):
    """Seconds since the start, points kept until then, and the processor's seconds of who takes them in."""

    at: float
    points: int
    processor: float


@dataclass(slots=True)
class Course:
    """How an intake went; the most memory in MB."""

    moments: list[Moment] = field(default_factory=list)
    memory: float = 0.0

    @property
    def whole(self) -> Moment:
        return self.moments[-1]

    def between(self, first: float, last: float) -> Moment:
        """What a part of the whole took."""
        begun, ended = [
            next(one for one in self.moments if one.points >= part * self.whole.points)
            for part in (first, last)
        ]
        return Moment(ended.at - begun.at, ended.points - begun.points, ended.processor - begun.processor)

    def note(self, at: float, points: int, pid: int) -> None:
        before = self.whole.points // TELLS if self.moments else 0
        self.moments.append(Moment(at, points, _processor(pid)))
        self.memory = most_memory(pid)
        if points // TELLS > before:
            print(
                f"{points:,} after {at:.0f} s, CPU {self.whole.processor:.0f} s, {self.memory:.0f} MB",
                flush=True,
            )


@dataclass(frozen=True, slots=True)
class Lot:
    """Points from one number to another, of so many in all, for the database at an address."""

    bench: Bench
    url: str
    first: int
    last: int
    whole: int

    def receipts(self) -> Iterator[dict[str, str]]:
        return receipts(self.first, self.last, self.whole)


Way = Callable[[Lot], Awaitable[Course]]


def most_memory(pid: int) -> float:
    """The most that a process has held, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _processor(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def receipts(first: int, last: int, whole: int) -> Iterator[dict[str, str]]:
    """Points as tills have them, one shop's among the others', from so many days ago until now; of `whole` in all."""
    dice, now = random.Random(first), datetime.now(UTC)
    for number in range(first, last):
        shop = dice.randrange(SHOPS)
        metric = dice.choice(("sales", "sales", "orders", "visitors"))
        at = now - timedelta(days=DAYS * (1 - number / whole), seconds=dice.randrange(LATE))
        yield {
            "id": f"{number * _GOLDEN % 2**64:016x}",
            "metric": metric,
            "unit": f"{shop}店",
            "employee": f"S{shop}P{dice.randrange(CREW)}" if metric == "sales" else "",
            "at": at.isoformat(timespec="seconds"),
            "value": f"{dice.randrange(100, 50_000) / 100}",
        }


async def posted(lot: Lot) -> Course:
    """Pushed to the running bot, body after body."""
    course, receipts_ = Course(), lot.receipts()
    client = aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {SECRET}"}, timeout=aiohttp.ClientTimeout(300)
    )
    async with bot(lot.bench.folder, lot.bench.load, lot.url) as running, client:
        start, kept = perf_counter(), 0
        course.note(0.0, 0, running.process.pid)
        while points := list(islice(receipts_, BODY)):
            body = json.dumps({"points": points}, ensure_ascii=False).encode()
            async with client.post(f"{running.url}/api/v1/metrics", data=body) as response:
                told = await response.json()
            assert told["accepted"] == len(points), told
            kept += len(points)
            course.note(perf_counter() - start, kept, running.process.pid)
    return course


async def _inside(url: str) -> int:
    """Points in the database."""
    if url.startswith("sqlite://"):
        with closing(sqlite3.connect(f"file:{url.removeprefix('sqlite://')}?mode=ro", uri=True)) as kept:
            found = kept.execute(_COUNT).fetchone()[0]
    else:
        connection = await asyncpg.connect(url)
        try:
            found = await connection.fetchval(_COUNT)
        finally:
            await connection.close()
    return int(found)


async def _watched(lot: Lot, *command: str, settings: str = "") -> Course:
    """A command of the command line, watched until it ends well; what it says is printed."""
    config, course = lot.bench.folder / "command.yaml", Course()
    config.write_text(f'company: {{name: 压测连锁}}\nstorage: {{url: "{lot.url}"}}\n{settings}')
    before, start, log = await _inside(lot.url), perf_counter(), lot.bench.folder / "command.log"
    async with process("-m", "bot", *command, "--config", str(config), stdout=PIPE, log=log) as running:
        while running.returncode is None:
            with suppress(psutil.NoSuchProcess, FileNotFoundError, StopIteration):
                course.note(perf_counter() - start, await _inside(lot.url) - before, running.pid)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await running.wait()
        assert running.stdout is not None
        said = (await running.stdout.read()).decode().strip()
    print(said, flush=True)
    if running.returncode or await _inside(lot.url) - before != lot.last - lot.first:
        raise RuntimeError(log.read_text()[-2000:])
    last = course.whole
    course.moments.append(Moment(perf_counter() - start, lot.last - lot.first, last.processor))
    return course


HEADINGS = {"id": "编号", "metric": "指标", "unit": "门店", "employee": "工号", "at": "时间", "value": "数值"}


def _csv(path: Path, points: Iterator[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(HEADINGS))
        writer.writer.writerow(HEADINGS.values())
        writer.writerows(points)
    return path


def _xlsx(path: Path, points: Iterator[dict[str, str]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(HEADINGS.values()))
    for point in points:
        sheet.append(list(point.values()))
    book.save(path)
    return path


async def from_csv(lot: Lot) -> Course:
    """`okrbot import metrics` of one file."""
    file = await asyncio.to_thread(_csv, lot.bench.folder / "points.csv", lot.receipts())
    return await _watched(lot, "import", "metrics", str(file))


async def from_xlsx(lot: Lot) -> Course:
    """`okrbot import metrics` of one file, which may have a hundred thousand lines."""
    file = await asyncio.to_thread(_xlsx, lot.bench.folder / "points.xlsx", lot.receipts())
    return await _watched(lot, "import", "metrics", str(file))


FIELDS = "fields: {id: id, unit: unit, employee: employee, at: at, metric: metric, value: value}"


async def from_folder(lot: Lot) -> Course:
    """A watched folder with files of a hundred thousand lines."""
    folder = lot.bench.folder / "inbox"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    points = lot.receipts()
    for number in range(lot.first, lot.last, FILE):
        path = await asyncio.to_thread(_csv, folder / f"{number:09}.csv", islice(points, FILE))
        os.utime(path, (0, 0))
    said = ", ".join(f"{field}: {heading}" for field, heading in HEADINGS.items())
    return await _pulled(lot, f'folder: {{path: {folder}, pattern: "*.csv"}}', f"fields: {{{said}}}")


async def from_sql(lot: Lot) -> Course:
    """A query."""
    path = lot.bench.folder / "elsewhere.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE sales (id, metric, unit, employee, at, value)")
        marks = ", ".join(f":{field}" for field in HEADINGS)
        other.executemany(f"INSERT INTO sales VALUES ({marks})", lot.receipts())
        other.commit()
    return await _pulled(lot, f'sql: {{dsn: "sqlite://{path}", query: "SELECT * FROM sales"}}', FIELDS)


async def from_http(lot: Lot) -> Course:
    """Pages of JSON."""
    points = lot.receipts()

    async def page(_: web.Request) -> web.Response:
        return web.json_response({"items": list(islice(points, PAGE))})

    app = web.Application()
    app.add_routes([web.get("/", page)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        return await _pulled(
            lot, f"http: {{url: '{url}', records: items, paging: {{by: page, size: {PAGE}}}}}", FIELDS
        )
    finally:
        await runner.cleanup()


async def _pulled(lot: Lot, where: str, fields: str) -> Course:
    said = f"sources:\n  - name: 外面\n    timeout: 300\n    {where}\n    {fields}\n"
    return await _watched(lot, "jobs", "run", "pull:外面", settings=said)


WAYS: Mapping[str, Way] = {
    "post": posted,
    "csv": from_csv,
    "xlsx": from_xlsx,
    "folder": from_folder,
    "sql": from_sql,
    "http": from_http,
}
