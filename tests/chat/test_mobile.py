"""Mobile numbers: one spelling, and never the whole of it."""

from __future__ import annotations

import pytest

from chat.mobile import is_mobile, masked, mobile_of


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("0086 13800001234", "13800001234"),
        ("+852 9123 4567", "+85291234567"),
        ("E0007", ""),
        ("", ""),
    ],
)
def test_one_spelling(written: str, number: str) -> None:
    assert mobile_of(written) == number


def test_what_is_meant_as_one() -> None:
    assert is_mobile("138 0000 1234")
    assert not is_mobile("1234567")
    assert not is_mobile("E13800001234")


def test_nobody_is_shown_the_whole() -> None:
    assert (masked("13800001234"), masked("123")) == ("138…1234", "…")
