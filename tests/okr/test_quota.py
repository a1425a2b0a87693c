"""The month's budget: what is folded first, what a month comes to, and a month of 300 people on the free edition."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.answers import Urgency
from okr.quota import Class, Cost, Forecast, Quota, edition_for, foresee, may_go
from okr.reminding import Reminder

FREE = Quota()
DAYS = 30


def test_the_classes_are_the_urgencies() -> None:
    assert {kind.name: kind.value for kind in Class} == {one.name: one.value for one in Urgency}


@pytest.mark.parametrize("kind", [Class.ANSWER, Class.DECISION, Class.COLLABORATION])
def test_answers_approvals_and_requests_always_go(kind: Class) -> None:
    assert may_go(kind, 5.0, 0.0)


@given(st.floats(0, 2), st.floats(0, 1))
def test_a_lower_class_never_goes_where_a_higher_one_may_not(spent: float, elapsed: float) -> None:
    allowed = [may_go(kind, spent, elapsed) for kind in Class]
    assert allowed == sorted(allowed, reverse=True)


def test_what_is_reserved_for_others_is_left_alone() -> None:
    assert (FREE.usable_calls, FREE.usable_pushes) == (4000, 2400)
    assert FREE.share_spent(2000, 240) == 0.5
    assert FREE.share_spent(0, 2400) == 1.0
    assert Quota(0, 0).share_spent(10_000, 10_000) == 0.0


def test_a_month_by_class_and_the_edition_that_carries_it() -> None:
    small, large = foresee(20, list(Reminder)), foresee(300, list(Reminder))
    assert edition_for(small, 0.2) == "标准版"
    assert edition_for(large, 0.2) == "专业版"
    assert edition_for(large, 1.0) == ""
    assert large.calls > FREE.calls
    assert foresee(300, []).calls < large.calls
    assert foresee(0, list(Reminder)) == Forecast({})


@pytest.mark.parametrize(
    ("calls", "pushes", "edition"),
    [
        (160_000, 40_000, "专业版"),
        (160_001, 0, "专业版加一个加量包"),
        (0, 40_001, "专业版加一个加量包"),
        (0, 441_000, "专业版加两个加量包"),
        (50_000_000, 0, "专业版加 13 个加量包"),
    ],
)
def test_the_largest_companies_take_packs(calls: int, pushes: int, edition: str) -> None:
    assert edition_for(Forecast({Class.ANSWER: Cost(calls, pushes)}), 0.2) == edition


def test_300_people_end_the_month_inside_the_free_edition_with_all_that_matters_sent() -> None:
    """A naive bot spends more than 6,000 calls on these letters; the classes are mixed as the forecast says."""
    random, forecast = Random(1), foresee(300, list(Reminder))
    wanted = [kind for kind, cost in forecast.costs.items() for _ in range(round(cost.calls))]
    assert len(wanted) > FREE.calls
    random.shuffle(wanted)
    sent = dict.fromkeys(Class, 0)
    pushes = calls = 0
    for n, kind in enumerate(wanted):
        elapsed = (n * DAYS // len(wanted) + 1) / DAYS
        pushes = round(2_300 * elapsed)
        if may_go(kind, FREE.share_spent(calls, pushes), elapsed):
            sent[kind] += 1
            calls += 1
    assert calls <= FREE.calls
    assert pushes <= FREE.pushes
    for kind in (Class.ANSWER, Class.DECISION, Class.COLLABORATION):
        assert sent[kind] == wanted.count(kind)
    assert sent[Class.WARNING] > sent[Class.REPORT] > 0
