"""Who works when, as a platform's attendance has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol

from chat.events import PlatformName

DAYS = 7
"""As many as a platform tells at once."""


@dataclass(frozen=True, slots=True)
class WorkDay:
    """A day of somebody: from and to, several where there is a break; none where it is a day of rest."""

    user_id: str
    day: date
    hours: tuple[tuple[time, time], ...] = ()


class Attendance(Protocol):
    """Every method raises Unreachable or Rejected."""

    @property
    def platform(self) -> PlatformName: ...

    @property
    def calls(self) -> int:
        """How many it has made; all of them count towards the month."""

    async def work_days(self, operator: str, user_ids: Sequence[str], first: date) -> list[WorkDay]:
        """Of a week from `first` on, what is known. `operator`: the user id in whose name it is asked."""
