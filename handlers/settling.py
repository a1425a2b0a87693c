"""What a handler may ask of the company's settings; the file, its schema and the dry run are behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from okr.amendments import Amendment
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Outlook:
    """Reminders of today by receiver and title: what there would be more of, and less."""

    more: Sequence[str]
    less: Sequence[str]


class Settling(Protocol):
    def now_is(self, key: str, whom: str = "") -> Any: ...

    def refused(self, amendment: Amendment) -> str: ...

    async def outlook(self, session: Session, amendment: Amendment, day: date) -> Outlook: ...

    def touched(self) -> None: ...
