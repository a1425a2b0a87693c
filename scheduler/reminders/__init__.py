"""The sixteen reminders, one file each."""

from __future__ import annotations

from scheduler.reminder import Watch

WATCHES: tuple[Watch, ...] = ()
"""Those that watch for something, in the order of their list."""
