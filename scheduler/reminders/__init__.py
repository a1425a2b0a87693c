"""The reminders that watch for something, one file each."""

from __future__ import annotations

from scheduler.reminder import Watch
from scheduler.reminders import (
    achievement,
    alignment_gap,
    approval_pending,
    checkin_due,
    checkin_overdue,
    collab_blocked,
    confidence_drop,
    data_stale,
    deadline_due,
    forecast_miss,
    kr_stalled,
    monthly_review,
    progress_warning,
    upstream_changed,
    weekly_report,
)

WATCHES: tuple[Watch, ...] = (
    progress_warning.WATCH,
    forecast_miss.WATCH,
    kr_stalled.WATCH,
    confidence_drop.WATCH,
    checkin_due.WATCH,
    checkin_overdue.WATCH,
    weekly_report.WATCH,
    monthly_review.WATCH,
    collab_blocked.WATCH,
    approval_pending.WATCH,
    upstream_changed.WATCH,
    alignment_gap.WATCH,
    deadline_due.WATCH,
    achievement.WATCH,
    data_stale.WATCH,
)
"""In the order of the list of the sixteen."""
