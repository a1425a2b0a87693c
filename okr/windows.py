"""When somebody may be written to unasked (docs/rules/windows.md): never off shift, never in free time.

Moments are aware and in company time. A shift is the person's own, as the roster says; office people have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from okr.people import Person
from okr.workdays import OfficeCalendar

Span = tuple[datetime, datetime]
"""From a moment up to but not including another."""
Hours = tuple[time, time]

AFTER_START = timedelta(minutes=15)
BEFORE_END = timedelta(minutes=30)
"""The first and the last minutes of a shift are for arriving and for handing over."""
HORIZON = 21
"""So many days are looked ahead; the longest holidays are shorter."""


@dataclass(frozen=True, slots=True)
class SendWindow:
    """What the company says about it. `store` None: inside everybody's own shift."""

    always: bool = False
    office: Hours = (time(9), time(20))
    store: Hours | None = None
    peaks: tuple[Hours, ...] = ((time(11, 30), time(13, 30)), (time(17, 30), time(20)))
    """When a store has its hands full."""
    without_roster: tuple[Hours, ...] = ((time(10, 30), time(11, 30)), (time(14, 30), time(16, 30)))
    colleagues: Hours = (time(8), time(22))
    """For what a colleague sends, where no roster is known."""


def opening(
    now: datetime,
    person: Person,
    shifts: Sequence[Span],
    window: SendWindow,
    calendar: OfficeCalendar,
    known_until: datetime | None = None,
) -> datetime | None:
    """The first moment from `now` on at which a reminder may reach the person; None within the horizon there is none.

    `known_until`: up to where the roster speaks, days off included; beyond it the person is without one again.
    """
    if window.always:
        return now
    if not person.store:
        return _first(now, _office(now, window.office, calendar))
    if window.store is not None:
        return _first(now, _without(_daily(now, (window.store,)), _daily(now, window.peaks)))
    inner = ((start + AFTER_START, end - BEFORE_END) for start, end in sorted(shifts))
    found = _first(now, _without(inner, _daily(now, window.peaks)))
    if found is not None or (shifts and known_until is None):
        return found
    return _first(_beyond(now, known_until), _daily(now, window.without_roster))


def opening_for_colleagues(
    now: datetime,
    person: Person,
    shifts: Sequence[Span],
    window: SendWindow,
    known_until: datetime | None = None,
) -> datetime | None:
    """The same for requests, approvals and decisions: at once, but on shift, or by day where no roster is known."""
    if window.always:
        return now
    if person.store and (on_shift := _first(now, sorted(shifts))) is not None:
        return on_shift
    by_day = _daily(now, (window.colleagues,))
    return _first(_beyond(now, known_until) if person.store else now, by_day)


def _beyond(now: datetime, known_until: datetime | None) -> datetime:
    return now if known_until is None else max(now, known_until)


def _first(now: datetime, spans: Iterable[Span]) -> datetime | None:
    return next((max(now, start) for start, end in spans if start < end and now < end), None)


def _office(now: datetime, hours: Hours, calendar: OfficeCalendar) -> Iterator[Span]:
    for day in _days(now):
        if calendar.is_workday(day):
            yield _on(day, hours, now.tzinfo)


def _daily(now: datetime, hours: Iterable[Hours]) -> Iterator[Span]:
    """These hours of every day, from the day before `now` on: a night shift has begun then."""
    said = sorted(hours)
    for day in _days(now - timedelta(days=1)):
        for one in said:
            yield _on(day, one, now.tzinfo)


def _days(now: datetime) -> Iterator[date]:
    return (now.date() + timedelta(days=n) for n in range(HORIZON))


def _on(day: date, hours: Hours, zone: tzinfo | None) -> Span:
    start, end = (datetime.combine(day, one, zone) for one in hours)
    return start, end if end > start else end + timedelta(days=1)


def _without(spans: Iterable[Span], holes: Iterable[Span]) -> Iterator[Span]:
    """The spans with the holes cut out, in order."""
    cut = sorted(holes)
    for start, end in spans:
        left = start
        for hole_start, hole_end in cut:
            if hole_end <= left or hole_start >= end:
                continue
            if hole_start > left:
                yield left, hole_start
            left = max(left, hole_end)
        if left < end:
            yield left, end
