"""Units by their names, and what is above and below each."""

from __future__ import annotations

import pytest

from okr.people import Person
from okr.units import Units

UNITS = Units(
    [
        ("总部", ""),
        ("总部/华东区/西湖店/收银组", "西湖店"),
        ("总部/华东区/滨江店", "滨江店"),
        ("总部/华南区/天河店/收银组", "天河店"),
        ("", ""),
    ]
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("华东区", ["总部/华东区"]),
        (" 西湖店 ", ["总部/华东区/西湖店"]),
        ("收银组", ["总部/华东区/西湖店/收银组", "总部/华南区/天河店/收银组"]),
        ("总部/华南区/天河店/收银组", ["总部/华南区/天河店/收银组"]),
        ("总部/华南区/西湖店", []),
        ("西胡店", []),
        ("", []),
    ],
)
def test_a_unit_is_called_by_the_last_part_of_its_path(name: str, found: list[str]) -> None:
    assert UNITS.find(name) == found


def test_what_is_above_and_below() -> None:
    path = "总部/华东区/西湖店/收银组"

    assert UNITS.upwards(path) == (path, "西湖店", "华东区", "总部")  # two groups have the name
    assert UNITS.below("总部/华东区") == ["总部/华东区/西湖店/收银组", "滨江店", "西湖店"]


def test_the_home_of_store_staff_is_their_store() -> None:
    cashier = Person(1, "E1", "张三", department="总部/华东区/西湖店/收银组", store="西湖店")

    assert UNITS.home(cashier) == "总部/华东区/西湖店"
    assert UNITS.home(Person(2, "E2", "陈总", department="总部")) == "总部"
