"""The days of a target: the page's numbers, sums to the last cent, nothing negative, nothing that falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.curve import Curve, curve, curve_of, curve_text
from okr.cycle import Period
from okr.day_targets import (
    Mean,
    day_target,
    days_to_come,
    is_out_of_reach,
    is_spread,
    spread,
    week_of_targets,
    weeks_that_count,
)
from okr.day_weights import EVEN, FEWEST_DAYS, DayWeights, weigh
from okr.expected import expected_of
from okr.forecast import Method, forecast
from okr.objectives import Basis, KeyResult, Kind, Measure, Status
from okr.policy import MetricSpec, Policy
from okr.stages import stage_targets
from okr.status import judge
from okr.workdays import OfficeCalendar
from tests.okr.goals import Q4, TODAY, key_result, number, reading
from tests.okr.worked import rows

D = Decimal
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 16)
WEEK = (800, 800, 800, 800, 1000, 1400, 1400)
SPEC = MetricSpec("sales", "销售额", "cumulative", "元")
CALENDAR = OfficeCalendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)), workdays=frozenset({date(2026, 10, 10)})
)


def summed(target: str, made: Curve | None, value: str | None = None, **more: Any) -> KeyResult:
    measure = replace(number("0", target, "元"), basis=Basis.QUARTER, cumulative=True)
    return replace(key_result(1, measure, value, metric="sales"), curve=made, **more)


def weights_of(text: str) -> list[int]:
    return [int(D(part) * 1000) for part in text.split(",")]


@pytest.mark.parametrize("row", rows("day-targets", "例子"))
def test_the_divisions_of_the_page(row: dict[str, str]) -> None:
    made = curve(MONDAY, weights_of(row["星期几的轻重"]))
    found = spread(D(row["总数"]), made, made.first, made.last, D(1))
    assert [found[MONDAY + DAY * n] for n in range(7)] == [D(row[name]) for name in "一二三四五六日"]


@pytest.mark.parametrize("row", rows("day-targets", "每天早上重新分"))
def test_the_mornings_of_the_page(row: dict[str, str]) -> None:
    made = curve(MONDAY, WEEK)
    today = MONDAY + DAY * "一二三四五六日".index(row["今天"])
    assert day_target(summed("700", made), made, D(row["昨天为止做了"]), today).amount == D(row["今天要"])


def averaged(target: str, basis: Basis) -> KeyResult:
    kr = summed(target, None)
    return replace(kr, measure=replace(kr.measure, basis=basis, cumulative=False))


@pytest.mark.parametrize("row", rows("day-targets", "日均"))
def test_the_means_of_days_of_the_page(row: dict[str, str]) -> None:
    made = curve(MONDAY, WEEK)
    today = MONDAY + DAY * "一二三四五六日".index(row["今天"])
    mean = Mean(int(row["有数的天"]), days_to_come(made, today, made.last), made.last)
    found = day_target(averaged("100", Basis.DAILY), made, D(row["昨天为止做了"]), today, mean)
    assert found.amount == D(row["今天要"])


@pytest.mark.parametrize("row", rows("day-targets", "周均"))
def test_the_means_of_weeks_of_the_page(row: dict[str, str]) -> None:
    made = curve(MONDAY, WEEK * 3)
    week, _, weekday = row["今天是第几周的"].partition(" ")
    today = MONDAY + DAY * (7 * (int(week) - 1) + "一二三四五六日".index(weekday))
    mean = Mean(int(week) - 1, 4 - int(week), made.last)
    found = day_target(averaged("700", Basis.WEEKLY), made, D(row["昨天为止做了"]), today, mean)
    assert found.amount == D(row["今天要"])


@given(
    weights=st.lists(st.integers(1, 3000), min_size=1, max_size=60),
    before=st.lists(st.integers(0, 500), max_size=60),
    target=st.integers(1, 400),
)
def test_whoever_does_what_each_morning_asks_reaches_the_mean(
    weights: list[int], before: list[int], target: int
) -> None:
    made = curve(MONDAY, weights)
    kr, done, counted = averaged(str(target), Basis.DAILY), D(sum(before)), len(before)
    for n in range(len(weights)):
        today = made.first + DAY * n
        mean = Mean(counted, days_to_come(made, today, made.last), made.last)
        done += day_target(kr, made, done, today, mean).amount
        counted += 1
    assert done == max(D(sum(before)), D(target * counted))


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("2026-10-01", "2026-12-31", ("2026-10-05", "2026-12-27")),
        ("2026-11-16", "2026-11-22", ("2026-11-16", "2026-11-22")),
        ("2026-11-17", "2026-11-28", None),
    ],
)
def test_weeks_that_are_whole(first: str, last: str, whole: tuple[str, str] | None) -> None:
    found = weeks_that_count(date.fromisoformat(first), date.fromisoformat(last))
    assert found == (whole and tuple(map(date.fromisoformat, whole)))


@pytest.mark.parametrize(
    ("usual", "amount", "out"),
    [("11", "22", False), ("11", "23", True), ("0", "9", False), (None, "9", False)],
)
def test_what_no_day_brings(usual: str | None, amount: str, *, out: bool) -> None:
    assert is_out_of_reach(D(amount), None if usual is None else D(usual)) is out


@pytest.mark.parametrize("row", rows("day-targets", "「该到多少」跟着走"))
def test_the_expectations_of_the_page(row: dict[str, str]) -> None:
    over, _, under = row["该到"].partition("/")
    today = MONDAY + DAY * "一二三四五六日".index(row["今天"])
    assert curve(MONDAY, WEEK).share(today) == D(over) / D(under or 1)


many = st.lists(st.integers(0, 3000), min_size=2, max_size=92).filter(any)
cents = st.integers(1, 10**9).map(lambda whole: D(whole).scaleb(-2))


@given(weights=many, target=cents)
def test_all_days_together_are_the_target(weights: list[int], target: Decimal) -> None:
    made = curve(Q4.start, weights)
    found = spread(target, made, made.first, made.last, D("0.01"))
    assert sum(found.values()) == target
    for one, weight in zip(found.values(), weights, strict=True):
        exact = Fraction(target) * weight / sum(weights)
        assert one >= 0
        assert abs(Fraction(one) - exact) <= Fraction(1, 100)
        assert weight or not one


@given(weights=many, target=cents, done=cents, day=st.integers(0, 91))
def test_what_is_left_is_divided_again_to_the_last_cent(
    weights: list[int], target: Decimal, done: Decimal, day: int
) -> None:
    made = curve(Q4.start, weights)
    today = made.first + DAY * (day % len(weights))
    kr = summed(str(target), made)
    found = spread(max(D(0), target - done), made, today, made.last, D("0.01"))
    wanted = day_target(kr, made, done, today)
    assert wanted.amount == found[today] >= 0
    assert wanted.left == max(D(0), target - done)
    if made.between(today, made.last):
        assert sum(found.values()) == wanted.left


@given(weights=many, pair=st.tuples(st.integers(-3, 100), st.integers(-3, 100)), start=st.integers(0, 50))
def test_what_is_expected_never_falls_and_ends_at_one(
    weights: list[int], pair: tuple[int, int], start: int
) -> None:
    made = curve(Q4.start, weights)
    early, late = (made.expected(D(start), D(100), Q4.start + DAY * n) for n in sorted(pair))
    assert 0 <= early <= late <= 1
    assert made.expected(D(start), D(100), made.first) in (0, 1)
    assert made.expected(D(start), D(100), made.last) == 1


@given(weights=many)
def test_a_curve_is_kept_as_it_is(weights: list[int]) -> None:
    made = curve(
        Q4.start, weights, monthly=True, told_by="西湖店", own=True, days=50, weekdays=WEEK, until=TODAY
    )
    assert curve_of(curve_text(made)) == made


def test_who_keeps_up_every_day_is_asked_the_same_as_at_first() -> None:
    made = curve(MONDAY, WEEK)
    planned = spread(D(700), made, made.first, made.last, D(1))
    done = D(0)
    for day, amount in planned.items():
        assert day_target(summed("700", made), made, done, day).amount == amount
        done += amount


def test_a_closed_day_asks_nothing() -> None:
    made = curve(MONDAY, (0, *WEEK[1:]))
    wanted = day_target(summed("700", made), made, D(0), MONDAY)
    assert (wanted.closed, wanted.amount, wanted.days) == (True, D(0), 6)


def test_a_month_begins_anew() -> None:
    made = curve(date(2026, 10, 1), [1000] * 92, monthly=True)
    assert made.span(date(2026, 11, 16)) == (date(2026, 11, 1), date(2026, 11, 30))
    assert made.share(date(2026, 11, 1)) == 0
    assert made.share(date(2026, 11, 16)) == D("0.5")
    kr = replace(summed("300", made), measure=replace(summed("300", None).measure, basis=Basis.MONTH))
    assert day_target(kr, made, D(0), date(2026, 11, 1)).amount == 10
    assert day_target(kr, made, D(150), date(2026, 11, 21)).amount == 15
    assert list(week_of_targets(kr, made, D(0), date(2026, 11, 29)).values()) == [150, 150]


# --- weights ---


def history(first: date, count: int, of: dict[int, int] | None = None) -> dict[date, Decimal]:
    days = [first + DAY * n for n in range(count)]
    return {day: D((of or {}).get(day.weekday(), 100)) for day in days}


def test_weekdays_weigh_what_they_have_brought() -> None:
    told = history(date(2026, 8, 31), 56, {5: 140, 6: 140, 4: 100, 0: 80, 1: 80, 2: 80, 3: 80})
    found = weigh(told, date(2026, 10, 26), CALENDAR)
    assert found is not None
    assert found.weekdays == WEEK
    assert found.days == 56 - 8  # a week of holidays, and a Saturday that was worked


def test_holidays_weigh_what_holidays_have_brought() -> None:
    told = history(date(2026, 8, 31), 56) | {day: D(180) for day in CALENDAR.holidays}
    found = weigh(told, date(2026, 10, 26), CALENDAR)
    assert found is not None
    assert found.holiday == 1800
    assert found.of(date(2026, 10, 3), CALENDAR) == 1800


def test_without_any_they_weigh_like_the_heavier_day_of_a_weekend() -> None:
    weights = DayWeights(WEEK)
    assert weights.of(date(2026, 10, 1), CALENDAR) == 1400
    assert weights.of(date(2026, 10, 10), CALENDAR) == 840  # a Saturday that is worked
    assert weights.of(date(2026, 10, 17), CALENDAR) == 1400
    assert weights.of(date(2026, 10, 17), CALENDAR, {date(2026, 10, 17)}) == 0


def test_a_day_of_sales_weighs_what_it_did_last_year() -> None:
    told = history(date(2025, 10, 1), 400) | {date(2025, 11, 11): D(250)}
    found = weigh(told, date(2026, 10, 26), OfficeCalendar())
    assert found is not None
    assert found.of(date(2026, 11, 11), OfficeCalendar()) == 2500
    assert found.of(date(2026, 12, 12), OfficeCalendar()) == 1000


def test_once_it_has_passed_it_still_weighs_what_it_did_last_year() -> None:
    told = history(date(2025, 10, 1), 420) | {date(2025, 11, 11): D(250), date(2026, 11, 11): D(50)}
    found = weigh(told, date(2026, 11, 20), OfficeCalendar())
    assert found is not None
    assert found.of(date(2026, 11, 11), OfficeCalendar()) == 2500
    assert found.of(date(2027, 11, 11), OfficeCalendar()) == 500


def test_a_weekday_on_which_nothing_ever_came_is_closed() -> None:
    told = {day: value for day, value in history(date(2026, 8, 3), 70).items() if day.weekday()}
    found = weigh(told, date(2026, 10, 26), CALENDAR)
    assert found is not None
    assert found.weekdays == (0, 1000, 1000, 1000, 1000, 1000, 1000)


@pytest.mark.parametrize("count", [0, 10, FEWEST_DAYS - 1])
def test_a_short_history_says_nothing(count: int) -> None:
    assert weigh(history(date(2026, 10, 26), count), date(2026, 10, 26) + DAY * count, CALENDAR) is None


def test_refunds_and_nothing_at_all_do_not_upset_it() -> None:
    assert weigh(dict.fromkeys(history(date(2026, 8, 3), 70), D(0)), date(2026, 10, 26), CALENDAR) is None
    told = history(date(2026, 8, 3), 70, {0: -50})
    found = weigh(told, date(2026, 10, 26), CALENDAR)
    assert found is not None
    assert found.weekdays[0] == 0


@given(
    days=st.dictionaries(st.integers(0, 120), st.integers(-500, 10**7).map(D), max_size=121),
    ask=st.dates(date(2026, 9, 1), date(2027, 2, 1)),
)
def test_no_weight_is_negative(days: dict[int, Decimal], ask: date) -> None:
    told = {date(2026, 7, 1) + DAY * n: value for n, value in days.items()}
    found = weigh(told, date(2026, 11, 1), CALENDAR) or EVEN
    assert found.of(ask, CALENDAR) >= 0


# --- what follows ---

HEAVY_END = curve(Q4.start, [500] * 60 + [1500] * 32)


def test_the_light_follows_the_days() -> None:
    """Half of the way by the calendar is less than half where the heavy days are still to come."""
    line, bent = summed("100", None, "40"), summed("100", HEAVY_END, "40")
    assert judge(line, Q4, TODAY, Policy()).status is Status.BEHIND
    verdict = judge(bent, Q4, TODAY, Policy())
    assert verdict.expected == D(53 * 500) / (60 * 500 + 32 * 1500)
    assert verdict.status is Status.ON_TRACK


def test_stages_and_another_end_come_first() -> None:
    staged = summed("100", HEAVY_END, stages=((date(2026, 10, 31), D("0.2")),))
    assert expected_of(staged, Q4, date(2026, 10, 31)) == D("0.2")
    moved = summed("100", HEAVY_END, due=date(2026, 11, 30))
    assert expected_of(moved, Q4, date(2026, 10, 31)) == D(30) / 60


def test_a_sum_that_is_to_begin_at_more_is_measured_from_there() -> None:
    measure = replace(number("50", "100", "元"), basis=Basis.QUARTER, cumulative=True)
    kr = replace(key_result(1, measure, metric="sales"), curve=curve(Q4.start, [1000] * 92))
    assert expected_of(kr, Q4, Q4.start + DAY * 46) == 0
    assert expected_of(kr, Q4, Q4.start + DAY * 69) == D("0.5")


def test_the_forecast_counts_usual_days() -> None:
    """2 for each usual day: all 92 of them make 184, most of it in the heavy days to come."""
    axis = [HEAVY_END.axis(Q4.start + DAY * n) for n in range(92)]
    points = [(Q4.start + DAY * n, axis[n] * 2) for n in range(25, 53)]
    kr = summed("200", HEAVY_END, reading=reading(str(axis[52] * 2)))
    ahead = forecast(kr, points, Q4, TODAY)
    assert ahead is not None
    assert ahead.method is Method.TREND
    assert round(ahead.value, 9) == 184
    assert ahead.required == (200 - axis[52] * 2) / 38
    assert ahead.ratio is not None
    assert round(ahead.ratio * ahead.recent, 9) == round(ahead.required, 9)
    straight = forecast(replace(kr, curve=None), points, Q4, TODAY)
    assert straight is not None
    assert straight.value < 110  # the line knows nothing of the heavy days


def test_a_day_that_is_not_over_spoils_no_trend() -> None:
    even = curve(Q4.start, [1000] * 92)
    points = [(Q4.start + DAY * n, D(n + 1)) for n in range(53)]
    today = (TODAY, D(53) + D("0.01"))
    kr = summed("92", even, reading=reading("53.01"))
    ahead = forecast(kr, [*points, today], Q4, TODAY)
    assert ahead is not None
    assert round(ahead.value, 9) == 92


def test_the_end_of_a_month_is_what_a_monthly_sum_is_forecast_to() -> None:
    made = curve(Q4.start, [1000] * 92, monthly=True)
    points = [(date(2026, 11, 1) + DAY * n, D(10 * (n + 1))) for n in range(22)]
    old = [(date(2026, 10, 1) + DAY * n, D(99 * (n + 1))) for n in range(31)]
    kr = replace(summed("400", made, "220"), measure=replace(summed("400", made).measure, basis=Basis.MONTH))
    ahead = forecast(kr, [*old, *points], Q4, TODAY)
    assert ahead is not None
    assert round(ahead.value, 9) == 300


@pytest.mark.parametrize(
    ("measure", "spec", "is_one"),
    [
        (Measure(Kind.NUMBER, "元", Basis.QUARTER, D(0), D(10)), SPEC, True),
        (Measure(Kind.NUMBER, "元", Basis.MONTH, D(0), D(10)), SPEC, True),
        (Measure(Kind.NUMBER, "元", Basis.DAILY, D(0), D(10)), SPEC, False),
        (Measure(Kind.NUMBER, "元", Basis.QUARTER, D(10), D(0)), SPEC, False),
        (Measure(Kind.NUMBER, "%", Basis.QUARTER, D(0), D(10)), replace(SPEC, kind="ratio"), False),
        (Measure(Kind.BOOLEAN), SPEC, False),
        (Measure(Kind.NUMBER, "元", Basis.QUARTER, D(0), D(10)), None, False),
    ],
)
def test_what_is_divided(measure: Measure, spec: MetricSpec | None, is_one: bool) -> None:
    assert is_spread(key_result(1, measure), spec) is is_one


def test_the_first_day_on_which_so_many_usual_days_have_passed() -> None:
    made = curve(MONDAY, WEEK)
    assert made.axis(MONDAY + DAY * 6) == 7
    assert made.arrival(D("0.5")) == MONDAY
    assert made.arrival(D(7)) == MONDAY + DAY * 6
    assert made.arrival(D("8.5")) == MONDAY + DAY * 8
    assert Period("", made.first, made.last).end == date(2026, 11, 22)


def test_the_stages_follow_the_days() -> None:
    stages = stage_targets(summed("92", HEAVY_END), Q4)
    weights = HEAVY_END.weights
    assert [stage.share for stage in stages] == [
        D(sum(weights[:31])) / sum(weights),
        D(sum(weights[:61])) / sum(weights),
        1,
    ]
