"""A figure against other times: 环比 the period before, 同比 a year before, 同店 like with like (docs/rules/metrics.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from okr.cycle import quarter_of
from okr.metrics import ZERO, Window

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
YEAR_OF_WEEKS = 52 * WEEK


class Period(StrEnum):
    """What a window is a part of: on its first day it cannot be told by the days."""

    DAY = "日"
    WEEK = "周"
    MONTH = "月"
    QUARTER = "季"


@dataclass(frozen=True, slots=True)
class Open:
    """What a shop has counted within a window, on so many days: those that have figures and were not said to be closed."""

    total: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Shops that have figures in both windows; `then` is prorated by the days that each was open now."""

    shops: int
    now: Decimal
    then: Decimal


def over(window: Window, today: date) -> Window:
    """The days of a window that are over; today alone where there are no others."""
    first, last = window
    return Window(first, last - DAY) if last == today and first < today else window


def before(window: Window, period: Period) -> Window:
    """The same part of the period before; a shorter one ends on its last day, and a whole one is compared whole."""
    first, last = window
    if period is Period.DAY:
        return Window(first - DAY, last - DAY)
    if period is Period.WEEK:
        return Window(first - WEEK, last - WEEK)
    end = first - DAY
    begin = quarter_of(end).start if period is Period.QUARTER else end.replace(day=1)
    whole = last == (quarter_of(first).end if period is Period.QUARTER else _month_end(first))
    return Window(begin, end if whole else min(begin + (last - first), end))


def year_before(window: Window, period: Period) -> Window:
    """The same days of the year before; of a day or a week the same weekdays. 29 February is the 28th."""
    if period in (Period.DAY, Period.WEEK):
        return Window(*(day - YEAR_OF_WEEKS for day in window))
    first, last = (_same_day(day) for day in window)
    return Window(first, _month_end(last) if window.last == _month_end(window.last) else last)


def alike(now: Mapping[str, Open], then: Mapping[str, Open]) -> Alike:
    """Like with like: only shops open in both windows, and as if each had been open then as many days as now."""
    both = sorted(shop for shop in now if shop in then and now[shop].days and then[shop].days)
    return Alike(
        len(both),
        sum((now[shop].total for shop in both), ZERO),
        sum((then[shop].total * now[shop].days / then[shop].days for shop in both), ZERO),
    )


def growth(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """By which part it has grown; None where there was nothing, or less, to grow from."""
    return (now - then) / then if now is not None and then is not None and then > 0 else None


def _same_day(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY
