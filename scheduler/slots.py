"""The moments at which something falls due: a crontab in company time, moved to a working day where that is wanted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

from okr.schedule import When
from okr.workdays import OfficeCalendar

_TICK = timedelta(microseconds=1)
_REMEMBERED = 1000
"""Times of one crontab: a month of one that fires every hour."""


@dataclass(frozen=True, slots=True)
class Slot:
    """`cron`: five fields, weekdays by name. `name` tells several slots of one job apart.

    `moved`: on a day that is off for the office it falls due on the working day before, at the same hour.
    """

    cron: str
    name: str = ""
    moved: bool = False


def as_said(slots: Sequence[Slot], said: Mapping[str, When]) -> tuple[Slot, ...]:
    """The slots with what the company says in place of their usual times."""
    return tuple(
        replace(slot, cron=said[slot.name].instead_of(slot.cron)) if slot.name in said else slot
        for slot in slots
    )


def next_after(slots: Sequence[Slot], moment: datetime, zone: tzinfo, calendar: OfficeCalendar) -> datetime:
    """The first moment after `moment` at which one of the slots falls due."""
    return min(next(_after(slot, moment, zone, calendar)) for slot in slots)


def last_before(
    slots: Sequence[Slot], moment: datetime, grace: timedelta, zone: tzinfo, calendar: OfficeCalendar
) -> datetime | None:
    """The last moment up to `moment`, and not longer ago than the grace, at which one of the slots fell due."""
    now = moment.astimezone(UTC)
    found = between(slots, now - grace, now + _TICK, zone, calendar)
    return found[-1] if found else None


def between(
    slots: Sequence[Slot], since: datetime, until: datetime, zone: tzinfo, calendar: OfficeCalendar
) -> list[datetime]:
    """Every moment after `since` and before `until`, in order."""
    found: set[datetime] = set()
    for slot in slots:
        for due in _after(slot, since, zone, calendar):
            if due.astimezone(UTC) >= until.astimezone(UTC):
                break
            found.add(due)
    return sorted(found)


def falls_on(slot: Slot, moment: datetime, calendar: OfficeCalendar) -> bool:
    """Whether the slot falls due some time on the day of a moment in company time."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    zone = moment.tzinfo
    assert zone is not None
    return bool(between([slot], midnight - _TICK, midnight + timedelta(days=1), zone, calendar))


def _after(slot: Slot, moment: datetime, zone: tzinfo, calendar: OfficeCalendar) -> Iterator[datetime]:
    """Without an end: crontabs have none.

    APScheduler reckons by the clock on the wall, which has no gaps: where clocks are put forward it would come to a
    time that there is not and stay there. Such a time is as much later, one that comes twice is the first.
    """
    crontab, last = _crontab(slot.cron), moment.astimezone(UTC)
    fired = moment.astimezone(zone).replace(tzinfo=UTC, fold=0)
    while True:
        fired = crontab.fires_after(fired)
        day = fired.date()
        if slot.moved and not calendar.is_workday(day):
            day = calendar.on_or_before(day)
        due = datetime.combine(day, fired.time(), zone).astimezone(UTC)
        if due > last:
            last = due
            yield due.astimezone(zone)


class _Crontab:
    """When it fires next; APScheduler goes there field by field, and every look at the clock asks for the same times again."""

    def __init__(self, cron: str) -> None:
        self._trigger = CronTrigger.from_crontab(cron, timezone=UTC)
        self._since: list[datetime] = []
        self._fires: list[datetime] = []
        """From each moment of `_since` on it fires next at the one of the same place here; both in order."""

    def fires_after(self, moment: datetime) -> datetime:
        place = bisect_right(self._since, moment)
        if place and moment < self._fires[place - 1]:
            return self._fires[place - 1]
        found: datetime | None = self._trigger.get_next_fire_time(moment, moment + _TICK)
        assert found is not None, "a crontab that never fires is refused before"
        if place < len(self._fires) and self._fires[place] == found:
            self._since[place] = moment
            return found
        if len(self._fires) >= _REMEMBERED:
            self._since.clear()
            self._fires.clear()
            place = 0
        self._since.insert(place, moment)
        self._fires.insert(place, found)
        return found


@lru_cache(maxsize=256)
def _crontab(cron: str) -> _Crontab:
    return _Crontab(cron)
