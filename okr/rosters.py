"""Who works when: days and hours as values. A shift that ends before it begins ends on the day after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

Hours = tuple[time, time]
"""From and to; 22:00 to 06:00 is a night shift, 00:00 as an end is midnight."""
FURTHEST = 92
"""Days ahead that a roster may speak of: more is a slip of the year."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What a person works on one day; no hours is a day off."""

    employee_id: int
    day: date
    hours: tuple[Hours, ...] = ()

    def spans(self, zone: tzinfo) -> list[tuple[datetime, datetime]]:
        """Its shifts as moments, in order."""
        return sorted(span(self.day, hours, zone) for hours in self.hours)


def span(day: date, hours: Hours, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments of a shift that begins on a day."""
    start, end = (datetime.combine(day, one, zone) for one in hours)
    return start, end if end > start else end + timedelta(days=1)


def overlap(plans: Iterable[DayPlan], zone: tzinfo) -> tuple[DayPlan, DayPlan] | None:
    """The first two plans of one person that would have him in two places at once; None where there are none."""
    everything = sorted(
        ((plan.employee_id, *moments, plan) for plan in plans for moments in plan.spans(zone)),
        key=lambda one: one[:3],
    )
    for (who, _, end, first), (other, start, _, second) in pairwise(everything):
        if who == other and start < end:
            return first, second
    return None


def say_hours(hours: Sequence[Hours]) -> str:
    """`10:00-18:30`, `22:00-次日06:00`, several with a plus; 休 for none."""
    return " + ".join(_said(one) for one in sorted(hours)) or "休"


def _said(hours: Hours) -> str:
    start, end = hours
    if end == time():
        return f"{start:%H:%M}-24:00"
    return f"{start:%H:%M}-{'' if end > start else '次日'}{end:%H:%M}"
