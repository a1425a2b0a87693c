from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from okr.objectives import Kind, Measure, Milestone, State
from okr.writing import (
    BLOCKING,
    Code,
    Finding,
    Fix,
    blocking,
    check_key_result,
    check_objective,
    likely_units,
    typed_doubts,
)
from tests.okr.goals import Q4, key_result, number, objective
from tests.okr.worked import rows

GOOD = key_result(34, number("1000", "1100"), title="客流量", state=State.DRAFT)


def codes(findings: tuple[Finding, ...]) -> list[Code]:
    return [finding.code for finding in findings]


def test_every_code_stands_on_the_page_and_says_whether_it_stops() -> None:
    page = {row["代号"]: row["拦提交"] == "是" for row in rows("writing", "会查什么")}
    assert page == {str(code): code in BLOCKING for code in Code}


@pytest.mark.parametrize("row", rows("writing", "按标题猜单位"))
def test_units_of_the_page(row: dict[str, str]) -> None:
    assert likely_units(row["标题"])[0] == row["先给的单位"]


@pytest.mark.parametrize("row", rows("writing", "像一件事,还是像一个结果"))
def test_activities_of_the_page(row: dict[str, str]) -> None:
    kr = key_result(1, Measure(Kind.BOOLEAN), title=row["标题"])
    assert (Code.ACTIVITY_NOT_RESULT in codes(check_key_result(kr, Q4))) == (row["像一件事"] == "是")


def test_a_good_key_result_raises_no_question() -> None:
    assert check_key_result(GOOD, Q4) == ()


@pytest.mark.parametrize(
    ("measure", "found"),
    [
        (number("5", "5"), [Code.START_EQUALS_TARGET]),
        (number("5", None), [Code.TARGET_MISSING]),
        (number(None, "5"), [Code.BASELINE_MISSING]),
        (number("5", "8", ""), [Code.UNIT_MISSING]),
        (Measure(Kind.MAINTAIN, "%"), [Code.TARGET_MISSING]),
        (Measure(Kind.MAINTAIN, high=Decimal(2)), [Code.UNIT_MISSING]),
        (Measure(Kind.ORDINAL), [Code.TARGET_MISSING]),
        (Measure(Kind.MILESTONE), [Code.TARGET_MISSING]),
        (Measure(Kind.MILESTONE, milestones=(Milestone("开业"),)), []),
        (Measure(Kind.BOOLEAN), []),
        (Measure(Kind.BASELINE), []),
    ],
)
def test_what_a_measure_lacks(measure: Measure, found: list[Code]) -> None:
    assert codes(check_key_result(replace(GOOD, measure=measure), Q4)) == found


def test_a_known_value_is_offered_as_the_start() -> None:
    kr = key_result(1, number(None, "1100"), "1000", title="客流量")
    assert check_key_result(kr, Q4)[0].fixes == (Fix("set_start", "1000"),)


def test_what_is_reached_already_is_asked_about() -> None:
    assert codes(check_key_result(key_result(1, number("8", "5"), "4.9"), Q4)) == [Code.ALREADY_REACHED]
    assert codes(check_key_result(key_result(1, number("8", "5"), "5.1"), Q4)) == []


def test_doubts_of_the_words_are_shown_with_a_tap_to_settle_them() -> None:
    [basis, scale] = check_key_result(GOOD, Q4, doubts=("percent_scale", "basis_assumed"))
    assert basis.code is Code.BASIS_ASSUMED
    assert Fix("set_basis", "日均") in basis.fixes
    assert Fix("set_basis", "最新值") not in basis.fixes
    assert scale.fixes == (Fix("set_scale", "100"), Fix("keep", "percent_scale"))


