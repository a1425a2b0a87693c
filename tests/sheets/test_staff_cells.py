"""What may stand in a staff file's cells."""

from __future__ import annotations

from datetime import date

import pytest

from sheets import staff_cells
from sheets.staff_cells import WrongCell


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05",
        "2024-1-5",
        "2024/1/5",
        "2024.01.05",
        "2024年1月5日",
        "2024 年 1 月 5 日",
        "２０２４年１月５日",
        "20240105",
        "45296",
        "2024-01-05 00:00:00",
        "2024/1/5 0:00",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert staff_cells.day(text) == date(2024, 1, 5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-02-30", "没有「2024-02-30」这一天"),
        ("20241301", "没有「20241301」这一天"),
        ("2024-01/05", "不是日期"),
        ("24/1/5", "不是日期"),
        ("2024-01", "不是日期"),
        ("2024-01-05 18:30", "不是日期"),
        ("去年", "不是日期"),
        ("1024-01-05", "年份不对"),
        ("2204-01-05", "年份不对"),
        ("#N/A", "公式算错了"),
    ],
)
def test_no_day(text: str, reason: str) -> None:
    with pytest.raises(WrongCell, match=reason):
        staff_cells.day(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", ""),
        ("13800000001", "13800000001"),
        ("138 0000 0001", "13800000001"),
        ("138-0000-0001", "13800000001"),
        ("+86 13800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("１３８００００００01", "13800000001"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_mobile(text: str, number: str) -> None:
    assert staff_cells.mobile(text) == number


@pytest.mark.parametrize(
    "text", ["1380000000", "138000000011", "12800000001", "1.38E+10", "138****0001", "+861", "无"]
)
def test_no_mobile(text: str) -> None:
    with pytest.raises(WrongCell, match="不像手机号"):
        staff_cells.mobile(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("总部/华东区/杭州一店", "总部/华东区/杭州一店"),
        (" 总部 / 华东区／ 杭州一店 ", "总部/华东区/杭州一店"),
        ("/总部//华东区/", "总部/华东区"),
        ("", ""),
    ],
)
def test_department(text: str, path: str) -> None:
    assert staff_cells.department(text, 255) == path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", ""),
        ("钉钉", "dingtalk"),
        ("DingTalk", "dingtalk"),
        ("企业微信", "wecom"),
        ("企微", "wecom"),
        ("WeCom", "wecom"),
    ],
)
def test_platform(text: str, name: str) -> None:
    assert staff_cells.platform(text) == name


@pytest.mark.parametrize(("text", "is_active"), [("", True), ("在职", True), ("离职", False)])
def test_active(text: str, is_active: bool) -> None:
    assert staff_cells.active(text) is is_active


def test_texts_are_one_line_within_their_limit() -> None:
    assert staff_cells.plain(" 陈\n 总 ", 3) == "陈 总"
    with pytest.raises(WrongCell, match="最多 3 个字,这里有 4 个"):
        staff_cells.plain("四个字呢", 3)
    with pytest.raises(WrongCell, match="公式算错了"):
        staff_cells.plain("#ref!", 64)
