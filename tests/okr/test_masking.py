"""What is an amount, and that a covered one stays a covered one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from okr.masking import covered, is_amount, is_sealed, names_figures, opened, opened_measure
from okr.objectives import Kind, Measure
from okr.progress import key_result_progress
from tests.okr.goals import key_result, number, objective
from tests.okr.worked import rows

MONEY = number("0", "2400000", "元")


@pytest.mark.parametrize("line", rows("permissions", "什么算金额"))
def test_what_is_an_amount(line: dict[str, str]) -> None:
    metric, _, own = line["数据"].partition(" ")
    measure = Measure(Kind.NUMBER, line["单位"], start=Decimal(0), target=Decimal(10))
    told = is_amount(measure, line["标题"], metric=metric, metric_own=bool(own))
    assert told is (line["是金额"] == "是")


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (Measure(Kind.BOOLEAN, "元"), False),
        (Measure(Kind.MILESTONE), False),
        (Measure(Kind.MAINTAIN, "元", low=Decimal(40)), True),
        (Measure(Kind.ORDINAL, rungs=("200万元", "240万元", "300万元")), True),
        (Measure(Kind.ORDINAL, rungs=("试点", "推广", "全覆盖")), False),
        (Measure(Kind.BASELINE, "元"), True),
    ],
)
def test_kinds(measure: Measure, told: bool) -> None:
    assert is_amount(measure, "一件事") is told


def test_covering_changes_no_number_and_opening_takes_it_back() -> None:
    plain = objective(key_result(34, MONEY, "1310000"), key_result(35, number("8", "5", "%")))
    hidden = covered(plain)

    assert [one.measure.sealed for one in hidden.key_results] == [True, False]
    assert is_sealed(hidden)
    assert not is_sealed(opened(hidden))
    assert hidden == plain
    assert key_result_progress(hidden.key_results[0]) == key_result_progress(plain.key_results[0])


def test_a_copy_of_a_covered_measure_is_covered() -> None:
    hidden = covered(objective(key_result(34, MONEY))).key_results[0].measure
    assert replace(hidden, target=Decimal(5)).sealed
    assert not opened_measure(hidden).sealed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("新店开业", False),
        ("周末市集人多", False),
        ("一起加把劲", False),
        ("卖了3200", True),
        ("到１３１万了", True),
        ("做到一百三十万", True),
        ("三千块", True),
    ],
)
def test_whether_words_name_a_number(words: str, told: bool) -> None:
    assert names_figures(words) is told
