"""okrbot import okr, okrbot export okr and checkins."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from okr.cycle import quarter_of
from okr.moments import day_of
from okr.policy import SHANGHAI
from sandbox.sample_company import furnish
from sheets.writing import write_table
from storage.database import Database
from tests.bot.command_line import Typed
from tests.engines import in_a_loop_of_its_own

NOW = datetime.now(UTC)
CYCLE = quarter_of(day_of(NOW, SHANGHAI)).name
HEADER = (
    "工号", "周期", "目标", "关键结果", "单位", "起始值", "目标值", "上限", "步骤", "权重", "承诺/挑战", "对齐", "当前值",
)  # fmt: skip
SALES = ("E1", CYCLE, "样板店", "销售额", "元", "0", "240万", "", "", "2", "", "", "1310000")
VISITS = ("E2", CYCLE, "提升业绩", "客流量", "人", "1000", "1100", "", "", "30%", "挑战", "E1/销售额", "1050")
QUALITY = ("E2", CYCLE, "提升业绩", "客诉率", "%", "", "", "2", "", "", "", "", "1.6")
EVIL = ("E2", CYCLE, "提升业绩", "=1+1", "", "", "", "", "定方案(完成);装修(权重 2)", "", "", "", "")
ALL = (SALES, VISITS, QUALITY, EVIL)


@pytest.fixture
def staffed(typed: Typed, tmp_path: Path) -> Path:
    write_table(tmp_path / "staff.csv", ("工号", "姓名", "上级工号"), [("E1", "甲", ""), ("E2", "乙", "E1")])
    typed("import", "staff", "staff.csv")
    return tmp_path


def written(folder: Path, rows: Sequence[Sequence[str]], name: str = "okr.csv") -> str:
    write_table(folder / name, HEADER, rows)
    return name


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_goals_are_checked_taken_in_and_updated(typed: Typed, staffed: Path, ending: str) -> None:
    name = written(staffed, ALL, f"okr.{ending}")
    looked = typed("import", "okr", name, "--dry-run")
    assert looked.out == "没问题:会新增 2 个目标,更新 0 个,没变 0 个(只检查,没有写入)\n"
    assert typed("import", "okr", name).out == "导入完成:新增 2 个目标,更新 0 个,没变 0 个\n"
    assert typed("import", "okr", name).out == "导入完成:新增 0 个目标,更新 0 个,没变 2 个\n"

    name = written(staffed, [SALES, (*VISITS[:6], "1200", *VISITS[7:]), QUALITY, EVIL], name)
    assert typed("import", "okr", name).out == "导入完成:新增 0 个目标,更新 1 个,没变 1 个\n"
    typed("export", "okr", "--cycle", CYCLE, "--out", "out.csv", "--with-drafts")
    assert [row["目标值"] for row in table(staffed / "out.csv")][:2] == ["2400000", "1200"]


def test_what_is_in_force_is_not_changed_by_a_file(typed: Typed, staffed: Path) -> None:
    name = written(staffed, ALL)
    published = typed("import", "okr", name, "--publish")
    assert published.out == "导入完成:新增 2 个目标,更新 0 个,没变 0 个,生效 2 个\n"
    assert typed("import", "okr", name).out == "导入完成:新增 0 个目标,更新 0 个,没变 2 个\n"

    said = typed("import", "okr", written(staffed, [SALES, (*VISITS[:6], "1200", *VISITS[7:])]))
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        "okrbot: 第 3 行 关键结果:O2 已经生效,导入不能改它;要改请在聊天里发:修改 KR2 …",
        "okrbot: 1 处要改,一行都没有导入",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("E9", *VISITS[1:]), "工号:人员表里没有 E9"),
        ((*VISITS[:5], "1100", *VISITS[6:]), "目标值:和起始值一样,算不出进度"),
        ((*VISITS[:11], "E1/没有的", VISITS[12]), "对齐:没找到 E1/没有的"),
        ((*VISITS[:11], "E2/客流量", VISITS[12]), "对齐:E2/客流量 会绕成圈"),
        ((VISITS[0], "1999Q1", *VISITS[2:]), "周期:1999Q1 没有开放:能写的是正在进行的和下一个"),
    ],
)
def test_one_bad_row_keeps_all_out(typed: Typed, staffed: Path, row: Sequence[str], reason: str) -> None:
    said = typed("import", "okr", written(staffed, [SALES, row]))

    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[0] == f"okrbot: 第 3 行 {reason}"
    assert typed("import", "okr", written(staffed, [SALES])).out.startswith("导入完成:新增 1 个")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(typed: Typed, staffed: Path, tmp_path: Path, ending: str) -> None:
    typed("import", "okr", written(staffed, ALL), "--publish")
    first = typed("export", "okr", "--cycle", CYCLE, "--out", f"first.{ending}")
    assert first.out == f"4 行写到了 first.{ending}\n"
    typed("export", "okr", "--cycle", CYCLE, "--out", "before.csv")

    (tmp_path / "data" / "okrbot.db").rename(tmp_path / "old.db")
    typed("import", "staff", "staff.csv")
    assert typed("import", "okr", f"first.{ending}", "--publish").code == 0
    typed("export", "okr", "--cycle", CYCLE, "--out", "after.csv")

    assert table(tmp_path / "after.csv") == table(tmp_path / "before.csv")


def test_a_formula_is_a_text_when_it_leaves(typed: Typed, staffed: Path) -> None:
    typed("import", "okr", written(staffed, ALL), "--publish")
    typed("export", "okr", "--cycle", CYCLE, "--out", "out.csv")

    assert [row["关键结果"] for row in table(staffed / "out.csv")][-1] == "'=1+1"


def test_the_sample_company_goes_out_with_its_reports(typed: Typed, tmp_path: Path) -> None:
    async def fill() -> None:
        async with Database(f"sqlite://{tmp_path / 'data' / 'okrbot.db'}") as database:
            await database.upgrade()
            await database.transact(lambda session: furnish(session, NOW))

    in_a_loop_of_its_own(fill())
    typed("export", "okr", "--cycle", CYCLE.lower(), "--out", "okr.csv")
    typed("export", "checkins", "--cycle", CYCLE, "--out", "checkins.csv")

    goals, reported = table(tmp_path / "okr.csv"), table(tmp_path / "checkins.csv")
    assert {row["目标状态"] for row in goals} == {"生效中"}
    visitors = next(row for row in goals if row["关键结果"] == "生鲜区客流量")
    assert (visitors["当前值"], visitors["进度"], visitors["信心"]) == ("1050", "50%", "8")
    mine = [row for row in reported if row["关键结果"] == "生鲜区客流量"]
    assert [row["数值"] for row in mine] == ["1008", "1022", "1031", "1044", "1050"]
    assert (mine[-1]["说明"], mine[-1]["平台"], mine[-1]["补录"]) == ("周末活动带来客流", "钉钉", "")


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (("export", "okr", "--cycle", "1999Q1", "--out", "o.csv"), "没有周期 1999Q1"),
        (("export", "okr", "--cycle", CYCLE, "--out", "o.pdf"), "o.pdf:只能写成 .csv 或 .xlsx"),
        (("import", "okr", "staff.csv"), "表头里缺少周期、目标、关键结果"),
    ],
)
def test_what_cannot_be_done(typed: Typed, staffed: Path, words: Sequence[str], err: str) -> None:
    del staffed
    said = typed(*words)

    assert (said.code, said.out) == (1, "")
    assert err in said.err
    assert "Traceback" not in said.err


def test_a_ranking_has_upper_halves_and_nobody_who_comes_last(typed: Typed, tmp_path: Path) -> None:
    staff = [
        (f"E{n}", f"员工{n}", "", "" if n < 3 else "样板店", "试用" if n == 9 else "全职")
        for n in range(1, 10)
    ]
    write_table(tmp_path / "staff.csv", ("工号", "姓名", "上级工号", "门店", "用工类型"), staff)
    typed("import", "staff", "staff.csv")
    goals = [
        (f"E{n}", CYCLE, f"目标{n}", "回访", "次", "0", "100", "", "", "", "", "", str(min(n, 7) * 10))
        for n in range(1, 10)
    ]
    typed("import", "okr", written(tmp_path, goals), "--publish")

    assert (
        typed("export", "ranking", "--cycle", CYCLE.lower(), "--out", "ranking.csv").out
        == "3 行写到了 ranking.csv\n"
    )
    rows = table(tmp_path / "ranking.csv")
    assert [(row["名次"], row["名字"], row["工号"], row["数值"]) for row in rows] == [
        ("1", "员工7", "E7", "70%"),
        ("1", "员工8", "E8", "70%"),
        ("2", "员工6", "E6", "60%"),
    ], "six of a store without who is on probation; two of an office and one store are too few"
    assert {row["一共"] for row in rows} == {"6"}
    assert "没有周期 1999Q1" in typed("export", "ranking", "--cycle", "1999Q1", "--out", "r.xlsx").err
