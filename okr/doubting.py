"""When what somebody says of his confidence is worth a question (docs/rules/reminders.md)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Doubt(StrEnum):
    LOW = "low"
    DROP = "drop"
    """Much lower than the time before."""
    FALLING = "falling"
    """Lower twice running."""


def doubt_of(levels: Sequence[int], *, low: int, drop: int) -> Doubt | None:
    """What there is to ask about the newest of these, oldest first; None where nothing. `drop` 0: falls do not count."""
    if not levels:
        return None
    if levels[-1] <= low:
        return Doubt.LOW
    if not drop:
        return None
    if len(levels) > 1 and levels[-2] - levels[-1] >= drop:
        return Doubt.DROP
    return Doubt.FALLING if len(levels) > 2 and levels[-3] > levels[-2] > levels[-1] else None
