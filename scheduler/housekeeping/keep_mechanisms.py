"""What each store does to set its goals is kept for the quarter: who changes it meanwhile changes the next one."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.cycle import quarter_of
from okr.policy import Policy
from scheduler.jobs import Job
from storage import mechanisms
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    period = quarter_of(due.astimezone(policy.zone).date())
    kept = await mechanisms.settle(session, period, policy.mechanisms)
    return f"{period.name}: {kept} stores"


JOB = Job(
    "keep_mechanisms",
    "2 0 * * *",
    "记下各店这个季度的目标机制,中途改的下个季度起算",
    run,
    grace=timedelta(days=1),
)
