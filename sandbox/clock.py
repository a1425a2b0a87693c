"""A clock that can be wound. The fakes stamp their events with it, so that time arrives with the event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WoundClock:
    """Runs at the speed of the real one, from wherever it was last set. Times are aware UTC."""

    def __init__(self, start: datetime | None = None, *, real: Callable[[], datetime] | None = None) -> None:
        self._real = real or (lambda: datetime.now(UTC))
        self._offset = timedelta(0)
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        return self._real() + self._offset

    def set(self, moment: datetime) -> None:
        self._offset = moment - self._real()

    def wind(self, by: timedelta) -> None:
        self._offset += by
