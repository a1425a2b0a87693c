from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.numerals import chinese_integer, small_integer


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("一千零五十", 1050),
        ("一千〇五十", 1050),
        ("一百二", 120),
        ("三千五", 3500),
        ("两千二百五", 2250),
        ("一万二", 12000),
        ("两万三千", 23000),
        ("三亿五", 350_000_000),
        ("十", 10),
        ("廿五", 25),
        ("一零五零", 1050),
        ("零", 0),
    ],
)
def test_numerals_as_they_are_said(said: str, number: int) -> None:
    assert chinese_integer(said) == number


@pytest.mark.parametrize(
    "said",
    [
        "",
        "三四",
        "七八",
        "十七八",
        "三十四一千零",
        "三十四一",
        "二三十四",
        "百",
        "千万",
        "十十",
        "一百百",
        "好",
        "1万",
    ],
)
def test_estimates_and_what_is_no_numeral(said: str) -> None:
    assert chinese_integer(said) is None


@given(st.integers(0, 10**12 - 1))
def test_a_written_numeral_reads_back(number: int) -> None:
    assert chinese_integer(cn2an.an2cn(number, "low")) == number


def test_small_numbers_in_either_script() -> None:
    assert small_integer("12") == small_integer("十二") == 12
    assert small_integer("二月") is None
