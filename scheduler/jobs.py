"""A scheduled job: a name, when it falls due, and what it does with the moment it was due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from okr.policy import Policy
from scheduler.slots import Slot, as_said
from storage.database import Database
from storage.session import Session

Run = Callable[[Session, datetime, Policy], Awaitable[str]]
"""Does the job for the moment it was due (aware, company time), in one transaction with the note that it was done,
and says in a line what came of it.
"""
Work = Callable[[Database, datetime, Policy], Awaitable[str]]
"""The same for what takes long: it reads beside the writers and writes in small steps. Begun and not ended, it is
begun again, so it must not mind.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """`cron`: the five fields of a crontab in company time, weekdays by name, or several slots. `grace`: so long after
    its moment a run that was missed is still made up for. Exactly one of `run` and `work` is given.
    """

    name: str
    cron: str | tuple[Slot, ...]
    does: str
    run: Run | None = None
    work: Work | None = None
    grace: timedelta = timedelta(hours=12)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """When it falls due unless the company says otherwise."""
        return (Slot(self.cron),) if isinstance(self.cron, str) else self.cron

    def slots_of(self, policy: Policy) -> tuple[Slot, ...]:
        """When it falls due, for anybody."""
        said = policy.schedule.get(self.name, {})
        found = as_said(self.slots, said)
        for own in policy.own_times(self.name):
            found += tuple(slot for slot in as_said(self.slots, {**said, **own}) if slot not in found)
        return found
