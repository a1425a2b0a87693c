"""Who has left is erased when the time is over that the company keeps: name and words go, numbers stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.policy import Policy
from scheduler.jobs import Job
from storage import erasure
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    if not policy.leaver_days:
        return "switched off"
    left_by = due.astimezone(policy.zone).date() - timedelta(days=policy.leaver_days)
    leavers = await erasure.due(session, left_by)
    if leavers:
        await erasure.erase(session, leavers, due)
    return f"erased {len(leavers)} leavers"


JOB = Job("erase_leavers", "20 3 * * *", "抹去离职已久的人的姓名和文字", run)
