"""okrbot import metrics: all rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli import importing_metrics
from bot.intake import Intake
from storage.ingesting import Delivery, Outcome
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


def long(*values: str) -> str:
    lines = "".join(f"r{n},销售额,西湖店,2026-01-05,{value}\n" for n, value in enumerate(values))
    return f"编号,指标,门店,日期,数值\n{lines}"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of three."""
    monkeypatch.setattr(importing_metrics, "PORTION", 3)


@pytest.mark.usefixtures("few")
def test_a_long_file_is_taken_a_portion_at_a_time(typed: Typed) -> None:
    prepared(typed)
    Path("data.csv").write_text(long(*map(str, range(10))), encoding="utf-8")

    assert typed("import", "metrics", "data.csv").out == "导入完成:收下 10 个数,0 个早就有了\n"
    assert typed("import", "metrics", "data.csv").out == "导入完成:收下 0 个数,10 个早就有了\n"


@pytest.mark.usefixtures("few")
def test_what_is_wrong_far_down_keeps_all_out(typed: Typed) -> None:
    prepared(typed)
    Path("data.csv").write_text(
        f"{long(*map(str, range(8)))}r9,销售额,西湖店,2026-01-05,很多\nr0,销售额,西湖店,2026-01-05,1\n",
        encoding="utf-8",
    )

    refused = typed("import", "metrics", "data.csv")

    assert "第 10 行:数值不是数:很多" in refused.err
    assert "第 11 行:和第 2 行说的是同一个数" in refused.err
    Path("data.csv").write_text(long(*map(str, range(8))), encoding="utf-8")
    assert "收下 8 个数,0 个早就有了" in typed("import", "metrics", "data.csv").out


@pytest.mark.usefixtures("few")
def test_every_wrong_line_is_named_in_the_words_of_the_table(typed: Typed) -> None:
    prepared(typed)
    wrong = [
        "r9,利润,西湖店,2026-01-05,1",
        "r10,销售额,,2026-01-05,1",
        "r11,销售额,西湖店,昨天,1",
        "r12,销售额,西湖店,2026-01-05,",
        "r13,销售额,西湖店,2026-01-05,1,280",
        "r14,,西湖店,2026-01-05,1",
        "r15,销售额,西湖店,2026-01-05,2,560,0",
    ]
    Path("data.csv").write_text("\n".join((long("1", "2") + "\n".join(wrong)).splitlines()), encoding="utf-8")

    refused = typed("import", "metrics", "data.csv").err.replace("okrbot: ", "").splitlines()

    assert "第 4 行:没有指标 利润,有:sales(销售额)" in refused[0]
    assert refused[1:] == [
        "第 5 行:没有写门店或部门",
        "第 6 行:时间不对:昨天,要像 2026-11-23 或 2026-11-23 18:02",
        "第 7 行:没有写数值",
        "第 9 行:没有写指标",
        "data.csv 第 8 行有 6 格,表头只有 5 格:内容里的分隔符要用引号括起来。第 10 行也是",
        "5 处要改,一行都没有导入",
    ]


@pytest.mark.usefixtures("few")
def test_of_very_many_wrong_lines_the_first_are_named(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_metrics, "TELLS", 4)
    prepared(typed)
    Path("data.csv").write_text(long(*["多"] * 9), encoding="utf-8")

    refused = typed("import", "metrics", "data.csv").err

    assert refused.count("数值不是数") == 4
    assert "还有 5 处,没有一一列出" in refused
    assert "9 处要改,一行都没有导入" in refused


@pytest.mark.usefixtures("few")
def test_what_breaks_off_says_how_many_were_taken_and_goes_on_the_next_time(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(Intake):
        portions = 0

        async def take(self, raw: Sequence[Any], delivery: Delivery, *, blame: bool = False) -> Outcome:
            self.portions += 1
            if self.portions == 3:
                raise OSError("database or disk is full")
            return await super().take(raw, delivery, blame=blame)

    prepared(typed)
    Path("data.csv").write_text(long(*map(str, range(10))), encoding="utf-8")
    with monkeypatch.context() as full:
        full.setattr(importing_metrics, "Intake", Full)
        broken = typed("import", "metrics", "data.csv")

    assert broken.code == 1
    assert "导到一半断了:database or disk is full。收下 6 个数,0 个早就有了" in broken.err
    assert "收下 4 个数,6 个早就有了" in typed("import", "metrics", "data.csv").out
