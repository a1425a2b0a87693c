"""Who is meant by 华东区 店长."""

from __future__ import annotations

import pytest

from okr.addressees import Trait, meant_by, trait_of
from okr.people import Person

WANG = Person(
    1, "E1", "王店", "总部/华东区/西湖店", "店长", "M2", region="华东", store="西湖店", store_type="社区店"
)
LI = Person(
    2,
    "E2",
    "李四",
    "总部/华东区/西湖店",
    "生鲜主管",
    "P3",
    region="华东",
    store="西湖店",
    store_type="社区店",
)
ZHAO = Person(
    3, "E3", "赵店", "总部/华东区/滨江店", "店长", "M2", region="华东", store="滨江店", store_type="商圈店"
)
QIAN = Person(
    4, "E4", "钱店", "总部/华南区/南山店", "店长", "M3", region="华南", store="南山店", store_type="商圈店"
)
SUN = Person(5, "E5", "孙", "总部/采购部", "采购", "", region="", store="", store_type="")
EVERYBODY = (WANG, LI, ZHAO, QIAN, SUN)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("华东区", [WANG, LI, ZHAO]),
        ("华东", [WANG, LI, ZHAO]),
        ("店长", [WANG, ZHAO, QIAN]),
        ("华东区 店长", [WANG, ZHAO]),
        ("华东区 华南区 店长", [WANG, ZHAO, QIAN]),
        ("商圈店", [ZHAO, QIAN]),
        ("商圈店 m2", [ZHAO]),
        ("主管", [LI]),
        ("店长 主管", []),
        ("采购部", [SUN]),
        ("", [WANG, LI, ZHAO, QIAN, SUN]),
    ],
)
def test_all_that_is_said_has_to_fit(said: str, meant: list[Person]) -> None:
    traits = {word: trait_of(word, EVERYBODY) for word in said.split()}

    assert all(traits.values())
    assert list(meant_by({word: trait for word, trait in traits.items() if trait}, EVERYBODY)) == meant


@pytest.mark.parametrize("word", ["火星", "长", "", "王店"])
def test_a_word_that_is_none_of_them(word: str) -> None:
    assert trait_of(word, EVERYBODY) is None


def test_a_grade_that_nobody_has_said_is_none() -> None:
    assert trait_of("", (SUN,)) is None


def test_what_is_a_unit_is_no_position() -> None:
    assert trait_of("采购", (SUN,)) is Trait.POSITION
    assert trait_of("采购部", (SUN,)) is Trait.UNIT
