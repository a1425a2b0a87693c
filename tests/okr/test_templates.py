"""Goal templates, by the worked numbers of docs/rules/templates.md."""

from __future__ import annotations

from decimal import Decimal

import pytest

from okr.objectives import Kind, Measure
from okr.people import Person
from okr.schemes import Criteria
from okr.templates import GoalTemplate, TemplateLine, adjusted, filled, named, offered
from okr.writing import Code, check_key_result
from tests.okr.goals import Q4, key_result
from tests.okr.worked import rows

WANG = Person(4, "E0101", "王店", "总部/华东区/西湖店", "店长", grade="M2", store_type="社区店")


def read(words: str) -> Measure:
    """`0 → 300 次` as a measure; `?` is not known."""
    ends, _, unit = words.replace(" → ", "→").partition(" ")
    start, target = (None if end == "?" else Decimal(end) for end in ends.split("→"))
    return Measure(Kind.NUMBER, unit, start=start, target=target)


def template(*names: str) -> tuple[GoalTemplate, ...]:
    return tuple(GoalTemplate(name, name, ()) for name in names)


@pytest.mark.parametrize("row", rows("templates", "填上的和留下的"))
def test_what_is_typed_takes_the_place_of_what_was_open(row: dict[str, str]) -> None:
    whole = GoalTemplate("增长", "增长", (TemplateLine("拜访", read(row["模板"]), rises=True),))

    made = filled(whole, {} if row["写的"] == "–" else {"拜访": read(row["写的"])})

    assert [line.measure for line in made] == [read(row["结果"])]


def test_another_kind_of_measure_is_what_the_person_wants() -> None:
    whole = GoalTemplate("增长", "增长", (TemplateLine("损耗率", read("? → 3 %"), rises=False),))

    (made,) = filled(whole, {"损耗率": Measure(Kind.MAINTAIN, high=Decimal(2))})

    assert made.measure == Measure(Kind.MAINTAIN, "%", high=Decimal(2))
    assert made.doubts == ()


@pytest.mark.parametrize("row", rows("templates", "走反了会问"))
def test_the_wrong_way_is_asked_about(row: dict[str, str]) -> None:
    line = TemplateLine("转化率", read(f"{row['起始']} → {row['目标']} %"), rises=row["越高越好"] == "是")

    found = check_key_result(key_result(1, line.measure), Q4, doubts=line.doubts)

    asked = {Code.SHOULD_RISE, Code.SHOULD_FALL} & {finding.code for finding in found}
    assert bool(asked) == (row["问不问"] == "是")


@pytest.mark.parametrize("row", rows("templates", "因人而异"))
def test_a_factor_makes_the_way_longer_or_shorter(row: dict[str, str]) -> None:
    (made,) = adjusted([TemplateLine("拜访", read(row["模板"]))], Decimal(row["系数"]))

    assert made.measure == read(row["派下去"])


@pytest.mark.parametrize(
    ("words", "name", "rest"),
    [
        ("业绩增长", "业绩增长", ""),
        ("业绩增长 华东区 店长", "业绩增长", "华东区 店长"),
        ("业绩增长Plus 华东区", "业绩增长plus", "华东区"),
        ("业绩", None, ""),
        ("", None, ""),
    ],
)
def test_the_longest_name_that_the_words_begin_with(words: str, name: str | None, rest: str) -> None:
    found = named(template("业绩增长", "业绩增长plus"), words)

    assert (found and (found[0].name, found[1])) == (name and (name, rest))


def test_a_template_is_offered_to_those_it_is_for() -> None:
    everybody, shops = template("新品", "社区")
    shops = GoalTemplate(shops.name, shops.title, (), Criteria(store_type=frozenset({"商圈店"})))

    assert offered((everybody, shops), WANG) == (everybody,)
