"""Shifts as values: nights end on the next day, nobody is in two places."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.policy import SHANGHAI
from okr.rosters import DayPlan, Hours, overlap, say_hours, span

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


def hours(text: str) -> Hours:
    start, end = text.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def test_a_night_shift_ends_on_the_day_after() -> None:
    assert span(FRIDAY, hours("22:00-06:00"), SHANGHAI) == (
        datetime(2026, 11, 27, 22, tzinfo=SHANGHAI),
        datetime(2026, 11, 28, 6, tzinfo=SHANGHAI),
    )


@given(st.times(), st.times())
def test_a_shift_takes_time_and_at_most_a_day(start: time, end: time) -> None:
    begins, ends = span(FRIDAY, (start, end), SHANGHAI)
    assert 0 < (ends - begins).total_seconds() <= 24 * 3600


@pytest.mark.parametrize(
    ("plans", "clash"),
    [
        ([(1, FRIDAY, "10:00-18:00"), (1, SATURDAY, "10:00-18:00")], False),
        ([(1, FRIDAY, "22:00-06:00"), (1, SATURDAY, "05:00-09:00")], True),
        ([(1, FRIDAY, "22:00-06:00"), (1, SATURDAY, "06:00-09:00")], False),
        ([(1, FRIDAY, "10:00-18:00"), (2, FRIDAY, "10:00-18:00")], False),
        ([(1, FRIDAY, "10:00-18:00"), (1, FRIDAY, "17:00-21:00")], True),
    ],
)
def test_who_would_be_in_two_places(plans: list[tuple[int, date, str]], *, clash: bool) -> None:
    said = [DayPlan(who, day, (hours(text),)) for who, day, text in plans]
    assert (overlap(said, SHANGHAI) is not None) is clash


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((), "休"),
        (("10:00-18:30",), "10:00-18:30"),
        (("17:00-21:00", "10:00-14:00"), "10:00-14:00 + 17:00-21:00"),
        (("22:00-06:00",), "22:00-次日06:00"),
        (("16:00-00:00",), "16:00-24:00"),
    ],
)
def test_how_a_day_is_said(said: tuple[str, ...], words: str) -> None:
    assert say_hours([hours(text) for text in said]) == words
