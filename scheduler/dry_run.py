"""What the reminders would say on a day under a policy, without saying it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from okr.policy import Policy
from okr.reminding import ALWAYS, Reminder, is_mandatory
from scheduler import posting, whose_time
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.slots import as_said, between
from storage import people, wishes
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter that would be written. `receiver`: name and number, or the group."""

    reminder: Reminder
    receiver: str
    subject: str
    variant: str
    title: str

    @property
    def cause(self) -> tuple[str, str, str, str]:
        """What makes it the same letter under another policy."""
        return (self.reminder, self.receiver, self.subject, self.variant)


@dataclass(frozen=True, slots=True)
class Difference:
    more: tuple[Planned, ...]
    less: tuple[Planned, ...]


async def difference(
    session: Session, old: Policy, new: Policy, day: date, watches: Sequence[Watch]
) -> Difference:
    """What would be said on a day under the new policy and not under the old one, and the reverse.

    What waits for its window or is folded over the ceiling counts as said.
    """
    before = {one.cause: one for one in await planned(session, old, day, watches)}
    after = {one.cause: one for one in await planned(session, new, day, watches)}
    return Difference(
        tuple(one for cause, one in after.items() if cause not in before),
        tuple(one for cause, one in before.items() if cause not in after),
    )


async def planned(session: Session, policy: Policy, day: date, watches: Sequence[Watch]) -> list[Planned]:
    """Everything that falls due on a day; what was said lately or is not wanted is left out."""
    found: dict[tuple[str, str, str, str], Planned] = {}
    for watch in watches:
        for due in _dues(watch, policy, day):
            glance = Glance(session, due, policy)
            said = await posting.said_before(session, watch.reminder, due)
            for nudge in posting.worth_saying(await whose_time.said_at(watch, glance), said, due):
                one = await _planned(session, watch.reminder, nudge, due, policy)
                if one is not None:
                    found.setdefault(one.cause, one)
    return list(found.values())


def _dues(watch: Watch, policy: Policy, day: date) -> list[datetime]:
    """Of many moments of a day the first and the last: in between nothing else is said. Own times are looked at each."""
    midnight = datetime.combine(day, time(), policy.zone)
    found: list[datetime] = []
    for times in ({}, *policy.own_times(watch.reminder)):
        dues = between(
            as_said(watch.slots, policy.timed_for(watch.reminder, times).schedule[watch.reminder]),
            midnight - timedelta(microseconds=1),
            midnight + timedelta(days=1),
            policy.zone,
            policy.calendar,
        )
        found += [*dues[:1], *dues[-1:]]
    return sorted({due.astimezone(policy.zone) for due in found})


async def _planned(
    session: Session, reminder: Reminder, nudge: Nudge, due: datetime, policy: Policy
) -> Planned | None:
    if not isinstance(nudge.to, int):
        return Planned(reminder, nudge.to.id, nudge.subject, nudge.variant, nudge.card.face.title)
    person = await people.by_id(session, nudge.to)
    if person is None or not person.active:
        return None
    if reminder not in ALWAYS:
        rule = policy.reminders.get(reminder)
        silenced = wishes.silences(await wishes.of(session, person.id, due), reminder, nudge.subject)
        must = rule is not None and is_mandatory(reminder, rule, person)
        if silenced is not None and silenced.until is None and not must:
            return None
    name = f"{person.name}({person.number})"
    return Planned(reminder, name, nudge.subject, nudge.variant, nudge.card.face.title)
