"""The one place where the time is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives an aware UTC time; the sandbox gives one that can be wound."""


def system_clock() -> datetime:
    return datetime.now(UTC)
