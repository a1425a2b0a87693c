"""Periods as people name them: 2026Q4, Q4, 下季度, 明年, 下半年. Their names are `okr.cycle`'s."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from handlers.reading.normal import narrow
from okr.cycle import Period, cycle_of, like, quarter_of
from okr.refusals import NoSuchCycle

Direction = Literal["past", "future"]
"""Which year a bare Q1 means: the last one that has begun, or the first that is not over."""

_NAMED = r"(?P<name>[0-9]{4}(?:[QH][0-9]|-[0-9]{1,2})?)(?:年度?)?"
_BARE = "(?P<bare>[QH][1-4])"
_QUARTER = "(?P<quarter>上|本|这|下)一?个?季度?"
_YEAR = "(?P<year>去|今|明)年度?"
_HALF = "(?P<half>上|下)半年"
_PERIOD = re.compile(rf"(?:{_NAMED}|{_BARE}|{_QUARTER}|{_YEAR}|{_HALF})(?![0-9A-Za-z])", re.IGNORECASE)
_STEPS = {"上": -1, "本": 0, "这": 0, "下": 1, "去": -1, "今": 0, "明": 1}
_ENDS = " \n,:;。、的到"


def read_period(text: str, today: date, direction: Direction = "future") -> Period | None:
    """The period that a whole text is; None where it is none."""
    period, rest = take_period(text, today, direction)
    return period if not rest else None


def take_period(text: str, today: date, direction: Direction = "future") -> tuple[Period | None, str]:
    """The period that a text begins with, and what follows; `(None, text)` where there is none.

    It has to stand by itself: 下季 is one in `下季 多卖`, none in `下季节性商品`.
    """
    plain = narrow(text).lstrip()
    match = _PERIOD.match(plain)
    if match is None or (match.end() < len(plain) and plain[match.end()] not in _ENDS):
        return None, text
    try:
        period = _period(match, today, direction)
    except NoSuchCycle:
        return None, text
    return period, plain[match.end() :].lstrip(_ENDS)


def _period(match: re.Match[str], today: date, direction: Direction) -> Period:
    if match["name"]:
        return cycle_of(match["name"])
    if match["quarter"]:
        return _quarters_on(today, _STEPS[match["quarter"]])
    if match["year"]:
        return cycle_of(f"{today.year + _STEPS[match['year']]}")
    if match["half"]:
        return cycle_of(f"{today.year}H{1 if match['half'] == '上' else 2}")
    of_this_year = cycle_of(f"{today.year}{match['bare']}")
    running = like(of_this_year.name, today)
    if direction == "future" and of_this_year.end < running.start:
        return cycle_of(f"{today.year + 1}{match['bare']}")
    if direction == "past" and of_this_year.start > running.end:
        return cycle_of(f"{today.year - 1}{match['bare']}")
    return of_this_year


def _quarters_on(today: date, steps: int) -> Period:
    running = quarter_of(today)
    beside = {-1: running.start - timedelta(days=1), 0: running.start, 1: running.end + timedelta(days=1)}
    return quarter_of(beside[steps])
