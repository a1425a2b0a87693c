"""A chain of ten thousand people who sell: goals with two months of reports, a quarter of daily figures."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from okr.objectives import Basis, Cycle, Kind, Measure
from okr.policy import SHANGHAI
from sheets.staff import StaffRow
from storage import cycles, objectives, staff
from storage.database import Database
from storage.lots import MICROS
from storage.objectives import Draft
from storage.session import Session

CREW, SHOPS_OF_REGION = 10, 25
DAYS = 90
TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 17, tzinfo=SHANGHAI)
"""A Friday afternoon."""
REPORTS = 8
_ROWS = 400
_DRAFTS = tuple(
    Draft(title, Measure(Kind.NUMBER, unit, Basis.LATEST, start=Decimal(0), target=Decimal(1000)))
    for title, unit in (("客户拜访量", "次"), ("成交客户数", "家"), ("团购销售额", "元"))
)


def number(n: int) -> str:
    return f"C{n:05}"


def _people(count: int) -> list[StaffRow]:
    rows = [StaffRow("C", "总经理", "压测连锁", joined_on=date(2020, 1, 1))]
    for n in range(count):
        shop = n // CREW
        region = f"{shop // SHOPS_OF_REGION}区"
        head = shop * CREW
        rows.append(
            StaffRow(
                number(n),
                f"员工{n}",
                f"压测连锁/{region}/{shop}店",
                position="店长" if n == head else "销售顾问",
                manager_number="C" if n == head else number(head),
                region=region,
                store=f"{shop}店",
                store_type="社区店",
                joined_on=date(2024, 1, 1),
            )
        )
    return rows


async def build(database: Database, count: int) -> None:
    """Everything in a fresh database."""
    await database.transact(lambda session: staff.take_in(session, _people(count), NOW))
    cycle = await database.transact(lambda session: cycles.running(session, TODAY))
    rows = await database.read(
        lambda session: session.all("SELECT id FROM employees WHERE number <> 'C' ORDER BY id")
    )
    ids = [row[0] for row in rows]
    for begin in range(0, count, 200):
        some = ids[begin : begin + 200]
        await database.transact(lambda session, some=some: _goals(session, some, cycle))  # type: ignore[misc]
    dice = random.Random(7)
    await database.transact(lambda session: _reports(session, dice))
    await database.transact(lambda session: _figures(session, ids, dice))


async def _goals(session: Session, ids: Sequence[int], cycle: Cycle) -> None:
    for one in ids:
        made = await objectives.create(session, one, cycle, "把市场做大", _DRAFTS, None, NOW)
        await objectives.activate(session, made, NOW)


async def _reports(session: Session, dice: random.Random) -> None:
    """A report a week of every key result, and the last as its value."""
    rows = await session.all("SELECT id FROM key_results ORDER BY id")
    lines: list[tuple[object, ...]] = []
    for row in rows:
        value = 0
        for week in range(REPORTS, 0, -1):
            value += dice.randint(10, 90)
            at = datetime.combine(TODAY - timedelta(days=7 * week - 6), NOW.timetz()).astimezone(UTC)
            lines.append((row[0], Decimal(value), at, at, "员工", "dingtalk", ""))
    await _insert(
        session,
        "check_ins (key_result_id, value, on_at, recorded_at, source, platform, note)",
        lines,
        _ROWS // 2,
    )
    await session.run(
        "UPDATE key_results SET value = (SELECT max(c.value) FROM check_ins c WHERE c.key_result_id = key_results.id),"
        " value_at = ?, value_source = ?",
        NOW,
        "员工",
    )


async def _figures(session: Session, ids: Sequence[int], dice: random.Random) -> None:
    """Takings of a quarter, visits and deals of three weeks, by person."""
    await session.run("INSERT INTO metric_sources (name, heard_at, newest_at) VALUES ('CRM', ?, ?)", NOW, NOW)
    keys = [(metric, "", one) for metric in ("sales", "visits", "deals") for one in ids]
    await _insert(session, "metric_series (metric, unit, employee_id)", keys, _ROWS)
    series = await session.all("SELECT id, metric FROM metric_series ORDER BY id")
    await _insert(
        session,
        "metric_days (series_id, day, total, points, last_value, last_at, source_id)",
        list(_days([(row[0], row[1]) for row in series], dice)),
        _ROWS // 2,
    )


def _days(series: Sequence[tuple[int, str]], dice: random.Random) -> Iterator[tuple[object, ...]]:
    at = NOW.astimezone(UTC)
    for number_, metric in series:
        for back in range(DAYS if metric == "sales" else 21):
            total = int(dice.randint(0, {"sales": 9000, "visits": 6, "deals": 2}[metric]) * MICROS)
            yield number_, TODAY - timedelta(days=back), total, 1, total, at, 1


async def _insert(session: Session, into: str, lines: Sequence[tuple[object, ...]], together: int) -> None:
    width = f"({', '.join('?' * len(lines[0]))})"
    for begin in range(0, len(lines), together):
        some = lines[begin : begin + together]
        values = (value for line in some for value in line)
        await session.run(f"INSERT INTO {into} VALUES {', '.join([width] * len(some))}", *values)
