"""Stages as people type them, read against the fourth quarter: 1000 → 1100 人."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.staging import read_stages
from okr.objectives import Kind, Measure, Milestone
from okr.refusals import NotANumberGoal, OutOfRange, StageOutside, StagesFall
from okr.stages import stages_of
from tests.okr.goals import key_result, number, objective

VISITORS = number("1000", "1100", unit="人")
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


def read(words: str, measure: Measure = VISITORS, **stages: str) -> dict[str, Decimal] | None:
    """`{"10-31": 0.2}`; None where the words are not understood."""
    kept = tuple(
        (date.fromisoformat(f"2026-{day[1:3]}-{day[3:]}"), Decimal(share)) for day, share in stages.items()
    )
    kr = key_result(34, measure, stages=kept)
    text = read_stages(objective(kr), kr, words)
    return None if text is None else {f"{day:%m-%d}": share for day, share in stages_of(text)}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("11月 1040", {"11-30": "0.4"}),
        ("11月底 1040人", {"11-30": "0.4"}),
        ("11月到1040", {"11-30": "0.4"}),
        ("11月30日 1,040", {"11-30": "0.4"}),
        ("11-15 1040", {"11-15": "0.4"}),
        ("11月15日 40%", {"11-15": "0.4"}),
        ("10月 20%、11月 60%", {"10-31": "0.2", "11-30": "0.6"}),
        ("10月 1020,11月 1060", {"10-31": "0.2", "11-30": "0.6"}),
        ("11月 60% 10月 20%", {"10-31": "0.2", "11-30": "0.6"}),
        ("11月", None),
        ("1040", None),
        ("下周说", None),
        ("11月 多一点", None),
        ("", {}),
        ("默认", {}),
    ],
)
def test_what_is_typed(words: str, found: dict[str, str] | None) -> None:
    wanted = None if found is None else {day: Decimal(share) for day, share in found.items()}

    assert read(words) == wanted


def test_a_stage_takes_the_place_of_that_day_s_and_leaves_the_others() -> None:
    assert read("11月 70%", d1031="0.2", d1130="0.6") == {"10-31": Decimal("0.2"), "11-30": Decimal("0.7")}
    assert read("11月 默认", d1031="0.2", d1130="0.6") == {"10-31": Decimal("0.2")}


def test_two_that_are_set_together_need_not_fit_what_stood_there() -> None:
    assert read("10月 80%、11月 90%", d1031="0.2", d1130="0.6") == {
        "10-31": Decimal("0.8"),
        "11-30": Decimal("0.9"),
    }


def test_of_a_rate_a_percent_is_a_value() -> None:
    assert read("11月 6.5%", number("8", "5", unit="%")) == {"11-30": Decimal("0.5")}


def test_steps_are_told_in_percents_of_the_way() -> None:
    steps = Measure(Kind.MILESTONE, milestones=(Milestone("选址"), Milestone("开业")))

    assert read("11月 50%", steps) == {"11-30": Decimal("0.5")}
    assert read("11月 1", steps) is None


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("11月 1200", OutOfRange),
        ("11月 900", OutOfRange),
        ("11月 120%", OutOfRange),
        ("12月 1080", StageOutside),
        ("9月 1010", StageOutside),
        ("10月 60%、11月 20%", StagesFall),
    ],
)
def test_what_the_rules_refuse(words: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(words)


def test_what_is_done_or_not_has_no_stages() -> None:
    with pytest.raises(NotANumberGoal):
        read("11月 50%", Measure(Kind.BOOLEAN))
