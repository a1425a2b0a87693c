"""The staff file as HR keeps it: the cast of the sandbox, and everything that goes wrong in such files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sandbox.cast import CAST
from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.spelling import Cell
from sheets.staff import Problem, StaffFile, StaffRow, read_staff
from sheets.writing import write_table
from storage.tables.people import Account, Employee

HEADER = "工号,姓名,部门,岗位,职级,上级工号,区域,门店,钉钉userid,企业微信userid,入职日期,常用平台,门店类型"


def read(text: str, *known: str) -> StaffFile:
    return read_staff(read_table(text.encode(), "人员.csv"), known_numbers=set(known))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_cast(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"人员.{ending}"
    rows: list[list[Cell]] = [
        [
            *(
                p.number,
                p.name,
                p.department,
                p.position,
                p.grade,
                p.manager,
                p.region,
                p.store,
                p.dingtalk_id,
            ),
            *(p.wecom_id, date.fromisoformat(p.joined), p.home, p.store_type),
        ]
        for p in CAST
    ]
    write_table(file, HEADER.split(","), rows)
    staff = read_staff(read_table(file, file.name))
    assert staff.problems == ()
    assert [row.number for row in staff.rows] == [person.number for person in CAST]
    assert staff.rows[3] == StaffRow(
        number="E0101",
        name="王店",
        department="总部/华东区/西湖店",
        position="店长",
        grade="M2",
        manager_number="E0003",
        region="华东",
        store="西湖店",
        dingtalk_id="dt-wang",
        wecom_id="WxWang",
        joined_on=date(2023, 3, 1),
        store_type="社区店",
        home_platform="dingtalk",
    )


def test_columns_in_any_order_and_spelling_others_ignored() -> None:
    staff = read(
        "备注, 企业微信 UserID ,*姓名,状态,工号（必填）,用工类型,手机号\nx,WxA,陈总,离职,E１,全职,+86 13800000001\n"
    )
    assert staff == StaffFile(
        (StaffRow("E1", "陈总", wecom_id="WxA", active=False, employment="全职", mobile="13800000001"),),
        (),
        frozenset({"number", "name", "wecom_id", "active", "employment", "mobile"}),
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("工号,姓名\n,陈总\nE2,\n", [(2, "工号", "没有填"), (3, "姓名", "没有填")]),
        ("工号,姓名\nE1,陈总\nE2,林晓\ne1,周敏\n", [(4, "工号", "E1 与第 2 行重复")]),
        ("工号,姓名,钉钉userid\nE1,陈总,dt\nE2,林晓,dt\n", [(3, "钉钉userid", "dt 与第 2 行重复")]),
        (
            "工号,姓名,企业微信userid\nE1,陈总,WxChen\nE2,林晓,wxchen\n",
            [(3, "企业微信userid", "wxchen 与第 2 行重复")],
        ),
        (
            "工号,姓名,上级工号\nE1,陈总,E9\nE2,林晓,E2\n",
            [(2, "上级工号", "E9 既不在文件里,也不在已有人员里"), (3, "上级工号", "上级是自己")],
        ),
        (
            "工号,姓名,上级工号\nE1,陈总,e2\nE2,林晓,E1\n",
            [(2, "上级工号", "上级绕成了圈:E1(第 2 行) → E2(第 3 行) → E1")],
        ),
        (
            "入职日期,状态,常用平台,工号,姓名\n昨天,休假,QQ,E1,陈总\n",
            [
                (2, "入职日期", "「昨天」不是日期,请写成 2024-01-05"),
                (2, "状态", "只能写 在职 或 离职,这里是「休假」"),
                (2, "常用平台", "只能写 钉钉 或 企业微信,这里是「QQ」"),
            ],
        ),
        (f"工号,姓名\nE1,{'陈' * 65}\n", [(2, "姓名", "最多 64 个字,这里有 65 个")]),
        ("工号,姓名,部门\nE1,陈总,#N/A\n", [(2, "部门", "公式算错了(#N/A)")]),
    ],
)
def test_problems(text: str, problems: list[tuple[int, str, str]]) -> None:
    assert list(read(text).problems) == [Problem(*problem) for problem in problems]


def test_empty_cells_are_no_duplicates_and_rows_with_problems_are_left_out() -> None:
    staff = read("工号,姓名,钉钉userid,企业微信userid\nE1,陈总,,\nE2,林晓,,\nE3,,,\n")
    assert [row.number for row in staff.rows] == ["E1", "E2"]
    assert [problem.line for problem in staff.problems] == [4]


def test_accounts_of_dingtalk_that_differ_in_case_are_two() -> None:
    assert read("工号,姓名,钉钉userid\nE1,陈总,abc\nE2,林晓,ABC\n").problems == ()


def test_a_wrong_row_is_still_somebodys_manager() -> None:
    staff = read("工号,姓名,上级工号,状态\nE1,陈总,,休假\nE2,林晓,E1,\n")
    assert [problem.column for problem in staff.problems] == ["状态"]


def test_numbers_on_file_are_known_in_any_case_and_keep_their_spelling() -> None:
    staff = read("工号,姓名,上级工号\ne0002,林晓,E0001\ne0003,周敏,E0002\n", "e0001", "E0002")
    assert staff.problems == ()
    assert [(row.number, row.manager_number) for row in staff.rows] == [
        ("E0002", "e0001"),
        ("e0003", "E0002"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("姓名,部门\n陈总,总部\n", "缺少工号"),
        ("E1,陈总\nE2,林晓\n", "缺少工号、姓名"),
        ("工号,姓名\n", "一个人都没有"),
        ("工号,姓名,钉钉userid,钉钉UserID\nE1,陈总,a,b\n", "两列都是「钉钉userid」"),
    ],
)
def test_no_staff_file(text: str, reason: str) -> None:
    with pytest.raises(BadTable, match=reason):
        read(text)


LIMITED = {
    "工号": Employee._meta.fields_map["number"],
    "姓名": Employee._meta.fields_map["name"],
    "部门": Employee._meta.fields_map["department"],
    "岗位": Employee._meta.fields_map["position"],
    "职级": Employee._meta.fields_map["grade"],
    "区域": Employee._meta.fields_map["region"],
    "门店": Employee._meta.fields_map["store"],
    "门店类型": Employee._meta.fields_map["store_type"],
    "用工类型": Employee._meta.fields_map["employment"],
    "钉钉userid": Account._meta.fields_map["user_id"],
    "企业微信userid": Account._meta.fields_map["user_id"],
}


@pytest.mark.parametrize("heading", LIMITED)
def test_limits_are_those_of_the_database(heading: str) -> None:
    limit = getattr(LIMITED[heading], "max_length", 0)
    cells = {"工号": "E1", "姓名": "陈总"}
    for length, fine in ((limit, True), (limit + 1, False)):
        filled = cells | {heading: "x" * length}
        staff = read(f"{','.join(filled)}\n{','.join(filled.values())}\n")
        assert (staff.problems == ()) is fine
