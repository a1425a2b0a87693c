from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.shares import shares_above
from okr.weights import normalise
from tests.okr.worked import rows


def test_the_chain_of_the_page() -> None:
    table = rows("shares", "例子")
    weights = {row["从"]: {row["到"]: Decimal(row["这一步"])} for row in table}
    shares = shares_above(weights, "KR34")
    assert list(shares) == [row["到"] for row in table]
    assert [f"{share * 100:.1f}%" for share in shares.values()] == [row["我占"] for row in table]


def test_two_ways_up_are_added() -> None:
    weights = {
        "O1": {"KR2": Decimal("0.4"), "KR3": Decimal("0.5")},
        "KR2": {"O4": Decimal("0.5")},
        "KR3": {"O4": Decimal("0.5")},
    }
    assert shares_above(weights, "O1")["O4"] == Decimal("0.45")


def test_at_the_top_there_is_nothing_above() -> None:
    assert shares_above({"KR1": {"O1": Decimal(1)}}, "O1") == {}


@pytest.mark.parametrize("count", [1, 5])
@given(data=st.data())
def test_all_below_make_up_the_whole(count: int, data: st.DataObject) -> None:
    """A tree of three levels under one goal, whatever the weights."""
    levels = ["top"], [f"a{index}" for index in range(3)], [f"b{index}" for index in range(3 * count)]
    weights: dict[str, dict[str, Decimal]] = {}
    for above, below in pairwise(levels):
        each = len(below) // len(above)
        for index, parent in enumerate(above):
            children = below[index * each : (index + 1) * each]
            typed = data.draw(st.lists(st.integers(0, 9), min_size=each, max_size=each))
            normalised = normalise([(Decimal(weight), None) for weight in typed])
            weights |= {child: {parent: weight} for child, weight in zip(children, normalised, strict=True)}
    assert sum(shares_above(weights, leaf)["top"] for leaf in levels[2]) == 1
