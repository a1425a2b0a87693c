"""A scheduled job: a name, when it falls due, and what it does with the moment it was due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from okr.policy import Policy
from storage.session import Session

Run = Callable[[Session, datetime, Policy], Awaitable[str]]
"""Does the job for the moment it was due (aware, company time) and says in a line what came of it."""


@dataclass(frozen=True, slots=True)
class Job:
    """`cron`: the five fields of a crontab in company time, weekdays by name. `grace`: so long after its moment a
    run that was missed is still made up for.
    """

    name: str
    cron: str
    does: str
    run: Run
    grace: timedelta = timedelta(hours=12)
