"""When a colleague's word reaches somebody: at once, on the next shift, or after an absence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from handlers.asking import Asking
from okr.people import Person
from okr.windows import Span, opening_for_colleagues
from storage import absences, rosters


@dataclass(frozen=True, slots=True)
class Reach:
    """`at`: when the letter arrives, None for at once. `away_until`: the last day of an absence."""

    at: datetime | None = None
    away_until: date | None = None

    @property
    def at_once(self) -> bool:
        return self.at is None and self.away_until is None


async def reach(asking: Asking, person: Person) -> Reach:
    """When what the asker sends now will be read."""
    away = (await absences.on(asking.session, [person.id], asking.today)).get(person.id)
    shifts, known = await shifts_of(asking, person)
    first = opening_for_colleagues(asking.now, person, shifts, asking.policy.window, known)
    return Reach(
        at=first if first is not None and first > asking.now else None,
        away_until=away.last if away is not None else None,
    )


async def shifts_of(asking: Asking, person: Person) -> tuple[list[Span], datetime | None]:
    """What somebody of a store works from now on, and up to when that is known; nothing where no roster is."""
    if not person.store:
        return [], None
    zone = asking.policy.zone
    shifts = [
        (shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone))
        for shift in await rosters.of(asking.session, person.id, asking.now)
    ]
    last = await rosters.last_day(asking.session, person.id, asking.today)
    return shifts, rosters.known_until(last, zone)
