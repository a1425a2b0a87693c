from __future__ import annotations

import pytest

from handlers.reading.dimensions import By, read_dimensions


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("按 门店 本月", [By.STORE]),
        ("按 门店,区域", [By.STORE, By.REGION]),
        ("按区域和门店类型 上周", [By.REGION, By.TYPE]),
        ("按 大区、店型", [By.REGION, By.TYPE]),
        ("按 区域 岗位", [By.REGION, By.GRADE]),
        ("按 门店,周", [By.STORE, By.WEEK]),
        ("按周 按门店", [By.WEEK, By.STORE]),
        ("每周 按 区域", [By.REGION, By.WEEK]),
        ("按 门店 上周", [By.STORE]),
        ("按 门店 本周", [By.STORE]),
        ("按 门店,门店", [By.STORE]),
        ("西湖店 按 区域", [By.REGION]),
        ("区域 本月", [By.REGION]),
        ("本月", []),
    ],
)
def test_what_is_named(words: str, by: list[By]) -> None:
    assert read_dimensions(words) == by
