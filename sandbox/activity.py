"""What the bot did last, in a line each. The page shows the newest; the terminal may print them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

KEPT = 200


class Deed(StrEnum):
    HEARD = "heard"
    SAID = "said"
    REDREW = "redrew"
    WOUND = "wound"
    MISSED = "missed"
    """Something was not answered in time, or not at all."""


@dataclass(frozen=True, slots=True)
class Line:
    """`number` grows by one with each line; `at` is an aware UTC time of the office's clock."""

    number: int
    at: datetime
    deed: Deed
    text: str


class Activity:
    """A ring of the last lines. Listeners are called with each new one."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lines: deque[Line] = deque(maxlen=kept)
        self._listeners: list[Callable[[Line], None]] = []
        self._count = 0

    @property
    def lines(self) -> list[Line]:
        """The oldest first."""
        return list(self._lines)

    def note(self, at: datetime, deed: Deed, text: str) -> Line:
        self._count += 1
        line = Line(self._count, at, deed, text)
        self._lines.append(line)
        for listener in list(self._listeners):
            listener(line)
        return line

    def listen(self, listener: Callable[[Line], None]) -> Callable[[], None]:
        """Call `listener` from now on; returns the function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
