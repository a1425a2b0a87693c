"""Platforms repeat an event for hours at most: what was heard longer ago need not be remembered."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.policy import Policy
from scheduler.jobs import Job
from storage import heard
from storage.session import Session

KEPT = timedelta(days=10)
"""Longer than any platform repeats, and than a card can be pressed."""


async def run(session: Session, due: datetime, policy: Policy) -> str:
    del policy
    return f"forgot {await heard.forget_before(session, due - KEPT)} events"


JOB = Job("forget_heard", "40 3 * * *", "清理处理过的消息编号", run)
