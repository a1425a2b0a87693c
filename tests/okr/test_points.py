"""What a delivered number must be, and what is said of one that is not."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from okr.points import BadPoint, Known, Point, Worker, read_point
from okr.policy import MetricSpec
from okr.units import Units

KNOWN = Known(
    metrics={
        "sales": MetricSpec("sales", "销售额", "cumulative", "元"),
        "conversion": MetricSpec("conversion", "转化率", "ratio", "", "orders", "visitors"),
    },
    units=Units([("总部/华东区/西湖店", "西湖店"), ("总部/华南区/收银组", ""), ("总部/华东区/收银组", "")]),
    employee={"E0102": Worker(7, "总部/华东区/西湖店")}.get,
    now=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    zone=ZoneInfo("Asia/Shanghai"),
)
GOOD: dict[str, Any] = {
    "id": "pos-1",
    "metric": "sales",
    "unit": "西湖店",
    "at": "2026-11-23T18:02:00+08:00",
    "value": "128.50",
}
AT = datetime(2026, 11, 23, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Point("pos-1", "sales", "总部/华东区/西湖店", 0, AT, Decimal("128.50"))),
        ({"value": "-12"}, Point("pos-1", "sales", "总部/华东区/西湖店", 0, AT, Decimal(-12))),
        ({"value": Decimal("0.1"), "id": 12}, Point("12", "sales", "总部/华东区/西湖店", 0, AT, Decimal("0.1"))),
        ({"value": 7, "at": "2026-11-23T10:02:00Z"}, Point("pos-1", "sales", "总部/华东区/西湖店", 0, AT, Decimal(7))),
        ({"value": 7, "at": "2026-11-23 18:02"}, Point("pos-1", "sales", "总部/华东区/西湖店", 0, AT, Decimal(7))),
        ({"value": 7, "unit": "", "employee": "E0102"}, Point("pos-1", "sales", "总部/华东区/西湖店", 7, AT, Decimal(7))),
    ],
)  # fmt: skip
def test_a_point(changed: dict[str, Any], expected: Point) -> None:
    assert read_point({**GOOD, **changed}, KNOWN) == expected


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": ""}, "缺 id"),
        ({"id": None}, "缺 id"),
        ({"id": "x" * 121}, "id 最长 120 个字符"),
        ({"metric": "salse"}, "没有指标 salse,有:sales(销售额)"),
        ({"metric": None}, "缺 metric"),
        ({"metric": "conversion"}, "conversion 是算出来的,报 orders 和 visitors 就行"),
        ({"unit": "西胡店"}, "没有部门或门店「西胡店」"),
        ({"unit": "收银组"}, "有 2 个「收银组」,写全路径,比如 总部/华东区/收银组"),
        ({"unit": ""}, "缺 unit(部门或门店)"),
        ({"employee": "E9999"}, "没有工号 E9999"),
        ({"at": "2026-11-23T18:06:00+08:00"}, "at 在将来:2026-11-23T18:06:00+08:00"),
        ({"at": "昨天"}, "at 不是时间:昨天,要像 2026-11-23T18:02:00+08:00"),
        ({"at": 1763892120}, "at 不是时间:1763892120,要像 2026-11-23T18:02:00+08:00"),
        ({"at": "0001-01-01T00:00:00+08:00"}, "at 太早:0001-01-01T00:00:00+08:00"),
        ({"value": "很多"}, "value 不是数:很多"),
        ({"value": None}, "缺 value"),
        ({"value": ""}, "缺 value"),
        ({"at": None}, "缺 at,要像 2026-11-23T18:02:00+08:00"),
        ({"id": 1.5}, "id 要是文字:1.5"),
        ({"id": "a\0b"}, "id 里有坏字符:a�b"),
        ({"id": "\ud800"}, "id 里有坏字符:�"),
        ({"metric": "\ud800"}, "metric 里有坏字符:�"),
        ({"unit": "\ud800"}, "unit 里有坏字符:�"),
        ({"unit": ["西湖店"]}, "unit 要是文字:['西湖店']"),
        ({"employee": "\ud800"}, "employee 里有坏字符:�"),
        ({"employee": []}, "employee 要是文字:[]"),
        ({"employee": True}, "employee 要是文字:True"),
        ({"value": "\ud8001\0"}, "value 不是数:�1�"),
        ({"value": True}, "value 不是数:True"),
        ({"value": "NaN"}, "value 不是数:NaN"),
        ({"value": "Infinity"}, "value 不是数:Infinity"),
        ({"value": float("nan")}, "value 不是数:nan"),
        ({"value": float("-inf")}, "value 不是数:-inf"),
        ({"value": "1e400"}, "value 不是数:1e400"),
        ({"value": Decimal("1E+400")}, "value 不是数:1E+400"),
        ({"value": "１２"}, "value 不是数:１２"),
        ({"value": "0x10"}, "value 不是数:0x10"),
        ({"value": "-"}, "value 不是数:-"),
        ({"value": "9" * 21}, f"value 不是数:{'9' * 21}"),
        ({"value": "1,280"}, "value 不是数:1,280"),
        ({"value": ["1"]}, "value 不是数:['1']"),
        ({"value": "1e99"}, "value 太大:1e99,最大 100 亿"),
        ({"value": "0.1234567"}, "value 最多 6 位小数:0.1234567"),
    ],
)
def test_what_cannot_be_taken_is_said(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadPoint) as bad:
        read_point({**GOOD, **changed}, KNOWN)

    assert str(bad.value) == reason


@pytest.mark.parametrize("raw", ["pos-1", 12, None, ["id"]])
def test_a_point_is_an_object(raw: object) -> None:
    with pytest.raises(BadPoint, match="不是一个对象"):
        read_point(raw, KNOWN)
