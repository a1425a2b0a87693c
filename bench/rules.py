"""One pass of all reminders over 100,000 key results, and their rows alone: `python -m bench.rules URL FILE [--key-results N]`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. FILE takes milliseconds and
megabytes: of the rows read by raw SQL in chunks, of all rules looking once, and of each rule by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.company import employee
from config.policy import policy_of
from config.settings import Company, Settings
from okr.objectives import Kind, Measure, Origin
from okr.policy import SHANGHAI, Policy
from scheduler.reminder import Glance, Watch
from scheduler.reminders import WATCHES
from storage import cycles, objectives, staff
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session

BELOW = 20
"""People under each."""
OF_ONE = 3
"""Key results of each."""
LAGGING = 100
"""One person of so many is behind; the others are on their way and have reported on Friday."""
CHUNK = 2_000
MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=SHANGHAI)
FRIDAY = datetime(2026, 11, 20, 4, tzinfo=UTC)
WEEK_BEFORE = datetime(2026, 11, 13, 4, tzinfo=UTC)
QUARTER = datetime(2026, 9, 30, 16, tzinfo=UTC)
_COPIED = (
    "position, title, kind, unit, basis, start_value, target_value, cumulative, milestones, rungs, weight, state, metric,"
    " metric_own, doubts, value_source, value_typed, origin, roll_up"
)
_ROWS = (
    "SELECT k.id, k.objective_id, k.kind, k.basis, k.start_value, k.target_value, k.value, k.value_at, k.due, k.stages,"
    " k.state, k.weight, k.metric, k.roll_up, k.confidence, k.parent_kr_id, o.owner_id, o.state, o.parent_kr_id"
    " FROM key_results k JOIN objectives o ON o.id = k.objective_id WHERE k.id > ? ORDER BY k.id LIMIT ?"
)
"""What the rules look at, as one would read it by hand."""


async def build(session: Session, key_results: int) -> None:
    """So many people, each under one of twenty, with an objective each: copies of the first two, one statement a table."""
    await staff.take_in(session, [employee(0), employee(1)], QUARTER)
    cycle = await cycles.running(session, MONDAY.date())
    drafts = [
        Draft(title, Measure(Kind.NUMBER, "人", start=Decimal(0), target=Decimal(1000)), origin=origin)
        for title, origin in (
            ("客流", Origin.TOP_DOWN),
            ("会员", Origin.TOP_DOWN),
            ("订单", Origin.BOTTOM_UP),
        )
    ]
    for number in (1, 2):
        made = await objectives.create(session, number, cycle, "提升业绩", drafts, None, QUARTER)
        await objectives.activate(session, made, QUARTER)
    people = key_results // OF_ONE
    count = f"WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {people})"
    above = f"(i - 2) / {BELOW} + 1"
    await session.run(
        "INSERT INTO employees (id, number, name, department, position, grade, manager_id, region, store, store_type,"
        " employment, mobile, active, home, last_platform)"
        f" {count} SELECT i, 'C' || i, name, department, position, grade, {above}, '', '', '', '', '', active, '', ''"
        " FROM n CROSS JOIN employees WHERE id = 2"
    )
    await session.run(
        "INSERT INTO objectives (id, cycle_id, owner_id, title, state, version, created_at, active_at, parent_kr_id)"
        f" {count} SELECT i, cycle_id, i, title, state, 1, created_at, active_at, {OF_ONE} * ({above}) - 2"
        " FROM n CROSS JOIN objectives WHERE id = 2"
    )
    await session.run(
        f"INSERT INTO key_results (id, objective_id, {_COPIED})"
        f" {count} SELECT {OF_ONE} * (i - 1) + position, i, {_COPIED}"
        " FROM n CROSS JOIN key_results WHERE objective_id = 2"
    )
    await session.run("UPDATE objectives SET parent_kr_id = 1 WHERE id = 2")
    for at, share in ((WEEK_BEFORE, "0.5"), (FRIDAY, "0.64")):
        await session.run(
            "INSERT INTO check_ins (key_result_id, value, confidence, note, on_at, recorded_at, author_id, source, platform)"
            f" SELECT id, CASE WHEN objective_id % {LAGGING} = 0 THEN 300 ELSE 1000 * {share} END, 7, '', ?, ?, NULL, '谁',"
            " 'dingtalk' FROM key_results",
            at,
            at,
        )
    await session.run(
        f"UPDATE key_results SET value = CASE WHEN objective_id % {LAGGING} = 0 THEN 300 ELSE 640 END, value_at = ?,"
        " confidence = 7",
        FRIDAY,
    )
    if session.for_update:  # as PostgreSQL does by itself after a while, and SQLite never
        await session.all("ANALYZE")


async def _by_hand(session: Session) -> int:
    seen, last = 0, 0
    while rows := await session.all(_ROWS, last, CHUNK):
        seen, last = seen + len(rows), rows[-1][0]
    return seen


def _of(watch: Watch, policy: Policy) -> Callable[[Session], Awaitable[int]]:
    async def look(session: Session) -> int:
        return len(await watch.look(Glance(session, MONDAY, policy)))

    return look


async def all_rules(session: Session, policy: Policy) -> int:
    """One pass of all reminders as of a Monday morning; how much they would say."""
    return sum([await _of(watch, policy)(session) for watch in WATCHES])


def _most_memory(*, anew: bool = False) -> float:
    """The most that this process has held, in MB; `anew`: from here on."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


async def measured(database: Database, pairs: int) -> dict[str, float]:
    """Medians of pairs, each side by turns. Memory is each side's first time over what was held before it."""
    policy = policy_of(Settings(company=Company(admins=(employee(0).number,))))
    sides = {"sql": _by_hand, "rules": lambda session: all_rules(session, policy)}
    took: dict[str, list[float]] = {}
    for number in range(pairs + 1):
        for name, side in sides.items():
            before = _most_memory(anew=True)
            start = perf_counter()
            found = await database.read(side)
            spent = 1000 * (perf_counter() - start)
            if number:  # the first is a warm-up, and later ones use what it has given back
                took.setdefault(name, []).append(spent)
                took.setdefault(f"{name} found", []).append(found)
            else:
                took[f"{name} MB"] = [_most_memory() - before]
    for watch in WATCHES:
        start = perf_counter()
        await database.read(_of(watch, policy))  # type: ignore[arg-type]  # a coroutine
        took[str(watch.reminder)] = [1000 * (perf_counter() - start)]
    return {name: median(times) for name, times in took.items()}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key-results", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=5)
    told = parser.parse_args()
    async with Database(told.url) as database:
        await database.upgrade()
        await database.transact(lambda session: build(session, told.key_results))
        found = await measured(database, told.pairs)
    told.file.write_text(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
