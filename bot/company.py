"""The company's settings as they hold at this moment: the file, with what the admins have changed in chat over it.

Every replica looks for changes of the others; the one that has heard a change looks at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import structlog

from config.amending import amended, standing, value_of
from config.errors import BadSettings
from config.policy import policy_of
from config.settings import Settings
from handlers.settling import Outlook
from okr.amendments import Amendment
from okr.policy import Policy
from scheduler import dry_run
from scheduler.dry_run import Planned
from scheduler.reminders import WATCHES
from scheduler.timetable import JOBS
from storage import settings_changes
from storage.database import Database
from storage.session import Session

log = structlog.get_logger(__name__)


class CompanySettings:
    """`settings` is the file alone until `refresh` has read the changes. `decide`: the policy of settings."""

    def __init__(
        self, settings: Settings, database: Database, decide: Callable[[Settings], Policy] = policy_of
    ) -> None:
        self._database = database
        self._file = settings
        self._amendments: Sequence[Amendment] = ()
        self._seen = 0
        self.settings = settings
        self._decide = decide
        self.policy = decide(settings)
        self.stale = False
        """Whether a change has been heard that is not in force here yet."""

    def settle(self, settings: Settings) -> None:
        """Take another file into force; what was changed in chat stays over it."""
        self._file = settings
        self._combine()

    async def refresh(self) -> bool:
        """Take into force what has been changed; true where anything was."""
        newest = await self._database.read(settings_changes.newest)
        self.stale = False
        if newest == self._seen:
            return False
        self._amendments = await self._database.read(settings_changes.in_force)
        self._seen = newest
        self._combine()
        log.info("settings_amended", change=newest)
        return True

    def _combine(self) -> None:
        self.settings, refused = standing(self._file, self._amendments)
        self.policy = self._decide(self.settings)
        for one, finding in refused:
            log.error("amendment_refused", key=one.key, found=finding.found)

    # --- what handlers ask ---

    def now_is(self, key: str, whom: str = "") -> Any:
        """What holds of a key; of a time nobody has said the usual one, as a crontab."""
        said = value_of(self.settings, key, whom)
        if said is not None or not key.startswith("schedule.") or whom:
            return said
        _, job, slot = [*key.split("."), ""][:3]
        slots = next((one.slots for one in JOBS if one.name == job), ())
        return next((one.cron for one in slots if one.name == slot), None)

    def refused(self, amendment: Amendment) -> str:
        """Why it cannot be, in a sentence; empty where it can."""
        try:
            self._with(amendment)
        except BadSettings as bad:
            return f"{bad.findings[0].found},{bad.findings[0].allowed}"
        return ""

    async def outlook(self, session: Session, amendment: Amendment, day: date) -> Outlook:
        """What the reminder concerned would say that day and does not say now, and the reverse."""
        parts = amendment.key.split(".")
        watches = [watch for watch in WATCHES if str(watch.reminder) in parts[1:2]]
        if not watches:
            return Outlook((), ())
        new = self._decide(self._with(amendment))
        found = await dry_run.difference(session, self.policy, new, day, watches)
        return Outlook(tuple(map(_said, found.more)), tuple(map(_said, found.less)))

    def touched(self) -> None:
        """Something has been written: look again once that is committed."""
        self.stale = True

    def _with(self, amendment: Amendment) -> Settings:
        others = [one for one in self._amendments if one.place != amendment.place]
        return amended(self._file, [*others, amendment] if amendment.value is not None else others)


def _said(one: Planned) -> str:
    return f"{one.receiver.partition('(')[0]}:{one.title}"
