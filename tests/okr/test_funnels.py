"""The weakest step of a funnel: what would have come out, had it gone as in the week before."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.funnels import Flow, FunnelSpec, Weakness, missing_since, still_needed, weakest

VISITS = FunnelSpec("拜访成交", ("visits", "deals"), ("拜访", "成交"), "sales")
THREE = FunnelSpec("三步", ("a", "b", "c"), ("到店", "试穿", "成交"))


def flow(now: str, before: str, worth: str | None = None, spec: FunnelSpec = VISITS) -> Flow:
    read = [tuple(map(Decimal, words.split())) for words in (now, before)]
    return Flow(spec, read[0], read[1], Decimal(worth) if worth else None)


@pytest.mark.parametrize(
    ("now", "before", "worth", "step", "more", "value"),
    [
        ("22 2", "21 3", "22000", 1, "1", "11000"),  # 22 x 3/21 = 3.14
        ("12 3", "20 3", "9000", 0, "2", "6000"),  # 20 x 3/12 = 5
        ("10 1", "20 4", None, 0, "1", None),  # as many visits: 2; as good: 2, and the first step goes first
        ("10 0", "20 4", "0", 1, "2", None),
        ("0 0", "20 4", None, 0, "4", None),  # nothing went in
        ("22 3", "21 3", "1", None, "", None),  # 22 x 3/21 = 3.14: no whole deal more
        ("22 4", "21 3", "1", None, "", None),
        ("9 2", "12 4", "1", 1, "1", "0.5"),  # 9 x 4/12 is 3 and no little less
        ("14 2", "14 2.6", "1", None, "", None),  # most of a deal is no deal
        ("22 2", "0 0", "1", None, "", None),
    ],
)
def test_the_step_that_costs_most(
    now: str, before: str, worth: str | None, step: int | None, more: str, value: str | None
) -> None:
    found = weakest(flow(now, before, worth))

    if step is None:
        assert found is None
        return
    assert found == Weakness(
        step, Decimal(more), found.worth if found and value is None else Decimal(value or 0)
    )
    assert found is not None
    assert (found.worth is None) is (value is None)


def test_of_two_the_one_that_brings_more_however_little() -> None:
    found = weakest(flow("100 20 10", "124 24 14", spec=THREE))  # 12.4, 10 and 11.67 against 10

    assert found is not None
    assert (found.step, found.more) == (0, Decimal(2))
    found = weakest(flow("100 20 10", "114 20 11.5", spec=THREE))  # 11.4, and 11.5
    assert found is not None
    assert (found.step, found.more) == (2, Decimal(2))


def test_of_three_steps_the_one_in_the_middle() -> None:
    found = weakest(flow("100 20 10", "100 50 20", spec=THREE))

    assert found is not None
    assert (found.step, found.more) == (1, Decimal(15))  # 100 x 50% x 50%


@pytest.mark.parametrize(
    ("before", "missing", "needed"),
    [
        ("14 2", "2.5", 18),
        ("21 3", "1", 7),
        ("9 1", "1", 9),  # a ninth of nine is one and no little less
        ("7 1", "0", None),
        ("7 0", "1", None),
        ("0 0", "1", None),
    ],
)
def test_how_many_more_have_to_go_in(before: str, missing: str, needed: int | None) -> None:
    assert still_needed(flow("1 0", before), Decimal(missing)) == needed


def test_missing_against_the_week_before_is_never_negative() -> None:
    assert missing_since(flow("22 2", "21 3")) == 1
    assert missing_since(flow("22 5", "21 3")) == 0


counts = st.lists(st.integers(0, 500), min_size=3, max_size=3).map(lambda some: sorted(some, reverse=True))


@given(counts, counts)
def test_putting_the_step_back_brings_what_is_said(now: list[int], before: list[int]) -> None:
    one = Flow(THREE, tuple(map(Decimal, now)), tuple(map(Decimal, before)))
    found = weakest(one)
    if found is None:
        return

    def rate(counts: list[int], at: int) -> float:
        return counts[at] / counts[at - 1] if counts[at - 1] else 0.0

    into = before[0] if found.step == 0 else now[0]
    mixed = [rate(before if at == found.step or not now[at - 1] else now, at) for at in (1, 2)]
    assert abs(into * mixed[0] * mixed[1] - now[2] - float(found.more)) <= 0.5001
    assert found.more >= 1
