from __future__ import annotations

import pytest

from okr.people import Person, is_in_unit, unit_of

LI = Person(4, "E0102", "李四", "总部/华东区/西湖店", region="华东", store="西湖店")


@pytest.mark.parametrize(
    ("department", "unit"),
    [("总部/华东区/西湖店", "西湖店"), ("总部", "总部"), (" 总部 / 华东区 /", "华东区"), ("", "")],
)
def test_a_unit_is_called_by_the_last_part_of_its_path(department: str, unit: str) -> None:
    assert unit_of(department) == unit


@pytest.mark.parametrize(
    ("unit", "inside"),
    [
        ("西湖店", True),
        ("华东区", True),
        ("华东", True),
        ("总部", True),
        ("滨江店", False),
        ("西湖", False),
        ("", False),
    ],
)
def test_a_unit_holds_the_people_below_it(unit: str, inside: bool) -> None:
    assert is_in_unit(LI, unit) is inside


def test_nobody_is_in_a_nameless_unit() -> None:
    assert not is_in_unit(Person(1, "E0001", "陈总"), " ")
