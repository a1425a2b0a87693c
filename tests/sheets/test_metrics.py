"""A table of business data as raw points."""

from __future__ import annotations

import pytest

from sheets.errors import BadTable
from sheets.metrics import read_metrics
from sheets.reading import read_table

NAMES = {"销售额": "sales"}


def lines(text: str) -> list[tuple[int, dict[str, str], int]]:
    found = read_metrics(read_table(text.encode(), "数据.csv"), NAMES)
    return [(one.line, dict(one.raw), one.same_as) for one in found]


def test_a_row_is_a_point_known_by_what_it_speaks_of() -> None:
    assert lines('指标,门店,日期,数值\n销售额,西湖店,2026/11/23,"1,280.5"\n') == [
        (
            2,
            {
                "id": "sales|西湖店||2026-11-23",
                "metric": "sales",
                "unit": "西湖店",
                "employee": "",
                "at": "2026-11-23",
                "value": "1280.5",
            },
            0,
        )
    ]  # fmt: skip


def test_ids_and_people_may_be_given_and_a_repeated_row_is_noticed() -> None:
    found = lines(
        "编号,指标,门店,工号,时间,值\na,sales,西湖店,E0102,2026-11-23 18:02,1\na,sales,西湖店,,2026-11-23,2\n"
    )

    assert [(one[1]["id"], one[1]["employee"], one[2]) for one in found] == [("a", "E0102", 0), ("a", "", 2)]


def test_missing_columns_are_named() -> None:
    with pytest.raises(BadTable, match="缺列:指标、数值"):
        lines("门店,日期\n西湖店,2026-11-23\n")


def test_a_column_for_each_metric_is_as_many_points() -> None:
    found = read_metrics(
        read_table(
            "日期,门店,销售额(元),备注\n2026-11-22,西湖店,1280,好\n2026-11-23,西湖店,,\n".encode(), "数.csv"
        ),
        NAMES,
    )

    assert [(one.line, one.column, one.raw["id"], one.raw["value"]) for one in found] == [
        (2, "销售额(元)", "sales|西湖店||2026-11-22", "1280")
    ]
