"""Business data taken in, against the same rows put into a bare table: `python -m bench.ingesting URL FILE [--pairs 5]`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. A chain of a hundred shops in
four regions: five hundred people, nine hundred key results that follow the figures of a shop, a region, the company or
a person. Bodies are as a till system sends them, in no order. FILE takes points a second of both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg

from bot.ingest import Ingest
from config.policy import policy_of
from config.settings import Settings
from okr.objectives import Basis, Kind, Measure
from sheets.staff import StaffRow
from storage import cycles, objectives, staff
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session
from storage.sqlite import connect

SHOPS, REGIONS, CREW = 100, 4, 4
BODY = 20_000
"""Points in one request, about 3 MB."""
_BARE = "CREATE TABLE bare_points (key {text} PRIMARY KEY, series_id INT, at {moment}, value BIGINT)"
_INDEX = "CREATE INDEX bare_series ON bare_points (series_id, at)"


def _place(shop: int) -> str:
    return f"压测连锁/{shop % REGIONS}区/{shop}店"


def _people() -> list[StaffRow]:
    rows = [StaffRow("B0", "总经理", "压测连锁")]
    rows += [StaffRow(f"R{n}", f"{n}区经理", f"压测连锁/{n}区", manager_number="B0") for n in range(REGIONS)]
    for shop in range(SHOPS):
        head, place, store = f"S{shop}", _place(shop), f"{shop}店"
        crew = [(head, f"R{shop % REGIONS}"), *((f"{head}P{n}", head) for n in range(CREW))]
        rows += [
            StaffRow(number, f"员工{number}", place, manager_number=above, store=store)
            for number, above in crew
        ]
    return rows


def _draft(metric: str, *, own: bool = False) -> Draft:
    measure = Measure(
        Kind.NUMBER,
        "%" if metric == "conversion" else "元",
        Basis.QUARTER,
        start=Decimal(0),
        target=Decimal(10) ** 9,
    )
    return Draft(metric, measure, metric=metric, metric_own=own)


async def furnish(session: Session) -> None:
    """Everybody with an objective in force whose key results follow figures."""
    now = datetime.now(UTC)
    await staff.take_in(session, _people(), now)
    cycle = await cycles.running(session, now.date())
    for row in await session.all("SELECT id, number FROM employees ORDER BY id"):
        own = "P" in row[1]
        drafts = (
            [_draft("sales", own=True)]
            if own
            else [_draft(name) for name in ("sales", "orders", "conversion", "visitors")]
        )
        number = await objectives.create(session, row[0], cycle, "业绩", drafts, None, now)
        await objectives.activate(session, number, now)


class Tills:
    """Bodies and, for the other side, the same points as rows."""

    def __init__(self) -> None:
        self._random = random.Random(7)
        self._last = 0

    def body(self) -> bytes:
        now = datetime.now(UTC)
        points = [self._point(now) for _ in range(BODY)]
        return json.dumps({"points": points}, ensure_ascii=False).encode()

    def _point(self, now: datetime) -> dict[str, str]:
        self._last += 1
        shop = self._random.randrange(SHOPS)
        metric = self._random.choice(("sales", "sales", "orders", "visitors"))
        at = now - timedelta(seconds=self._random.randrange(90_000))
        point = {"id": f"pos-{self._last}", "metric": metric, "unit": f"{shop}店", "at": at.isoformat()}
        if metric == "sales":
            point["employee"] = f"S{shop}P{self._random.randrange(CREW)}"
        point["value"] = f"{self._random.randrange(100, 50_000) / 100}"
        return point

    def rows(self) -> list[tuple[str, int, datetime, int]]:
        now = datetime.now(UTC)
        found = []
        for _ in range(BODY):
            self._last += 1
            at = now - timedelta(seconds=self._random.randrange(90_000))
            found.append(
                (f"3:pos-{self._last}", self._random.randrange(700), at, self._random.randrange(10**9))
            )
        return found


Side = Callable[[], Awaitable[float]]
"""Takes one body in and says in how many seconds."""


async def _bare_sqlite(
    database: Database,
) -> Callable[[list[tuple[str, int, datetime, int]]], Awaitable[None]]:
    connection = connect(database.path)
    connection.execute(_BARE.format(text="TEXT", moment="TEXT"))
    connection.execute(_INDEX)

    async def put(rows: list[tuple[str, int, datetime, int]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO bare_points VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")

    return put


async def _bare_postgres(url: str) -> Callable[[list[tuple[str, int, datetime, int]]], Awaitable[None]]:
    connection = await asyncpg.connect(url)
    await connection.execute(_BARE.format(text="VARCHAR(160)", moment="TIMESTAMPTZ"))
    await connection.execute(_INDEX)

    async def put(rows: list[tuple[str, int, datetime, int]]) -> None:
        await connection.copy_records_to_table("bare_points", records=rows)

    return put


async def measured(database: Database, pairs: int, bodies: int) -> dict[str, float]:
    """Points a second, medians of pairs, each side by turns."""
    policy = policy_of(Settings())
    ingest = Ingest(database, lambda: policy, tuple, lambda: datetime.now(UTC))
    bare = await (_bare_sqlite(database) if database.is_sqlite else _bare_postgres(database.url))
    tills = Tills()
    ours: list[float] = []
    theirs: list[float] = []
    for pair in range(pairs + 1):
        sent = [tills.body() for _ in range(bodies)]
        start = perf_counter()
        for body in sent:
            outcome = await ingest.keep("POS", body)
            assert outcome.accepted == BODY, outcome.rejected[:3]
        middle = perf_counter()
        some = [tills.rows() for _ in range(bodies)]
        begin = perf_counter()
        for rows in some:
            await bare(rows)
        end = perf_counter()
        if pair:  # the first is for warming up
            ours.append(BODY * bodies / (middle - start))
            theirs.append(BODY * bodies / (end - begin))
    return {"ours": median(ours), "bare": median(theirs)}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--bodies", type=int, default=4)
    told = parser.parse_args()
    async with Database(told.url) as database:
        await database.upgrade()
        await database.transact(furnish)
        gc.freeze()  # as the bot does when it has started
        found = await measured(database, told.pairs, told.bodies)
    told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
