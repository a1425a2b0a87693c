"""A tree of goals, a report at its foot, and all of it anew: `python -m bench.goal_tree URL FILE --nodes N [--pairs 5]`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. FILE takes the times in
milliseconds: one report with all that follows above it, the whole tree computed, the whole tree by one statement.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from bench.company import employee
from okr.objectives import Kind, Measure, RollUp
from storage import check_ins, cycles, objectives, roll_ups, staff
from storage.check_ins import Entry
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session

LEVELS = 4
"""Company, region, store, person."""
REPORTS = 60
"""Of one side of a pair."""
_ROOT = Draft(
    "销售额", Measure(Kind.NUMBER, "元", start=Decimal(0), target=Decimal(1000)), roll_up=RollUp.SUM
)
_COPIED = (
    "position, title, kind, unit, basis, start_value, target_value, cumulative, milestones, rungs, weight, state, metric,"
    " metric_own, doubts, value_source, value_typed"
)
_BY_SQL = (
    "WITH RECURSIVE up(kr, amount) AS (SELECT a.parent_kr_id, k.value FROM key_results k"
    " JOIN alignments a ON a.child_kr_id = k.id WHERE k.roll_up = 'manual' UNION ALL"
    " SELECT a.parent_kr_id, up.amount FROM up JOIN alignments a ON a.child_kr_id = up.kr)"
    " SELECT kr, sum(amount) FROM up GROUP BY kr"
)
"""Every sum of the tree in one statement, as one would write it with nothing kept on the edges."""


def width_of(nodes: int) -> int:
    """How many are below each, so that there are about so many in all."""
    width = 1
    while width ** (LEVELS - 1) < nodes:
        width += 1
    return width


async def build(session: Session, width: int) -> range:
    """A tree of sums, each goal in an objective of its own; the key results at its foot.

    One statement a table: goal i is a copy of the root, below goal (i - 2) / width + 1.
    """
    now = datetime.now(UTC)
    await staff.take_in(session, [employee(0)], now)
    owner = await session.one("SELECT id FROM employees")
    assert owner is not None
    cycle = await cycles.running(session, now.date())
    root = await objectives.create(session, owner[0], cycle, "卖得更多", [_ROOT], None, now)
    await objectives.activate(session, root, now)
    nodes = sum(width**level for level in range(LEVELS))
    inner = nodes - width ** (LEVELS - 1)
    count = f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {nodes})"
    above = f"(i - 2) / {width} + 1"
    await session.run(
        "INSERT INTO objectives (id, cycle_id, owner_id, title, state, version, created_at, active_at)"
        f" {count} SELECT i, cycle_id, owner_id, title, state, 1, created_at, active_at"
        " FROM n CROSS JOIN objectives WHERE id = 1"
    )
    await session.run(
        f"INSERT INTO key_results (id, objective_id, parent_kr_id, roll_up, {_COPIED})"
        f" {count} SELECT i, i, {above}, CASE WHEN i <= {inner} THEN 'sum' ELSE 'manual' END, {_COPIED}"
        " FROM n CROSS JOIN key_results WHERE id = 1"
    )
    await session.run(
        "INSERT INTO alignments (child_kr_id, parent_kr_id, asked_at, value)"
        f" {count} SELECT i, {above}, created_at, 0 FROM n CROSS JOIN objectives WHERE id = 1"
    )
    await session.run("UPDATE key_results SET value = 0, value_at = ? WHERE id <= ?", now, inner)
    if session.for_update:  # as PostgreSQL does by itself after a while, and SQLite never
        await session.all("ANALYZE")
    return range(inner + 1, nodes + 1)


async def _report(session: Session, kr_id: int, value: Decimal) -> None:
    now = datetime.now(UTC)
    objective = await objectives.with_key_result(session, kr_id, lock=True)
    assert objective is not None
    entry = Entry(kr_id, now, now, None, "压测", "", value=value)
    await check_ins.record_value(session, objective.key_results[0], entry)
    await roll_ups.follow(session, objective, now)


async def _timed(doing: Coroutine[Any, Any, object]) -> float:
    start = perf_counter()
    await doing
    return 1000 * (perf_counter() - start)


async def measured(database: Database, leaves: range, pairs: int) -> dict[str, float]:
    """Medians of pairs, each side by turns; a report is a transaction of its own."""
    random = Random(1)
    took: dict[str, list[float]] = {"report": [], "whole": [], "sql": []}

    def reporting() -> Callable[[Session], Coroutine[Any, Any, None]]:
        leaf, value = random.choice(leaves), Decimal(random.randint(1, 1000))
        return lambda session: _report(session, leaf, value)

    for _ in range(REPORTS // 2):
        await database.transact(reporting())
    for _ in range(pairs):
        reports = [await _timed(database.transact(reporting())) for _ in range(REPORTS)]
        took["report"].append(median(reports))
        took["whole"].append(await _timed(database.read(roll_ups.from_scratch)))
        took["sql"].append(await _timed(database.read(lambda session: session.all(_BY_SQL))))
    astray = await database.read(roll_ups.from_scratch)
    if astray:
        raise RuntimeError(f"{len(astray)} numbers are not what is below them")
    return {name: median(times) for name, times in took.items()}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=5)
    told = parser.parse_args()
    async with Database(told.url) as database:
        await database.upgrade()
        leaves = await database.transact(lambda session: build(session, width_of(told.nodes)))
        found = await measured(database, leaves, told.pairs)
    told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
