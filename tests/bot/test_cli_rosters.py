"""okrbot import roster, as it is typed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from sheets.writing import write_table
from tests.bot.command_line import Typed

HEADINGS = ("工号", "日期", "开始", "结束")
SOON = datetime.now(UTC).date() + timedelta(days=3)
DAY, NIGHT = ("E1", SOON, time(9), time(18)), ("e2", SOON, time(22), time(6))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_roster_is_checked_taken_in_and_changed(typed: Typed, tmp_path: Path, ending: str) -> None:
    write_table(tmp_path / "staff.csv", ("工号", "姓名"), [("E1", "甲"), ("E2", "乙")])
    typed("import", "staff", "staff.csv")
    name = f"排班.{ending}"
    write_table(tmp_path / name, HEADINGS, [DAY, NIGHT])

    assert typed("import", "roster", name, "--dry-run").out == "2 行都没问题(只检查,没有写入)\n"
    assert typed("import", "roster", name).out == "导入完成:2 人 2 天的班,其中改了原来排好的 0 天\n"
    write_table(tmp_path / name, HEADINGS, [("E1", SOON, "休", ""), NIGHT])
    assert typed("import", "roster", name).out == "导入完成:2 人 2 天的班,其中改了原来排好的 1 天\n"


def test_a_wrong_row_is_named_and_nothing_is_taken_in(typed: Typed, tmp_path: Path) -> None:
    write_table(tmp_path / "staff.csv", ("工号", "姓名"), [("E1", "甲")])
    typed("import", "staff", "staff.csv")
    write_table(tmp_path / "排班.csv", HEADINGS, [DAY, ("E9", SOON, time(9), "晚")])

    wrong = typed("import", "roster", "排班.csv")
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.splitlines() == [
        "okrbot: 第 3 行 工号:E9 不在在职人员里",
        "okrbot: 第 3 行 结束:「晚」不是时间,请写成 10:00",
        "okrbot: 2 处要改,一行都没有导入",
    ]
    write_table(tmp_path / "排班.csv", HEADINGS, [DAY])
    assert "1 人 1 天的班,其中改了原来排好的 0 天" in typed("import", "roster", "排班.csv").out


def test_what_is_no_roster_is_said_to_be_none(typed: Typed, tmp_path: Path) -> None:
    typed("db", "upgrade")
    write_table(tmp_path / "排班.csv", ("工号", "日期"), [("E1", SOON)])
    said = typed("import", "roster", "排班.csv")

    assert said.code == 1
    assert "表头里缺少开始、结束" in said.err
