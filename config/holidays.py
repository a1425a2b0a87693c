"""The state's holidays and working weekends, from the library that knows them, and what bot.yaml adds."""

from __future__ import annotations

from functools import lru_cache

from config.settings import Calendar
from okr.workdays import OfficeCalendar


@lru_cache(maxsize=1)
def _of_the_state() -> OfficeCalendar:
    from chinese_calendar.constants import holidays, workdays

    off, on = frozenset(holidays), frozenset(workdays)
    return OfficeCalendar(off, on, frozenset(day.year for day in off))


def office_calendar(calendar: Calendar) -> OfficeCalendar:
    """What the company writes comes before what the state says. A year it writes holidays for is known, too."""
    state = _of_the_state()
    off, on = frozenset(calendar.holidays), frozenset(calendar.workdays)
    return OfficeCalendar(
        holidays=(state.holidays - on) | off,
        workdays=(state.workdays - off) | on,
        known=state.known | {day.year for day in off},
    )
