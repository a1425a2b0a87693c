"""The monthly review's days, states and numbers: the tables of docs/rules/review.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import policy_of
from config.settings import Settings
from okr.refusals import IllegalMove
from okr.review import (
    Cause,
    Decision,
    Review,
    ReviewDays,
    ReviewLine,
    ReviewMove,
    ReviewState,
    in_shifts,
    missing,
    review_days,
)
from tests.okr.worked import rows


def table(heading: str) -> list[tuple[str, ...]]:
    return [tuple(row.values()) for row in rows("review", heading)]


CALENDAR = policy_of(Settings()).calendar
LINE = ReviewLine(34, Decimal("0.58"), Decimal("0.37"), None, Decimal("-0.05"), Decimal("-0.03"))


@pytest.mark.parametrize(("today", "opening", "again", "closing"), table("日子"))
def test_the_days_of_a_month(today: str, opening: str, again: str, closing: str) -> None:
    found = review_days(date.fromisoformat(today), 25, 2, CALENDAR)

    assert found == ReviewDays(*(date.fromisoformat(day) for day in (opening, again, closing)))


@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(1, 28))
def test_it_opens_and_closes_on_working_days_in_this_order(today: date, day: int) -> None:
    days = review_days(today, day, 2, CALENDAR)

    assert days.opening <= today.replace(day=day)
    assert days.again <= days.closing
    assert days.closing.month == today.month
    assert all(map(CALENDAR.is_workday, (days.opening, days.again, days.closing)))


@pytest.mark.parametrize(("shifts", "again", "due"), table("门店按班算"))
def test_in_a_store_it_goes_by_shifts(shifts: str, again: str, due: str) -> None:
    days = review_days(date(2026, 11, 23), 25, 2, CALENDAR)
    working = [date(2026, 11, int(day)) for day in shifts.split(", ")] if shifts != "没有" else []

    found = in_shifts(days, working, 3, 2)

    assert (found.again.day, found.closing.day) == (int(again), int(due))


@pytest.mark.parametrize(("state", "fill", "submit", "archive"), table("状态"))
def test_what_can_become_of_it(state: str, fill: str, submit: str, archive: str) -> None:
    called = {one.called: one for one in ReviewState}
    now = datetime(2026, 11, 25, tzinfo=UTC)
    review = Review(1, "2026-11", 1, 2, called[state], now, date(2026, 11, 30))

    for move, expected in zip(ReviewMove, (fill, submit, archive), strict=True):
        if expected == "不行":
            with pytest.raises(IllegalMove):
                review.after(move)
        else:
            assert review.after(move) is called[expected]


@pytest.mark.parametrize(
    ("needed", "recent", "lacks", "short"),
    [
        ("-0.05", "-0.03", True, "0.76"),
        ("-0.05", "-0.04", False, "0.38"),
        ("-0.05", "0.01", True, "2.28"),
        ("1.294", "0.8", True, "18.772"),
        ("1.294", "0", True, "49.172"),
        ("0", "0.8", False, "0"),
        ("0.5", "0.8", False, "0"),
    ],
)
def test_what_is_lacking(needed: str, recent: str, lacks: bool, short: str) -> None:
    line = replace(LINE, needed=Decimal(needed), recent=Decimal(recent))

    assert line.lacks() is lacks
    assert missing(line, 38) == Decimal(short)


def test_what_lags_needs_a_cause_and_everything_a_decision() -> None:
    sound = replace(LINE, actual=Decimal("0.57"))

    assert not replace(LINE, decision=Decision.GO_ON).is_done(10)
    assert replace(LINE, decision=Decision.GO_ON, cause=Cause.RESOURCES).is_done(10)
    assert replace(sound, decision=Decision.GO_ON).is_done(10)
    assert not replace(sound, cause=Cause.RESOURCES).is_done(10)
