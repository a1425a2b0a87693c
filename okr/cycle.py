"""Periods of goals and their names: 2026Q4, 2026H2, 2026, 2026-11. Both ends belong to a period."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from okr.refusals import NoSuchCycle

_NAME = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>\d{1,2}))?", re.ASCII)


class Period(NamedTuple):
    name: str
    start: date
    end: date


class Span(Protocol):
    """Anything with a first and a last day: a Cycle, a Period."""

    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date: ...


def quarter_of(day: date) -> Period:
    """The calendar quarter that a day belongs to."""
    quarter = (day.month + 2) // 3
    return _months(f"{day.year}Q{quarter}", day.year, 3 * quarter - 2, 3)


def next_quarter(day: date) -> Period:
    """The quarter after the one that a day belongs to."""
    return quarter_of(quarter_of(day).end + timedelta(days=1))


def cycle_of(name: str) -> Period:
    """The period of a name; letter case makes no difference. Raises NoSuchCycle."""
    match = _NAME.fullmatch(name.strip().upper())
    if match is None or not int(match["year"]):
        raise NoSuchCycle(name)
    year = int(match["year"])
    if match["quarter"]:
        return _months(f"{year:04}Q{match['quarter']}", year, 3 * int(match["quarter"]) - 2, 3)
    if match["half"]:
        return _months(f"{year:04}H{match['half']}", year, 6 * int(match["half"]) - 5, 6)
    if match["month"]:
        month = int(match["month"])
        if not 1 <= month <= 12:
            raise NoSuchCycle(name)
        return _months(f"{year:04}-{month:02}", year, month, 1)
    return _months(f"{year:04}", year, 1, 12)


def like(name: str, today: date) -> Period:
    """The period of the same kind as this one's that a day belongs to: for 2027Q1 the running quarter."""
    year, quarter, half = today.year, (today.month + 2) // 3, (today.month + 5) // 6
    kind = cycle_of(name).name[4:5]
    of_kind = {"Q": f"{year}Q{quarter}", "H": f"{year}H{half}", "-": f"{year}-{today.month}"}
    return cycle_of(of_kind.get(kind, f"{year}"))


def is_at_hand(period: Period, today: date) -> bool:
    """Whether goals may be written for it: it runs, or is the next of its kind."""
    running = like(period.name, today)
    following = like(period.name, running.end + timedelta(days=1))
    return period in (running, following)


def at_hand(today: date) -> list[Period]:
    """Every period that goals may be written for on a day."""
    kinds = (f"{today.year}Q1", f"{today.year}H1", f"{today.year}", f"{today.year}-1")
    running = [like(kind, today) for kind in kinds]
    return [*running, *(like(period.name, period.end + timedelta(days=1)) for period in running)]


def is_running(cycle: Span, today: date) -> bool:
    return cycle.start <= today <= cycle.end


def day_of_cycle(cycle: Span, today: date) -> int:
    """1 on the first day; 0 or less before it; goes on counting after the last."""
    return (today - cycle.start).days + 1


def days_left(cycle: Span, today: date) -> int:
    """How many days come after today, the last one included: 0 on the last day and after it."""
    return max(0, (cycle.end - today).days)


def _months(name: str, year: int, first: int, count: int) -> Period:
    last = first + count - 1
    return Period(name, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))
