"""A figure against other times: 环比 the period before, 同比 a year before, 同店 like with like (docs/rules/metrics.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from okr.cycle import quarter_of
from okr.metrics import ZERO, Window

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Open:
    """What a shop has counted within a window, on so many days: those on which it was open."""

    total: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Shops that have figures in both windows; `then` is prorated by the days that each was open now."""

    shops: int
    now: Decimal
    then: Decimal


def before(window: Window) -> Window:
    """The same part of the period before: of a month, a quarter, a week or a day, or as many days just before.

    A month that is shorter ends on its last day.
    """
    first, last = window
    if first == quarter_of(first).start and last > _month_end(first):
        earlier = quarter_of(first - DAY).start
        return Window(earlier, min(earlier + (last - first), first - DAY))
    if first.day == 1 and last <= _month_end(first):
        earlier = (first - DAY).replace(day=1)
        whole = last == _month_end(first)
        return Window(earlier, first - DAY if whole else min(earlier + (last - first), first - DAY))
    if first == last:
        return Window(first - DAY, last - DAY)
    if first.weekday() == 0 and last - first < WEEK:
        return Window(first - WEEK, last - WEEK)
    return Window(first - (last - first) - DAY, first - DAY)


def year_before(window: Window) -> Window:
    """The same days of the year before; 29 February is the 28th."""
    return Window(*(_same_day(day) for day in window))


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
