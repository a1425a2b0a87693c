"""What figures come to, as tables of worked numbers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from okr.cycle import cycle_of
from okr.metrics import (
    NOTHING,
    DayFigure,
    Tally,
    Window,
    of_window,
    ratio,
    reckon,
    rescaled,
    tally,
    together,
    windows,
)
from okr.objectives import Basis
from okr.policy import MetricSpec

D = Decimal
Q4 = cycle_of("2026Q4")
TODAY = date(2026, 11, 23)
"""A Monday."""
OCT1 = date(2026, 10, 1)
YESTERDAY = date(2026, 11, 22)
CONVERSION = MetricSpec("conversion", "转化率", "ratio", "", "orders", "visitors")
BASKET = MetricSpec("basket", "客单价", "ratio", "元", "sales", "orders")


def days(*values: str, first: date = date(2026, 11, 20)) -> list[DayFigure]:
    """Days one after another; an empty text is a day without points."""
    return [
        DayFigure(first + timedelta(days=n), D(value), D(value)) for n, value in enumerate(values) if value
    ]


@pytest.mark.parametrize(
    ("kind", "basis", "today", "expected"),
    [
        ("cumulative", Basis.QUARTER, TODAY, [(OCT1, TODAY)]),
        ("cumulative", Basis.LATEST, TODAY, [(OCT1, TODAY)]),
        ("cumulative", Basis.MONTH, TODAY, [(date(2026, 11, 1), TODAY)]),
        ("cumulative", Basis.MONTH, date(2026, 12, 1), [(date(2026, 12, 1), date(2026, 12, 1))]),
        ("cumulative", Basis.MONTH, date(2026, 10, 31), [(OCT1, date(2026, 10, 31))]),
        ("cumulative", Basis.MONTH, date(2027, 1, 9), [(date(2026, 12, 1), Q4.end)]),  # its last month stays
        ("cumulative", Basis.DAILY, TODAY, [(OCT1, YESTERDAY), (OCT1, TODAY)]),
        ("cumulative", Basis.DAILY, OCT1, [(OCT1, OCT1)]),
        ("cumulative", Basis.DAILY, date(2027, 1, 1), [(OCT1, Q4.end), (OCT1, Q4.end)]),
        (
            "cumulative",
            Basis.WEEKLY,
            TODAY,
            [(date(2026, 10, 5), YESTERDAY), (OCT1, YESTERDAY), (OCT1, TODAY)],
        ),
        (
            "cumulative",
            Basis.WEEKLY,
            date(2026, 11, 25),
            [(date(2026, 10, 5), YESTERDAY), (OCT1, date(2026, 11, 24)), (OCT1, date(2026, 11, 25))],
        ),
        ("snapshot", Basis.DAILY, TODAY, [(OCT1, TODAY)]),
        ("ratio", Basis.LATEST, TODAY, [(OCT1, TODAY)]),
        ("ratio", Basis.MONTH, TODAY, [(date(2026, 11, 1), TODAY)]),
        ("cumulative", Basis.QUARTER, date(2026, 9, 30), []),
    ],
)
def test_the_days_that_count(kind: str, basis: Basis, today: date, expected: list[tuple[date, date]]) -> None:
    assert windows(kind, basis, Q4, today) == tuple(Window(*one) for one in expected)


@pytest.mark.parametrize(
    ("kind", "basis", "values", "expected"),
    [
        ("cumulative", Basis.QUARTER, ("128.50", "71.50", "-20"), "180"),
        ("cumulative", Basis.MONTH, ("128.50", "", "71.50"), "200"),
        ("cumulative", Basis.DAILY, ("100", "", "200"), "150"),  # a day without points is missing, not 0
        ("cumulative", Basis.DAILY, ("1", "0", "0"), "0.333333"),
        ("cumulative", Basis.WEEKLY, ("10", "10", "10", "30"), "30"),  # Friday to Monday: two weeks
        ("cumulative", Basis.LATEST, ("10", "12"), "12"),
        ("snapshot", Basis.LATEST, ("10", "12", "11"), "11"),
        ("snapshot", Basis.QUARTER, ("10", "12"), "12"),  # readings are never added up over time
        ("snapshot", Basis.DAILY, ("10", "12"), "11"),
        ("snapshot", Basis.WEEKLY, ("10", "20", "30", "40"), "30"),  # Friday to Sunday 20, Monday 40
    ],
)
def test_a_figure(kind: str, basis: Basis, values: tuple[str, ...], expected: str) -> None:
    figure = reckon(kind, basis, tally(days(*values)), Window(OCT1, TODAY))

    assert figure.value == D(expected)


def test_without_any_day_there_is_no_figure() -> None:
    assert tally([]) == NOTHING
    assert reckon("cumulative", Basis.QUARTER, NOTHING, Window(OCT1, TODAY)).value is None


@pytest.mark.parametrize(
    ("spec", "upper", "lower", "expected"),
    [
        (CONVERSION, "2", "22", "9.090909"),
        (CONVERSION, "0", "22", "0"),
        (CONVERSION, None, "22", "0"),  # nobody bought: that is known
        (CONVERSION, "2", "0", None),
        (CONVERSION, "2", None, None),
        (CONVERSION, None, None, None),
        (BASKET, "3200", "64", "50"),
    ],
)
def test_one_over_another(
    spec: MetricSpec, upper: str | None, lower: str | None, expected: str | None
) -> None:
    figure = ratio(spec, D(upper) if upper else None, D(lower) if lower else None, Window(OCT1, TODAY))

    assert figure.value == (None if expected is None else D(expected))


def test_a_busy_day_weighs_more_than_a_quiet_one() -> None:
    """1 of 2, then 1 of 98: 2 %, not the mean of 50 % and 1 %."""
    upper, lower = (
        of_window("cumulative", tally(days("1", "1"))),
        of_window("cumulative", tally(days("2", "98"))),
    )

    assert ratio(CONVERSION, upper, lower, Window(OCT1, TODAY)).value == D(2)


def test_readings_of_several_places_stand_until_the_next() -> None:
    first, second = days("10", "", "12"), days("", "5")

    assert [one.last for one in together([first, second], added=True)] == [D(10), D(15), D(17)]
    assert [one.last for one in together([first, second], added=False)] == [D(10), D("7.5"), D("8.5")]


@pytest.mark.parametrize(
    ("metric_unit", "goal_unit", "expected"),
    [
        ("元", "元", "500000"),
        ("元", "万元", "50"),
        ("元", "亿元", "0.005"),
        ("元", "人", "500000"),
        ("", "万", "500000"),
    ],
)
def test_a_goal_may_count_in_thousands(metric_unit: str, goal_unit: str, expected: str) -> None:
    assert rescaled(D(500000), metric_unit, goal_unit) == D(expected)


def test_a_tally_knows_its_days_and_weeks() -> None:
    assert tally(days("1", "", "2", "3")) == Tally(D(6), 3, 2, D(3), D("4.5"))
