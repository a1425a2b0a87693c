"""Two hundred people with three key results each, in a fresh database: `python -m bench.company URL FILE [--crowd N]`.

A process of its own, since the ORM keeps statements of one dialect for a process's life. FILE takes the accounts and
the numbers of their key results, for the load generator.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from config.reminders import KEYS
from okr.objectives import Basis, Cycle, Kind, Measure
from sheets.staff import StaffRow
from storage import cycles, objectives, staff
from storage.database import Database
from storage.objectives import Draft
from storage.session import Session

PEOPLE = 200
CORP_ID, AGENT_ID = "wwbench", 1000002
SECRET = "only-in-the-bench"
AES_KEY = "benchbench0benchbench0benchbench0benchbench"
CLIENT_ID = "dingbench"

_DRAFTS = tuple(
    Draft(title, Measure(Kind.NUMBER, unit, Basis.LATEST, start=Decimal(0), target=Decimal(1000)))
    for title, unit in (("生鲜区客流量", "人"), ("会员注册", "人"), ("线上订单", "单"))
)


def bot_yaml(database_url: str, load: str, port: int, *, wecom: bool) -> str:
    """The file for `okrbot run`; `load` is the address of the load generator, which plays the platforms.

    No reminder goes out: what falls due while something else is measured would be measured with it.
    """
    quiet = ", ".join(f"{key}: {{enabled: false}}" for key in KEYS)
    return f"""\
company: {{name: 压测公司}}
storage: {{url: "{database_url}"}}
server: {{host: 127.0.0.1, port: {port}}}
ingest: {{tokens: [{{name: POS, token: {SECRET}}}]}}
dingtalk:
  enabled: {str(not wecom).lower()}
  client_id: {CLIENT_ID}
  client_secret: {SECRET}
  api_base: {load}
  oapi_base: {load}
  monthly_api_calls: 0
  monthly_pushes: 0
reminders: {{{quiet}}}
wecom:
  enabled: {str(wecom).lower()}
  corp_id: {CORP_ID}
  api_base: {load}
  app: {{agent_id: {AGENT_ID}, secret: {SECRET}, token: {SECRET}, encoding_aes_key: {AES_KEY}}}
"""


def employee(n: int) -> StaffRow:
    """A line of the staff file."""
    return StaffRow(
        number=f"B{n:04}",
        name=f"员工{n}",
        department="压测公司/门店",
        position="店长",
        grade="M2",
        manager_number="" if n == 0 else "B0000",
        region="",
        store="",
        store_type="",
        employment="",
        mobile="",
        joined_on=None,
        active=True,
        home_platform="",
        dingtalk_id=f"ding{n}",
        wecom_id=f"wecom{n}",
    )


async def _furnish(session: Session) -> list[tuple[int, list[int]]]:
    """Everybody with an objective in force; returns each one's place in the file and key results."""
    now = datetime.now(UTC)
    await staff.take_in(session, [employee(n) for n in range(PEOPLE)], now)
    ids = {row[0]: row[1] for row in await session.all("SELECT number, id FROM employees")}
    cycle = await cycles.running(session, now.date())
    return [
        (n, await _objective(session, ids[f"B{n:04}"], cycle, "提升门店业绩", now)) for n in range(PEOPLE)
    ]


async def _objective(session: Session, owner: int, cycle: Cycle, title: str, now: datetime) -> list[int]:
    objective_id = await objectives.create(session, owner, cycle, title, _DRAFTS, None, now)
    await objectives.activate(session, objective_id, now)
    objective = await objectives.by_id(session, objective_id)
    assert objective is not None
    return [kr.id for kr in objective.key_results]


async def _crowd(session: Session, wanted: int) -> None:
    """So many key results of people who never ask, a few each as everybody has: copies of one person and his objective,
    as far as anybody may be, so that nobody has to be reminded.

    One statement a table: a hundred thousand by the ordinary way would take a minute on PostgreSQL.
    """
    now = datetime.now(UTC)
    await staff.take_in(session, [replace(employee(PEOPLE), dingtalk_id="", wecom_id="")], now)
    row = await session.one("SELECT id FROM employees WHERE number = ?", f"B{PEOPLE:04}")
    assert row is not None
    first: int = row[0]
    cycle = await cycles.running(session, now.date())
    await _objective(session, first, cycle, "众", now)
    await session.run(
        "INSERT INTO employees (number, name, department, position, grade, manager_id, region, store, store_type,"
        " employment, mobile, active, home, last_platform)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " SELECT e.number || '-' || n.i, e.name, e.department, e.position, e.grade, e.manager_id, '', '', '', '', '',"
        " e.active, '', '' FROM employees e CROSS JOIN n WHERE e.id = ?",
        wanted // len(_DRAFTS),
        first,
    )
    await session.run(
        "INSERT INTO objectives (cycle_id, owner_id, title, state, version, created_at, active_at)"
        " SELECT o.cycle_id, e.id, o.title, o.state, 1, o.created_at, o.active_at"
        " FROM objectives o CROSS JOIN employees e WHERE o.owner_id = ? AND e.id > ?",
        first,
        first,
    )
    columns = (
        "position, title, kind, unit, basis, start_value, target_value, cumulative, milestones, rungs, weight, state,"
        " metric, metric_own, doubts, value_source, value_typed"
    )
    await session.run(
        f"INSERT INTO key_results (objective_id, value, value_at, {columns})"
        f" SELECT o.id, 990, ?, {', '.join('k.' + name.strip() for name in columns.split(','))} FROM objectives o"
        " JOIN key_results k ON k.objective_id = (SELECT min(id) FROM objectives WHERE owner_id = ?)"
        " WHERE o.owner_id > ?",
        now,
        first,
        first,
    )


def _accounts(prefix: str, furnished: list[tuple[int, list[int]]]) -> Iterator[tuple[str, list[int]]]:
    return ((f"{prefix}{n}", krs) for n, krs in furnished)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--prefix", default="ding")
    parser.add_argument("--crowd", type=int, default=0)
    told = parser.parse_args()
    async with Database(told.url) as database:
        await database.upgrade()
        furnished = await database.transact(_furnish)
        if told.crowd:
            await database.transact(lambda session: _crowd(session, told.crowd))
    told.file.write_text(json.dumps(list(_accounts(told.prefix, furnished))))


if __name__ == "__main__":
    asyncio.run(main())
