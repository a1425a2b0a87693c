from __future__ import annotations

from datetime import date

import pytest

from handlers.reading.lines import read_objective
from handlers.reading.periods import Direction, read_period, take_period

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026Q4", "2026Q4"), ("2027q1", "2027Q1"), ("２０２７Ｑ１", "2027Q1"), ("2026H2", "2026H2"), ("2027", "2027"),
        ("2027年", "2027"), ("2027年度", "2027"), ("2026-11", "2026-11"), ("下季", "2027Q1"), ("下季度", "2027Q1"),
        ("下个季度", "2027Q1"), ("本季", "2026Q4"), ("这个季度", "2026Q4"), ("上季度", "2026Q3"), ("明年", "2027"),
        ("今年", "2026"), ("去年", "2025"), ("下半年", "2026H2"), ("Q4", "2026Q4"), ("h2", "2026H2"),
        ("2026Q5", None), ("2026-13", None), ("季度", None), ("下周", None), ("", None), ("20267", None), ("Q4x", None),
    ],
)  # fmt: skip
def test_a_period_by_its_name(text: str, name: str | None) -> None:
    found = read_period(text, TODAY)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("text", "direction", "name"),
    [
        ("Q1", "future", "2027Q1"), ("Q1", "past", "2026Q1"), ("Q4", "past", "2026Q4"), ("H1", "future", "2027H1"),
    ],
)  # fmt: skip
def test_a_bare_quarter_is_the_nearest(text: str, direction: Direction, name: str) -> None:
    found = read_period(text, TODAY, direction)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("2026Q3 漏算了一家店", "2026Q3", "漏算了一家店"),
        ("下季 多卖一点", "2027Q1", "多卖一点"),
        ("下季节性商品", None, "下季节性商品"),
        ("2027款式上新", None, "2027款式上新"),
        ("明年就换系统", None, "明年就换系统"),
    ],
)
def test_a_period_stands_by_itself(text: str, name: str | None, rest: str) -> None:
    period, left = take_period(text, TODAY)
    assert (period.name if period else None, left) == (name, rest)


@pytest.mark.parametrize(
    ("text", "title", "cycle"),
    [
        ("下季 提升业绩\nKR 客流量 从 1 到 2 人", "提升业绩", "2027Q1"),
        ("2027Q1 提升业绩", "提升业绩", "2027Q1"),
        ("提升业绩 周期 下季\nKR 客流量 从 1 到 2 人", "提升业绩", "2027Q1"),
        ("提升业绩\n周期 2026Q4", "提升业绩", "2026Q4"),
        ("提升业绩 周期 下下季", "提升业绩", "下下季"),
        ("缩短交货周期", "缩短交货周期", ""),
        ("明年", "明年", ""),
    ],
)
def test_an_objective_of_another_period(text: str, title: str, cycle: str) -> None:
    draft = read_objective(text, TODAY, {})
    assert (draft.title, draft.cycle) == (title, cycle)
