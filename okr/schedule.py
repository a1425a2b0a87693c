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

_WEEKDAYS = {
    "mon": "周一", "tue": "周二", "wed": "周三", "thu": "周四", "fri": "周五", "sat": "周六", "sun": "周日",
}  # fmt: skip


def say_when(cron: str) -> str:
    """周五 17:00, 每天 09:30, 每月 25 号 10:00; what is more than that stays a crontab."""
    fields = cron.split()
    if len(fields) != FIELDS:
        return cron
    minute, hour, day, month, weekday = fields
    if not (minute.isdecimal() and hour.isdecimal()) or month != "*":
        return cron
    clock = f"{int(hour):02}:{int(minute):02}"
    if day == weekday == "*":
        return f"每天 {clock}"
    if day == "*":
        days = weekday
        for name, said in _WEEKDAYS.items():
            days = days.replace(name, said)
        return f"{days.replace(',', '、').replace('-', '到')} {clock}"
    if weekday == "*" and (day.isdecimal() or day == "last"):
        return f"{'每月最后一天' if day == 'last' else f'每月 {day} 号'} {clock}"
    return cron
