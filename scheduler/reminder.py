"""A reminder: when it looks, and what it then has to say. It sends nothing (docs/how-to/add-a-reminder.md)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chat.answers import Letter, Mark, Urgency
from chat.card import Card
from chat.events import Conversation
from chat.files import File
from okr.people import Person
from okr.policy import Policy
from okr.reminding import Reminder, ReminderRule
from scheduler.slots import Slot
from storage.database import Database
from storage.peers import Peers
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Glance:
    """One look at the goals, for the moment it was due, in company time.

    `only`: just this subject (`KR34`), when a letter about it is about to be sent and its cause is looked at again.
    `peers`: what looks that follow on one another share.
    """

    session: Session
    now: datetime
    policy: Policy
    only: str = ""
    peers: Peers = field(default_factory=Peers)

    @property
    def today(self) -> date:
        return self.now.date()

    def rule(self, reminder: Reminder, person: Person) -> ReminderRule:
        """The switch and the thresholds as they hold for a person."""
        return self.policy.reminders.get(reminder, ReminderRule()).of(person)


@dataclass(frozen=True, slots=True)
class Nudge:
    """Something a reminder has to say.

    `to` is an employee or a group; nothing bad about one person goes to a group. `subject` is what it is about,
    `level` how serious. `period` makes the same thing new again (a week, a month); where it is empty, the same level
    is said again after seven days. `facts`: rule, numbers and threshold in words.
    """

    to: int | Conversation
    subject: str
    card: Card
    variant: str = ""
    level: int = 1
    period: str = ""
    urgency: Urgency = Urgency.WARNING
    facts: tuple[str, ...] = ()
    expires_at: datetime | None = None
    files: tuple[File, ...] = ()

    @property
    def receiver(self) -> int | str:
        """Whom it is for, as what was said is remembered."""
        return self.to if isinstance(self.to, int) else f"{self.to.platform}:{self.to.id}"

    def letter(self, reminder: Reminder, today: date) -> Letter:
        period = self.period or today.isoformat()
        once = ":".join((reminder, self.variant, self.subject, str(self.receiver), str(self.level), period))
        mark = Mark(reminder, self.subject, self.variant, self.level, self.facts)
        return Letter(self.to, self.card, once, self.urgency, self.expires_at, self.files, mark)


Look = Callable[[Glance], Awaitable[Sequence[Nudge]]]


Prepare = Callable[[Database, datetime, Policy], Awaitable[None]]
"""What is to be written before it looks, for the moment it was due in company time; a second time changes nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat that follows a unit, and who is of that unit."""

    where: Conversation
    unit: str
    people: tuple[Person, ...]

    @property
    def of_stores(self) -> bool:
        """Whether everybody works in a store: then the group has a store's hours."""
        return all(person.store for person in self.people)


GroupLook = Callable[[Glance, Group], Awaitable[Sequence[Nudge]]]
"""What a group hears: numbers of all together, and praise."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One of the sixteen: its key, when it looks (five crontab fields, weekdays by name), and its look."""

    reminder: Reminder
    cron: str | tuple[Slot, ...]
    look: Look
    grace: timedelta = timedelta(hours=6)
    prepare: Prepare | None = None
    brief: str = ""
    """Of the template that says it to everybody in the same words as the budget runs short; without one it is folded."""
    to_group: GroupLook | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (Slot(self.cron),) if isinstance(self.cron, str) else self.cron