@pytest.mark.parametrize(
    ("measure", "title", "said", "doubts"),
    [
        (number("1000", "1100"), "客流量", True, ()),
        (number("1000", "1100"), "客流量", False, ("basis_assumed",)),
        (number("0.08", "0.05", "%"), "损耗率", True, ("percent_scale",)),
        (number("0.08", "0.05", ""), "损耗率", True, ("percent_scale",)),
        (number("8", "5", ""), "损耗率", True, ("percent_or_points",)),
        (number("8", "5", "%"), "损耗率", True, ()),
        (number("0", "0", "%"), "投诉率", True, ()),
        (Measure(Kind.BOOLEAN), "上线会员日", False, ()),
    ],
)
def test_doubts_that_a_key_result_is_born_with(
    measure: Measure, title: str, said: bool, doubts: tuple[str, ...]
) -> None:
    assert typed_doubts(measure, title, basis_said=said) == doubts


@pytest.mark.parametrize(
    ("due", "is_outside"),
    [
        (Q4.start, False),
        (Q4.end, False),
        (date(2026, 9, 30), True),
        (date(2027, 1, 1), True),
    ],
)
def test_a_deadline_belongs_into_the_cycle(due: date, is_outside: bool) -> None:
    found = check_key_result(replace(GOOD, due=due), Q4)
    assert (Code.DEADLINE_OUTSIDE_CYCLE in codes(found)) is is_outside
    assert all(finding.fixes == (Fix("set_due", "2026-12-31"),) for finding in found)


def test_a_good_objective_raises_no_question() -> None:
    assert check_objective(objective(GOOD, state=State.DRAFT, parent_kr=7)) == ()


def test_a_missing_parent_only_warns() -> None:
    found = check_objective(objective(GOOD, state=State.DRAFT))
    assert codes(found) == [Code.NO_DIRECTION_PARENT]
    assert blocking(found) == ()


def test_what_stops_comes_first() -> None:
    found = check_objective(objective(state=State.DRAFT))
    assert codes(found) == [Code.NO_KEY_RESULTS, Code.NO_DIRECTION_PARENT]
    assert codes(blocking(found)) == [Code.NO_KEY_RESULTS]


def test_shares_above_the_whole_stop() -> None:
    halves = [replace(GOOD, id=index, title=f"客流{index}", share=Decimal("0.4")) for index in range(3)]
    assert codes(check_objective(objective(*halves, parent_kr=7))) == [Code.SHARES_ABOVE_ONE]
    assert check_objective(objective(*halves[:2], parent_kr=7)) == ()


@pytest.mark.parametrize(("parent", "upwards"), [(34, ()), (7, (7, 3, 34))])
def test_an_objective_cannot_support_itself(parent: int, upwards: tuple[int, ...]) -> None:
    found = check_objective(objective(GOOD, parent_kr=parent), upwards=upwards)
    assert codes(found) == [Code.LOOP]


def test_more_than_five_are_many() -> None:
    many = [replace(GOOD, id=index, title=f"客流{index}") for index in range(6)]
    assert codes(check_objective(objective(*many, parent_kr=7))) == [Code.TOO_MANY_KEY_RESULTS]
    assert check_objective(objective(*many[:5], parent_kr=7)) == ()


def test_the_same_title_twice_is_asked_about() -> None:
    twin = replace(GOOD, id=35, title=" 客 流量")
    [found] = check_objective(objective(GOOD, twin, parent_kr=7))
    assert (found.code, found.kr_id) == (Code.DUPLICATE_TITLE, 35)


def test_titles_are_compared_with_the_owners_other_objectives() -> None:
    draft = objective(GOOD, state=State.DRAFT, parent_kr=7)
    other = replace(draft, id=11)
    assert check_objective(draft, [draft]) == ()
    assert [(each.code, each.kr_id) for each in check_objective(draft, [draft, other])] == [
        (Code.DUPLICATE_TITLE, None),
        (Code.DUPLICATE_TITLE, 34),
    ]


def test_doubts_reach_the_key_result_they_are_about() -> None:
    [found] = check_objective(
        objective(GOOD, parent_kr=7), doubts={34: ["basis_assumed"], 99: ["percent_scale"]}
    )
    assert (found.code, found.kr_id) == (Code.BASIS_ASSUMED, 34)
