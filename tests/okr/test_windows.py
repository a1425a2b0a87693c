"""When somebody may be written to, by the worked moments of its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.holidays import office_calendar
from config.settings import Calendar
from okr.people import Person
from okr.policy import SHANGHAI
from okr.windows import SendWindow, Span, opening, opening_for_colleagues
from tests.okr.worked import rows

CALENDAR = office_calendar(Calendar())
WINDOW = SendWindow()
OFFICE = Person(1, "E1", "甲")
STORE = replace(OFFICE, store="西湖店")
MONDAY = datetime(2026, 1, 5, tzinfo=SHANGHAI)
moments = st.integers(0, 60 * 24 * 360).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shifts(text: str) -> list[Span]:
    """`2026-11-28 22:00-06:00; …`: one that ends before it begins ends on the next day."""
    found = []
    for one in filter(None, text.split(";")):
        day, hours = one.split()
        start, end = (at(f"{day} {hour}") for hour in hours.split("-"))
        found.append((start, end if end > start else end + timedelta(days=1)))
    return found


def known(row: dict[str, str]) -> datetime | None:
    """`2026-11-28`: the end of the last day that the roster speaks of."""
    return at(row["排到"]) + timedelta(days=1) if row["排到"] else None


def person(row: dict[str, str]) -> Person:
    return STORE if row["谁"] == "门店" else OFFICE


def said(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "不发"


@pytest.mark.parametrize("row", rows("windows", "提醒"))
def test_a_reminder_waits_for_its_window(row: dict[str, str]) -> None:
    assert said(opening(at(row["现在"]), person(row), shifts(row["班"]), WINDOW, CALENDAR)) == row["发"]


@pytest.mark.parametrize("row", rows("windows", "同事发来的"))
def test_what_a_colleague_sends_waits_only_at_night_and_off_shift(row: dict[str, str]) -> None:
    assert said(opening_for_colleagues(at(row["现在"]), person(row), shifts(row["班"]), WINDOW)) == row["发"]


@pytest.mark.parametrize("row", rows("windows", "休息的日子"))
def test_a_day_that_is_known_to_be_free_is_left_free(row: dict[str, str]) -> None:
    free = known(row)
    unasked = opening(at(row["现在"]), STORE, shifts(row["班"]), WINDOW, CALENDAR, free)
    assert said(unasked) == row["提醒"]
    assert (
        said(opening_for_colleagues(at(row["现在"]), STORE, shifts(row["班"]), WINDOW, free)) == row["同事"]
    )


def test_always_waits_for_nothing() -> None:
    night = at("2026-10-02 03:00")
    always = SendWindow(always=True)
    assert opening(night, OFFICE, (), always, CALENDAR) == night
    assert opening_for_colleagues(night, STORE, shifts("2026-11-28 09:00-17:00"), always) == night


def test_a_store_may_have_hours_of_its_own() -> None:
    window = SendWindow(store=(time(10), time(21)))
    assert said(opening(at("2026-10-01 12:00"), STORE, (), window, CALENDAR)) == "2026-10-01 13:30"


@given(moments, st.sampled_from([OFFICE, STORE]))
def test_an_opening_is_never_in_the_past_and_opens_at_once_when_it_comes(now: datetime, who: Person) -> None:
    first = opening(now, who, (), WINDOW, CALENDAR)
    assert first is not None
    assert first >= now
    assert opening(first, who, (), WINDOW, CALENDAR) == first
