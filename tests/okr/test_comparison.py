"""Who is far from the others: the page's numbers, and what one far value does not do to the rule."""

from __future__ import annotations

from decimal import Decimal
from statistics import median as plain_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.comparison import FEWEST, median, off_the_middle, outliers
from tests.okr.worked import rows

D = Decimal


@pytest.mark.parametrize("row", rows("comparison", "算给你看"))
def test_the_numbers_of_the_page(row: dict[str, str]) -> None:
    values = {f"{place}": D(value) for place, value in enumerate(row["各店的数"].split(","))}
    told = row["明显不同"]
    assert median(values.values()) == D(row["中位"])
    assert {values[key] for key in outliers(values)} == ({D(told)} if told != "–" else set())


numbers = st.lists(st.integers(1, 10**6).map(D), min_size=1, max_size=40)


@given(values=numbers)
def test_the_middle_is_the_middle(values: list[Decimal]) -> None:
    assert median(values) == plain_median(values)


@given(values=numbers)
def test_at_most_half_are_far(values: list[Decimal]) -> None:
    named = {f"{place}": value for place, value in enumerate(values)}
    far = outliers(named)
    assert len(far) * 2 <= len(values)
    assert not far or len(values) >= FEWEST
    assert all(abs(part) >= D("0.1") for part in far.values())


def test_one_far_value_does_not_hide_another() -> None:
    values = {"a": D(50), "b": D(51), "c": D(52), "d": D(53), "e": D(54), "f": D(100), "g": D(5000)}
    assert set(outliers(values)) == {"f", "g"}
    assert off_the_middle(values)["f"] == D(47) / 53


def test_nothing_is_told_of_nothing() -> None:
    assert off_the_middle({}) == {}
    assert off_the_middle({"a": D(0), "b": D(0)}) == {}
