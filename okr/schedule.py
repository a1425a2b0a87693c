"""When something is to be done, as a company may say it: a time, days with a time, or a whole crontab.

What is not said stays as it is by default: `17:30` moves the hour and leaves the days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FIELDS = 5
"""Of a crontab: minute, hour, day of the month, month, weekday by name."""


@dataclass(frozen=True, slots=True)
class When:
    """The fields of a crontab that are said; an empty one is not."""

    minute: str = ""
    hour: str = ""
    day: str = ""
    month: str = ""
    weekday: str = ""

    def instead_of(self, cron: str) -> str:
        """The crontab with what is said in its place."""
        said = (self.minute, self.hour, self.day, self.month, self.weekday)
        return " ".join(new or old for new, old in zip(said, cron.split(), strict=True))


def at(clock: str) -> When:
    """Of a time such as `9:05`, on the days it would be anyway."""
    hour, minute = clock.split(":")
    return When(minute=str(int(minute)), hour=str(int(hour)))


Schedule = Mapping[str, Mapping[str, When]]
"""By the name of a job and of its slot, which for most jobs is empty."""
