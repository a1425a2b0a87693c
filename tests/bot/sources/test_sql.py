"""Business data fetched by a query: of PostgreSQL, SQLite and, where one runs here, MySQL."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from pymysql.err import OperationalError
from structlog.testing import capture_logs

from bot.sources.pull import probe, pull
from config.sources import DataSource, Fields, Sql
from okr.policy import Policy
from okr.pulling import PullFailed, Trouble
from storage import foreign
from storage.database import Database
from storage.session import Session
from tests.storage.company import NOON, TODAY, employ
from tests.storage.test_metrics import METRICS, days

D = Decimal
POLICY = Policy(metrics=METRICS)
QUERY = "SELECT no, shop, clerk, paid_at, amount FROM sales WHERE paid_at >= :since ORDER BY no"
ROWS = [
    (1, "西湖店", "E0102", "2026-11-24 09:02:00", "128.50"),
    (2, "西湖店", "E0103", "2026-11-24 10:02:00", "-28.50"),
    (3, "滨江店", None, "2026-07-01 10:02:00", "7"),
]


def warehouse(dsn: str, query: str = QUERY, patience: float = 10.0) -> DataSource:
    return DataSource(
        name="数仓",
        timeout=patience,
        sql=Sql(dsn=SecretStr(dsn), query=query),
        fields=Fields(id="no", unit="shop", employee="clerk", at="paid_at", values={"sales": "amount"}),
    )


async def fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "CREATE TABLE sales (no int, shop text, clerk text, paid_at timestamptz, amount numeric)"
    )
    await connection.executemany(
        "INSERT INTO sales VALUES ($1, $2, $3, $4, $5)",
        [
            (no, shop, clerk, datetime.fromisoformat(f"{at}+08:00"), D(amount))
            for no, shop, clerk, at, amount in ROWS
        ],
    )
    await connection.close()


@pytest.fixture
async def company(sqlite: Database) -> Database:
    await sqlite.transact(employ)
    return sqlite


async def taken(database: Database) -> dict[date, tuple[Decimal, Decimal]]:
    async def work(session: Session) -> dict[date, tuple[Decimal, Decimal]]:
        return await days(session, "西湖店")

    return await database.read(work)


async def test_rows_of_postgresql_become_points(company: Database, postgres_empty_url: str) -> None:
    await fill(postgres_empty_url)

    brought = await pull(company, warehouse(postgres_empty_url), NOON, POLICY)

    assert (brought.outcome.accepted, brought.rejected) == (2, 0)
    assert await taken(company) == {TODAY: (D(100), D(100))}
    assert await probe(warehouse(postgres_empty_url), NOON, POLICY) == ""


@pytest.mark.parametrize(
    ("query", "trouble"),
    [
        ("SELECT nothing FROM sales", Trouble.QUERY),
        ("SELECT * FROM gone", Trouble.QUERY),
        ("SELEC 1", Trouble.QUERY),
        ("SELECT pg_sleep(60)", Trouble.TIMEOUT),
        ("SELECT 1 AS one", Trouble.SHAPE),
        ("UPDATE sales SET amount = 0 RETURNING *", Trouble.WRITES),
        ("DELETE FROM sales RETURNING no", Trouble.WRITES),
    ],
)
async def test_a_query_that_cannot_be_is_told_and_writes_nothing(
    company: Database, postgres_empty_url: str, query: str, trouble: Trouble
) -> None:
    await fill(postgres_empty_url)

    with pytest.raises(PullFailed) as failed:
        await pull(
            company, warehouse(postgres_empty_url, query, 1.0 if "sleep" in query else 10.0), NOON, POLICY
        )

    assert failed.value.trouble is trouble
    connection = await asyncpg.connect(postgres_empty_url)
    assert await connection.fetchval("SELECT sum(amount) FROM sales") == D(107)
    await connection.close()


async def test_the_dsn_is_nowhere_to_be_read(company: Database) -> None:
    source = warehouse("postgres://reader:hush-hush@127.0.0.1:1/till")

    with capture_logs() as logs, pytest.raises(PullFailed) as failed:
        await pull(company, source, NOON, POLICY)

    assert failed.value.trouble is Trouble.REFUSED
    assert failed.value.__cause__ is None
    assert "hush-hush" not in repr(logs) + str(failed.value) + repr(source) + await probe(
        source, NOON, POLICY
    )


async def test_many_rows_pass_through_in_portions(company: Database, postgres_empty_url: str) -> None:
    query = (
        "SELECT n AS no, '西湖店' AS shop, NULL AS clerk, :now - n * interval '1 second' AS paid_at, 1 AS amount"
        " FROM generate_series(1, 12000) n"
    )

    brought = await pull(company, warehouse(postgres_empty_url, query), NOON, POLICY)

    assert brought.outcome.accepted == 12_000
    assert await taken(company) == {TODAY: (D(12_000), D(12_000))}


async def test_sqlite(company: Database, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "till.db") as till:
        till.execute("CREATE TABLE sales (no, shop, clerk, paid_at, amount)")
        till.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?)", ROWS)
    till.close()
    dsn = f"sqlite://{tmp_path / 'till.db'}"

    brought = await pull(company, warehouse(dsn), NOON, POLICY)
    again = await pull(company, warehouse(dsn), NOON + timedelta(hours=1), POLICY)

    assert (brought.outcome.accepted, again.outcome.accepted, again.outcome.duplicates) == (2, 0, 2)
    for query, trouble in (
        ("DELETE FROM sales RETURNING *", Trouble.WRITES),
        ("SELECT * FROM gone", Trouble.QUERY),
    ):
        with pytest.raises(PullFailed) as failed:
            await pull(company, warehouse(dsn, query), NOON, POLICY)
        assert failed.value.trouble is trouble
    with pytest.raises(PullFailed) as gone:
        await pull(company, warehouse(f"sqlite://{tmp_path / 'no.db'}"), NOON, POLICY)
    assert gone.value.trouble is Trouble.FILE


class OneThreadEach(ThreadPoolExecutor):
    """Whatever is asked for is done in a thread that has done nothing else."""

    def submit(self, *asked: Any, **more: Any) -> Future[Any]:
        once = ThreadPoolExecutor(1)
        try:
            return once.submit(*asked, **more)
        finally:
            once.shutdown(wait=False)


async def test_sqlite_is_read_by_whichever_thread_is_free(company: Database, tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    with sqlite3.connect(path) as till:
        till.execute("CREATE TABLE sales (no, shop, clerk, paid_at, amount)")
        till.executemany(
            "INSERT INTO sales VALUES (?, '西湖店', NULL, ?, 1)",
            [(n, f"{TODAY} 08:00:00") for n in range(2 * foreign.ROWS + 1)],
        )
    till.close()
    asyncio.get_running_loop().set_default_executor(OneThreadEach())

    brought = await pull(company, warehouse(f"sqlite://{path}"), NOON, POLICY)

    assert brought.outcome.accepted == 2 * foreign.ROWS + 1


async def test_mysql_that_is_not_there(company: Database) -> None:
    source = warehouse("mysql://reader:hush-hush@127.0.0.1:1/till")

    with pytest.raises(PullFailed) as failed:
        await pull(company, source, NOON, POLICY)

    assert failed.value.trouble is Trouble.REFUSED
    assert "hush" not in str(failed.value)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (1045, Trouble.AUTH),
        (1049, Trouble.NOT_FOUND),
        (1054, Trouble.QUERY),
        (1792, Trouble.WRITES),
        (1969, Trouble.TIMEOUT),
        (2003, Trouble.UNREACHABLE),
        (4711, Trouble.OTHER),
    ],
)
def test_what_mysql_says(code: int, trouble: Trouble) -> None:
    assert foreign._trouble(OperationalError(code, "Access denied for user 'hush-hush'")) is trouble
