"""The office calendar: which days people of an office work (docs/rules/workdays.md). Stores go by their roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5
NEXT_YEAR_FROM = (12, 15)
"""Month and day: by then the state has said what the next year's holidays are."""


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """Monday to Friday, but for what the state and the company say.

    `holidays` are off, `workdays` are on whatever weekday they are (调休 goes both ways). `known` are the years
    for which the state's days are in it; of any other year only what the company wrote itself.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    known: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def knows(self, year: int) -> bool:
        """Whether the state's holidays of that year are known; else people are to be warned."""
        return year in self.known

    def unknown_year(self, today: date) -> int | None:
        """The year about which people are to be warned: this one, or from mid-December on the next."""
        years = (today.year, today.year + 1) if (today.month, today.day) >= NEXT_YEAR_FROM else (today.year,)
        return next((year for year in years if not self.knows(year)), None)

    def on_or_before(self, day: date) -> date:
        """The day itself where it is a working day, else the last one before it."""
        return next(day for day in _walk(day, -ONE_DAY) if self.is_workday(day))

    def on_or_after(self, day: date) -> date:
        return next(day for day in _walk(day, ONE_DAY) if self.is_workday(day))

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day, which itself does not count: 3 after a Friday is a Wednesday."""
        for _ in range(count):
            day = self.on_or_after(day + ONE_DAY)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both included; 0 where last is earlier."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(self.is_workday(day) for day in days)

    def last_of_week(self, day: date) -> date | None:
        """The last working day of the week, which begins on Monday; None in a week that is off altogether."""
        monday = day - timedelta(days=day.weekday())
        return next(
            (one for n in range(6, -1, -1) if self.is_workday(one := monday + timedelta(days=n))), None
        )

    def last_of_month(self, day: date) -> date:
        """The last working day of the month."""
        first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.on_or_before(first_of_next - ONE_DAY)

    def hours_between(self, since: datetime, until: datetime) -> float:
        """How many hours have passed, those of days off left out. Both are aware and in company time."""
        total, at = 0.0, since
        while at < until:
            midnight = datetime.combine(at.date() + ONE_DAY, time(), at.tzinfo)
            end = min(midnight, until)
            if self.is_workday(at.date()):
                total += (end - at).total_seconds() / 3600
            at = end
        return total


def _walk(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step
