from __future__ import annotations

from datetime import date

import pytest

from okr.cycle import cycle_of, day_of_cycle, days_left, is_running, next_quarter, quarter_of
from okr.refusals import NoSuchCycle
from tests.okr.goals import Q4, TODAY


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028Q1", date(2028, 1, 1), date(2028, 3, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_name_tells_both_days(name: str, start: date, end: date) -> None:
    assert cycle_of(name) == (name, start, end)


@pytest.mark.parametrize(("typed", "name"), [(" 2026q4 ", "2026Q4"), ("2026-1", "2026-01")])
def test_names_are_read_kindly(typed: str, name: str) -> None:
    assert cycle_of(typed).name == name


@pytest.mark.parametrize("name", ["2026Q5", "2026-13", "2026-00", "26Q4", "下季", "", "0000Q1", "2026Q4x"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(NoSuchCycle):
        cycle_of(name)


@pytest.mark.parametrize(
    ("day", "name", "following"),
    [
        (date(2026, 1, 1), "2026Q1", "2026Q2"),
        (date(2026, 6, 30), "2026Q2", "2026Q3"),
        (date(2026, 7, 1), "2026Q3", "2026Q4"),
        (date(2026, 12, 31), "2026Q4", "2027Q1"),
    ],
)
def test_a_day_has_a_quarter_and_a_next_one(day: date, name: str, following: str) -> None:
    assert quarter_of(day) == cycle_of(name)
    assert next_quarter(day).name == following


def test_days_of_a_cycle() -> None:
    assert days_left(Q4, TODAY) == 38
    assert day_of_cycle(Q4, TODAY) == 54
    assert (day_of_cycle(Q4, Q4.start), days_left(Q4, Q4.end)) == (1, 0)
    assert days_left(Q4, date(2027, 1, 5)) == 0


def test_both_ends_belong_to_a_cycle() -> None:
    days = [date(2026, 9, 30), Q4.start, Q4.end, date(2027, 1, 1)]
    assert [is_running(Q4, day) for day in days] == [False, True, True, False]
