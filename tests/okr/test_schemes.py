from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.people import Person
from okr.schemes import Criteria, most_specific, ties
from tests.okr.worked import rows

FIELDS = {"区域": "region", "门店": "store", "类型": "store_type", "层级": "grade", "部门": "unit"}
LI_SI = Person(
    4,
    "E0004",
    "李四",
    department="总部/华东区/西湖店/生鲜部",
    grade="店员",
    region="华东",
    store="西湖店",
    store_type="社区店",
)


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    criteria: Criteria


def named(cell: str) -> list[Named]:
    """`A 区域=华东/华南 层级=店长; B 所有人`."""
    found = []
    for line in cell.split("; "):
        name, *words = line.split()
        pairs = [word.split("=") for word in words if "=" in word]
        found.append(Named(name, Criteria(**{FIELDS[key]: frozenset(of.split("/")) for key, of in pairs})))
    return found


@pytest.mark.parametrize("row", rows("schemes", "谁用哪条"))
def test_who_has_which(row: dict[str, str]) -> None:
    for schemes in (named(row["规则"]), named(row["规则"])[::-1]):
        chosen = most_specific(schemes, LI_SI)
        assert (chosen.name if chosen else "没有") == row["李四用的"]


@pytest.mark.parametrize("row", rows("schemes", "读文件时拒绝"))
def test_what_is_refused_in_a_file(row: dict[str, str]) -> None:
    assert "".join(one.name + other.name for one, other in ties(named(row["规则"]))) == row["冲突的"].strip(
        "–"
    )


def some(*names: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), max_size=2)


criteria = st.builds(
    Criteria,
    region=some("华东", "华南"),
    store=some("西湖店", "滨江店"),
    store_type=some("社区店", "旗舰店"),
    grade=some("店员", "店长"),
    unit=some("生鲜部", "华东区"),
)
people = st.builds(
    Person,
    id=st.just(1),
    number=st.just("E1"),
    name=st.just("谁"),
    region=st.sampled_from(["华东", "华南"]),
    store=st.sampled_from(["西湖店", "滨江店"]),
    store_type=st.sampled_from(["社区店", "旗舰店"]),
    grade=st.sampled_from(["店员", "店长"]),
    department=st.sampled_from(["总部/华东区/生鲜部", "总部/华东区", "总部"]),
)


@given(several=st.lists(criteria, max_size=5), person=people)
def test_a_file_without_ties_leaves_no_doubt(several: list[Criteria], person: Person) -> None:
    schemes = [Named(str(index), each) for index, each in enumerate(several)]
    if ties(schemes):
        return
    assert most_specific(schemes, person) == most_specific(schemes[::-1], person)
