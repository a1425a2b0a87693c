"""What people want to hear of the reminders, and what not: switches and snoozes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.session import Session, moment_or_none

EVERYTHING = "*"
GROUP_PRAISE = "group_praise"
"""In the place of a reminder: to be praised in groups."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`reminder` is a key or `*`, `subject` one goal or empty for all. A snooze ends at `until`."""

    reminder: str
    subject: str
    wanted: bool
    until: datetime | None
    not_before: str = ""
    """`14:00`: the time of day from which it may be sent; empty for any."""

    def is_about(self, reminder: str, subject: str) -> bool:
        return self.reminder in (reminder, EVERYTHING) and self.subject in ("", subject)


async def of(session: Session, employee_id: int, now: datetime) -> list[Wish]:
    """A person's wishes that hold now."""
    rows = await session.all(
        "SELECT reminder, subject, wanted, until, not_before FROM wishes WHERE employee_id = ? AND (until IS NULL OR until > ?)",
        employee_id,
        now,
    )
    return [Wish(row[0], row[1], bool(row[2]), moment_or_none(row[3]), row[4]) for row in rows]


async def say(session: Session, employee_id: int, wish: Wish, now: datetime) -> None:
    """Take a wish into force, in place of an earlier one about the same."""
    await session.run(
        "INSERT INTO wishes (employee_id, reminder, subject, wanted, until, said_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (employee_id, reminder, subject) DO UPDATE SET wanted = excluded.wanted, until = excluded.until,"
        " said_at = excluded.said_at",
        employee_id,
        wish.reminder,
        wish.subject,
        wish.wanted,
        wish.until,
        now,
    )


async def say_time(session: Session, employee_id: int, reminder: str, not_before: str, now: datetime) -> None:
    """From which time of day a reminder may be sent; empty for any. Whether it is wanted stays as it was."""
    await session.run(
        "INSERT INTO wishes (employee_id, reminder, subject, wanted, said_at, not_before) VALUES (?, ?, '', ?, ?, ?)"
        " ON CONFLICT (employee_id, reminder, subject) DO UPDATE SET not_before = excluded.not_before",
        employee_id,
        reminder,
        True,
        now,
        not_before,
    )


def time_of(wishes: list[Wish], reminder: str) -> str:
    """The time of day from which somebody wants to hear of it; empty where he has not said any."""
    return next((wish.not_before for wish in wishes if wish.reminder == reminder and not wish.subject), "")


def silences(wishes: list[Wish], reminder: str, subject: str) -> Wish | None:
    """The wish that silences a reminder about something; the narrower one holds before the wider one."""
    about = [wish for wish in wishes if wish.is_about(reminder, subject)]
    about.sort(key=lambda wish: (wish.reminder == EVERYTHING, wish.subject == ""))
    return about[0] if about and not about[0].wanted else None
