"""okrbot jobs and okrbot check, of systems that business data are fetched from."""

from __future__ import annotations

import os
from pathlib import Path

from tests.bot.command_line import Typed, started
from tests.bot.test_cli_metrics import prepared

CONFIG = """\
company: {admins: [E0101]}
sources:
  - name: 日报文件
    schedule: 6:40
    folder: {path: in}
    fields: {unit: 门店, at: 日期, values: {sales: 销售额}}
  - name: 数仓
    sql: {dsn: "postgres://reader:hush-hush@127.0.0.1:1/till", query: SELECT 1}
    fields: {unit: shop, at: day, values: {sales: amount}}
"""


def configured(typed: Typed) -> None:
    prepared(typed)
    Path("bot.yaml").write_text(CONFIG, encoding="utf-8")
    Path("in").mkdir()
    Path("in/1.csv").write_text(
        "门店,日期,销售额\n西湖店,2026-01-05,128.5\n西胡店,2026-01-05,1\n", encoding="utf-8"
    )
    os.utime("in/1.csv", (1_700_000_000, 1_700_000_000))


def test_they_are_listed_and_run_once_a_moment(typed: Typed) -> None:
    configured(typed)

    listed = typed("jobs", "list").out.splitlines()
    assert [line.split("\t")[0] for line in listed if line.startswith("pull:")] == [
        "pull:日报文件",
        "pull:数仓",
    ]
    assert any("从「日报文件」拉业务数据" in line and " 06:40" in line for line in listed)
    at = ("--at", "2026-01-06T06:40")
    first = typed("jobs", "run", "pull:日报文件", *at)
    assert first.out.splitlines()[-1] == "pull:日报文件: 1 new, 0 known, 1 rejected"
    assert (
        typed("jobs", "run", "pull:日报文件", *at).out == "pull:日报文件: 这个时刻已经运行过了,什么都没做\n"
    )


def test_one_that_fails_says_why_in_one_line_without_a_secret(typed: Typed) -> None:
    configured(typed)

    failed = typed("jobs", "run", "pull:数仓")

    assert failed.code == 1
    assert failed.err == "okrbot: pull:数仓 没有拉到:对方拒绝连接,服务可能没开\n"


def test_its_errors_are_one_line_and_no_traceback(typed: Typed) -> None:
    configured(typed)

    failed = started(Path(), "jobs", "run", "pull:数仓")

    assert failed.code == 1
    assert failed.err == "okrbot: pull:数仓 没有拉到:对方拒绝连接,服务可能没开\n"


def test_check_tries_each(typed: Typed) -> None:
    configured(typed)

    checked = typed("check", "--online")

    assert checked.code == 1
    assert "正常  数据源「日报文件」读得到,字段都在\n" in checked.out
    assert "错误  数据源「数仓」:对方拒绝连接,服务可能没开\n" in checked.out
    assert "hush-hush" not in checked.out + checked.err
