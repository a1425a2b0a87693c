from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.numbers import (
    TENTH,
    bar,
    coarse,
    half_up,
    points_between,
    say_change,
    say_number,
    say_pace,
    say_percent,
    say_points,
    say_progress,
)
from okr.progress import Progress


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("1070", "人", "1,070 人"),
        ("1070", "", "1,070"),
        ("6.9", "%", "6.9%"),
        ("6.90", "％", "6.9%"),
        ("6.935", "%", "6.94%"),
        ("1200.50", "元", "1,200.5 元"),
        ("99999.99", "元", "99,999.99 元"),
        ("125000", "", "12.5 万"),
        ("125000", "元", "12.5 万元"),
        ("1000000", "元", "100 万元"),
        ("123456", "人", "12.35 万人"),
        ("99999999", "元", "1 亿元"),
        ("350000000", "", "3.5 亿"),
        ("-125000", "元", "-12.5 万元"),
        ("-3", "人", "-3 人"),
        ("-0.001", "人", "0 人"),
        ("1E+3", "人", "1,000 人"),
    ],
)
def test_numbers_as_people_say_them(value: str, unit: str, said: str) -> None:
    assert say_number(Decimal(value), unit) == said


def test_a_large_number_may_be_said_whole() -> None:
    assert say_number(Decimal(123456), "人", short=False) == "123,456 人"


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [("20", "人", "+20 人"), ("-3", "人", "-3 人"), ("-0.3", "%", "-0.3 个点"), ("0", "%", "0 个点")],
)
def test_a_change_has_its_sign_and_percents_change_by_points(change: str, unit: str, said: str) -> None:
    assert say_change(Decimal(change), unit) == said


@pytest.mark.parametrize(
    ("share", "said"), [("0.7", "70%"), ("1.2", "120%"), ("0.005", "1%"), ("0.0049", "0%"), ("0.365", "37%")]
)
def test_percents_are_rounded_half_up(share: str, said: str) -> None:
    assert say_percent(Decimal(share)) == said


@pytest.mark.parametrize(
    ("value", "step", "kept"), [("2.5", "1", "3"), ("-2.5", "1", "-3"), ("0.25", "0.1", "0.3")]
)
def test_halves_go_away_from_zero(value: str, step: str, kept: str) -> None:
    assert half_up(Decimal(value), Decimal(step)) == Decimal(kept)


@pytest.mark.parametrize(("value", "said"), [("20.5", "21"), ("9.25", "9.3"), ("125049.6", "12.5 万")])
def test_for_the_eye_a_number_is_rounded_once(value: str, said: str) -> None:
    assert say_number(coarse(Decimal(value), 10, TENTH)) == said


def test_the_wrong_way_is_shown_and_never_negative() -> None:
    assert say_progress(Progress(Decimal("-0.33"), Decimal(0))) == "0% ▼"
    assert say_progress(Progress(Decimal("1.2"), Decimal(1))) == "120%"


@pytest.mark.parametrize(
    ("expected", "actual", "points", "said"),
    [
        ("0.5824", "0.7", -12, "快 12 个百分点"),
        ("0.5824", "0.3667", 21, "慢 21 个百分点"),
        ("0.5824", "0.58", 0, "正好"),
    ],
)
def test_pace_is_the_difference_of_what_is_shown(expected: str, actual: str, points: int, said: str) -> None:
    assert points_between(Decimal(expected), Decimal(actual)) == points
    assert say_pace(points) == said


def test_points_have_no_sign() -> None:
    assert say_points(Decimal("-11.76")) == say_points(12) == "12 个百分点"


@pytest.mark.parametrize(
    ("share", "filled"),
    [("0", 0), ("0.04", 0), ("0.05", 1), ("0.7", 7), ("0.97", 9), ("1", 10), ("1.3", 10), ("-1", 0)],
)
def test_only_what_is_done_fills_the_bar(share: str, filled: int) -> None:
    assert bar(Decimal(share)) == "▓" * filled + "░" * (10 - filled)


@given(share=st.decimals(-2, 3, places=3), width=st.integers(1, 20))
def test_a_bar_keeps_its_width(share: Decimal, width: int) -> None:
    assert len(bar(share, width)) == width
