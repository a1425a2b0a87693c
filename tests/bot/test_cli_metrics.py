"""okrbot import metrics: all rows or none."""

from __future__ import annotations

from pathlib import Path

from tests.bot.command_line import Typed

STAFF = "工号,姓名,部门,门店\nE0101,王店,总部/华东区/西湖店,西湖店\n"
GOOD = "指标,门店,工号,日期,数值\n销售额,西湖店,,2026-01-05,128.5\nvisitors,西湖店,E0101,2026-01-05 10:00,7\n"


def prepared(typed: Typed) -> None:
    Path("staff.csv").write_text(STAFF, encoding="utf-8")
    assert typed("import", "staff", "staff.csv").code == 0


def test_rows_come_in_once(typed: Typed) -> None:
    prepared(typed)
    Path("data.csv").write_text(GOOD, encoding="utf-8")

    assert typed("import", "metrics", "data.csv", "--dry-run").out == "2 行都没问题(只检查,没有写入)\n"
    assert typed("import", "metrics", "data.csv").out == "导入完成:收下 2 个数,0 个早就有了\n"
    assert typed("import", "metrics", "data.csv").out == "导入完成:收下 0 个数,2 个早就有了\n"


def test_one_bad_row_keeps_all_out_and_is_named(typed: Typed) -> None:
    prepared(typed)
    bad = f"{GOOD}销售额,西胡店,,2026-01-06,1\n销售额,西湖店,,2026-01-05,3\n"
    Path("data.csv").write_text(bad, encoding="utf-8")

    refused = typed("import", "metrics", "data.csv")

    assert refused.code == 1
    assert "第 4 行:没有部门或门店「西胡店」" in refused.err
    assert "第 5 行:和第 2 行说的是同一个数" in refused.err
    assert "2 处要改,一行都没有导入" in refused.err
    Path("data.csv").write_text(GOOD, encoding="utf-8")
    assert "收下 2 个数" in typed("import", "metrics", "data.csv").out


def test_a_missing_column_is_one_readable_line(typed: Typed) -> None:
    prepared(typed)
    Path("data.csv").write_text("门店,日期\n西湖店,2026-01-05\n", encoding="utf-8")

    refused = typed("import", "metrics", "data.csv")

    assert (refused.code, "缺列:指标、数值" in refused.err) == (1, True)
