"""Jumps within a day, and sums that have become smaller."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from okr.objectives import Basis
from okr.oddities import Odd, Oddity, adds_up, look

D = Decimal
TODAY = date(2026, 11, 24)


def days(*values: int, last: date = TODAY) -> list[tuple[date, Decimal]]:
    first = last - timedelta(days=len(values) - 1)
    return [(first + timedelta(days=n), D(value)) for n, value in enumerate(values)]


def found(*values: int, summed: bool = True, monthly: bool = False, last: date = TODAY) -> Oddity | None:
    return look(days(*values, last=last), summed=summed, monthly=monthly, today=TODAY, most=D("0.5"))


YESTERDAY = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "oddity"),
    [
        ((), None),
        ((100,), None),
        ((100, 150), None),
        ((100, 151), Oddity(Odd.JUMP, TODAY, D("1.51"))),
        ((100, 49), Oddity(Odd.JUMP, TODAY, D("0.49"))),
        ((0, 80), None),
        ((-100, -160), Oddity(Odd.JUMP, TODAY, D("1.6"))),
    ],
)
def test_a_reading_is_compared_with_the_day_before(values: tuple[int, ...], oddity: Oddity | None) -> None:
    assert found(*values, summed=False) == oddity


@pytest.mark.parametrize(
    ("values", "last", "oddity"),
    [
        ((100, 200, 300, 400, 500), TODAY, None),
        ((100, 200, 300, 400, 700), YESTERDAY, Oddity(Odd.JUMP, YESTERDAY, D(3))),
        ((100, 200, 300, 400, 400), YESTERDAY, Oddity(Odd.JUMP, YESTERDAY, D(0))),
        ((100, 200, 300, 400, 550), YESTERDAY, None),
        ((100, 200, 300, 600), YESTERDAY, None),  # two days are no usual
        ((100, 200, 300, 400, 700), YESTERDAY - timedelta(days=1), None),  # told yesterday
        ((0, 300, 400, 500, 600, 700, 800, 900, 1200), YESTERDAY, None),  # as a week ago
        ((100, 200, 300, 400, 390), TODAY, Oddity(Odd.FALL, TODAY, D("0.025"))),
    ],
)
def test_a_sum_is_compared_by_what_a_day_adds(
    values: tuple[int, ...], last: date, oddity: Oddity | None
) -> None:
    assert found(*values, last=last) == oddity


def test_a_new_month_begins_small_without_having_fallen() -> None:
    second = date(2026, 11, 2)
    of_month = [(second - timedelta(days=2), D(900)), (second - timedelta(days=1), D(30)), (second, D(60))]

    assert look(of_month[:2], summed=True, monthly=True, today=second, most=D("0.5")) is None
    assert look(of_month[:2], summed=True, monthly=False, today=second, most=D("0.5")) is not None
    assert look(of_month, summed=True, monthly=True, today=second, most=D("0.5")) is None


def test_what_adds_up() -> None:
    assert adds_up("cumulative", Basis.QUARTER)
    assert adds_up("cumulative", Basis.MONTH)
    assert not adds_up("cumulative", Basis.DAILY)
    assert not adds_up("ratio", Basis.QUARTER)
    assert not adds_up("snapshot", Basis.QUARTER)
