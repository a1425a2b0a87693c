"""What is to be done today, as people type it."""

from __future__ import annotations

import pytest

from handlers.reading.day_actions import Wanted, read_actions, read_ticks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("陈列调整; 10点前赠饮", [Wanted("陈列调整", "", ""), Wanted("赠饮", "10:00", "")]),
        ("陈列调整;;  ; ", [Wanted("陈列调整", "", "")]),
        ("下午3点半之前补货", [Wanted("补货", "15:30", "")]),
        ("14:05前 理货", [Wanted("理货", "14:05", "")]),
        ("晚上8点前打电话给老客", [Wanted("打电话给老客", "20:00", "")]),
        ("@张三 换海报; E0103 10点前赠饮", [Wanted("换海报", "", "张三"), Wanted("赠饮", "10:00", "E0103")]),
        ("全店 门口试吃", [Wanted("门口试吃", "", "全店")]),
        ("赠饮2小时", [Wanted("赠饮2小时", "", "")]),
        ("陈列调整\n赠饮", [Wanted("陈列调整", "", ""), Wanted("赠饮", "", "")]),
        ("24点前盘点", [Wanted("盘点", "", "")]),
        ("", []),
    ],
)
def test_actions(text: str, found: list[Wanted]) -> None:
    assert read_actions(text) == found


@pytest.mark.parametrize(
    ("text", "places", "refs"),
    [
        ("1和3做完了", [1, 3], []),
        ("2做完了", [2], []),
        ("1、2、3都完成了", [1, 2, 3], []),
        ("A5和A6做完了", [], [5, 6]),
        ("A5和6搞定了", [], [5, 6]),
        ("a5 做完了。", [], [5]),
        ("1050做完了吗", [], []),
        ("KR3做完了", [], []),
        ("都做完了", [], []),
    ],
)
def test_ticks(text: str, places: list[int], refs: list[int]) -> None:
    assert read_ticks(text) == (places, refs)
