"""On which days somebody works, for counting how long he has been waited for: the calendar of an office, the roster of a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from okr.people import Person
from scheduler.reminder import Glance
from storage import rosters

Works = Callable[[Person, date], bool]


async def known(glance: Glance, people: Sequence[Person], since: date) -> Works:
    """A look-up for these people from a day up to now. A store works every day of which its roster says nothing."""
    of_stores = [person.id for person in people if person.store]
    plans = await rosters.plans(glance.session, of_stores, since, glance.today, glance.policy.zone)

    def works(person: Person, day: date) -> bool:
        if not person.store:
            return glance.policy.calendar.is_workday(day)
        plan = plans.get((person.id, day))
        return plan is None or bool(plan.hours)

    return works
