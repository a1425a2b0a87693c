"""The jobs of a stage on which nobody is reminded: a letter unasked would be taken for an answer."""

from __future__ import annotations

from okr.reminding import Reminder
from scheduler.timetable import JOBS

QUIET_JOBS = tuple(job for job in JOBS if job.name not in set(Reminder))
"""What is not asked for has tests of its own (tests/scheduler)."""
