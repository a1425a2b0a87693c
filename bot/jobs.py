"""All that the bot does unasked: what needs nothing but the database, and what asks the platforms."""

from __future__ import annotations

from collections.abc import Callable

from bot.directories import attendances_of, directories_of
from config.settings import Settings
from scheduler import attendance, directory
from scheduler.jobs import Job
from scheduler.timetable import JOBS


def jobs_of(settings: Callable[[], Settings]) -> tuple[Job, ...]:
    """`settings`: as they hold at the moment a job runs."""
    return (
        *JOBS,
        directory.job(lambda: directories_of(settings())),
        attendance.job(lambda: attendances_of(settings())),
    )
