"""A watched folder: each file once by its content, none while it is being written."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.sources import folder
from bot.sources.pull import pull
from config.sources import DataSource, Fields, Folder
from okr.policy import Policy
from okr.pulling import PullFailed, Trouble
from sheets import reading
from sheets.writing import write_table
from storage import job_runs, sources
from storage.database import Database
from storage.job_runs import Claim
from tests.storage.company import NOON, TODAY, employ
from tests.storage.test_metrics import METRICS, days

D = Decimal
POLICY = Policy(metrics=METRICS)
HEAD = "门店,日期,销售额(元),客流\n"


@pytest.fixture
async def company(database: Database) -> Database:
    await database.transact(employ)
    return database


def put(path: Path, content: str | bytes, *, settled: bool = True) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if settled:
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def inbox(folder: Path, pattern: str = "*") -> DataSource:
    return DataSource(
        name="日报文件",
        folder=Folder(path=str(folder), pattern=pattern),
        fields=Fields(unit="门店", at="日期", values={"sales": "销售额(元)", "visitors": "客流"}),
    )


async def total(database: Database) -> Decimal:
    found = await database.read(lambda session: days(session, "西湖店"))
    return found.get(TODAY, (D(0), D(0)))[0]


async def test_each_file_is_read_once_by_its_content(company: Database, tmp_path: Path) -> None:
    put(tmp_path / "1.csv", f'{HEAD}西湖店,2026/11/24,"1,200",300\n')
    book = Workbook()
    for row in (["门店", "日期", "销售额(元)", "客流"], ["滨江店", "2026-11-24", 800, 200]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "2.xlsx")
    os.utime(tmp_path / "2.xlsx", (1_700_000_000, 1_700_000_000))

    first = await pull(company, inbox(tmp_path), NOON, POLICY)
    put(tmp_path / "the same again.csv", (tmp_path / "1.csv").read_bytes())
    again = await pull(company, inbox(tmp_path), NOON, POLICY)
    put(tmp_path / "1.csv", f"{HEAD}西湖店,2026/11/24,1300,300\n")
    corrected = await pull(company, inbox(tmp_path), NOON, POLICY)

    assert (first.outcome.accepted, again.outcome.accepted, again.outcome.duplicates) == (4, 0, 0)
    assert (corrected.outcome.accepted, corrected.outcome.duplicates) == (1, 1)
    assert await total(company) == 1300


async def unmapped(database: Database) -> tuple[int, str]:
    found = (await database.read(lambda session: sources.everything(session, "日报文件")))[0]
    return found.unmapped, found.example


async def test_what_could_not_be_taken_stays_in_sight_until_it_is_mended(
    company: Database, tmp_path: Path
) -> None:
    put(tmp_path / "1.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n西湖1号,2026-11-23,7,\n")
    source = inbox(tmp_path)
    await pull(company, source, NOON, POLICY)
    put(tmp_path / "2.csv", f"{HEAD}滨江店,2026-11-24,800,200\n")
    for _ in range(2):
        await pull(company, source, NOON, POLICY)
    assert await unmapped(company) == (1, "没有部门或门店「西湖1号」")

    told = source.model_copy(update={"units": {"西湖1号": "西湖店"}})
    assert (await pull(company, told, NOON, POLICY)).outcome.accepted == 1
    assert await unmapped(company) == (0, "")
    assert (await pull(company, told, NOON, POLICY)).outcome.duplicates == 0


async def test_what_is_corrected_in_the_file_is_out_of_sight(company: Database, tmp_path: Path) -> None:
    put(tmp_path / "1.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n西湖1号,2026-11-23,7,\n")
    await pull(company, inbox(tmp_path), NOON, POLICY)
    put(tmp_path / "1.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n西湖店,2026-11-23,7,\n")

    assert (await pull(company, inbox(tmp_path), NOON, POLICY)).outcome.accepted == 1
    assert await unmapped(company) == (0, "")


async def test_what_is_being_written_is_waited_for(company: Database, tmp_path: Path) -> None:
    put(tmp_path / "now.csv", f"{HEAD}西湖店,2026-11-24,12", settled=False)
    put(tmp_path / "day.csv.part", f"{HEAD}西湖店,2026-11-24,99,1\n")
    put(tmp_path / "~$day.xlsx", "lock")

    early = await pull(company, inbox(tmp_path), NOON, POLICY)
    put(tmp_path / "now.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n")
    late = await pull(company, inbox(tmp_path), NOON, POLICY)

    assert (early.outcome.accepted, late.outcome.accepted) == (0, 2)
    assert await total(company) == 1200


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"PK\x03\x04 half of a workbook", Trouble.FILE),
        ("<html><body>please log in</body></html>", Trouble.FILE),
        (b"\x00\x01\x02\x03", Trouble.FILE),
        ("Filiale,Tag,Umsatz\nA,1,2\n", Trouble.SHAPE),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_and_tried_again(
    company: Database, tmp_path: Path, content: str | bytes, trouble: Trouble
) -> None:
    put(tmp_path / "a.csv", content)

    for _ in range(2):
        with pytest.raises(PullFailed) as failed:
            await pull(company, inbox(tmp_path), NOON, POLICY)
        assert failed.value.trouble is trouble

    put(tmp_path / "a.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n")
    assert (await pull(company, inbox(tmp_path), NOON, POLICY)).outcome.accepted == 2


async def test_one_that_cannot_be_read_holds_up_no_other(company: Database, tmp_path: Path) -> None:
    for name, content in (
        ("a", "<html>"),
        ("b", f"{HEAD}西湖店,2026-11-24,1200,300\n"),
        ("c", b"PK\x03\x04"),
    ):
        put(tmp_path / f"{name}.csv", content)

    with pytest.raises(PullFailed, match=r"文件或文件夹读不了\(a\.csv\)"):
        await pull(company, inbox(tmp_path), NOON, POLICY)

    assert await total(company) == 1200
    known = (await company.read(lambda session: sources.everything(session, "日报文件")))[0]
    assert known.error == Trouble.FILE


async def test_a_long_table_is_taken_in_a_portion_at_a_time(
    company: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "ROWS", 2)
    lines = "".join(f"西湖店,2026-11-{day:02},{day},1\n" for day in range(1, 25))
    put(tmp_path / "long.csv", f"{HEAD}{lines},,,\n,,,\n滨江店,2026-11-24,5,1\n")

    assert (await pull(company, inbox(tmp_path), NOON, POLICY)).outcome.accepted == 50
    assert await total(company) == 24


async def test_a_workbook_that_is_too_long_is_said_to_be(
    company: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    days_ = [("西湖店", f"2026-11-{day}", 800, 200) for day in (21, 22, 23)]
    write_table(tmp_path / "long.xlsx", HEAD.strip().split(","), days_)
    os.utime(tmp_path / "long.xlsx", (1_700_000_000, 1_700_000_000))

    with pytest.raises(PullFailed, match="表格太长了,请分成几个文件,或者存成 CSV") as failed:
        await pull(company, inbox(tmp_path), NOON, POLICY)
    assert failed.value.trouble is Trouble.TOO_LONG


async def test_a_fetch_that_goes_on_shows_it(
    company: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sources.pull.SHOWS", 0.0)
    put(tmp_path / "a.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n")
    run = Claim("pull:日报文件", NOON, NOON, NOON)
    await company.transact(lambda session: job_runs.claim(session, run))

    await pull(company, inbox(tmp_path), NOON, POLICY)

    assert (await company.read(job_runs.last))["pull:日报文件"].started_at > NOON


async def test_only_what_is_named_so(company: Database, tmp_path: Path) -> None:
    put(tmp_path / "销售1.csv", f"{HEAD}西湖店,2026-11-24,1200,300\n")
    put(tmp_path / "工资.csv", "姓名,工资\n李四,1\n")

    assert (await pull(company, inbox(tmp_path, "销售*.csv"), NOON, POLICY)).outcome.accepted == 2


async def test_no_such_folder(company: Database, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="文件或文件夹读不了"):
        await pull(company, inbox(tmp_path / "gone"), NOON, POLICY)
