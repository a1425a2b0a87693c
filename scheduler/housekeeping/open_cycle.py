"""The quarter opens by itself, a minute into its first day; this job only makes it so before anybody asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.policy import Policy
from scheduler.jobs import Job
from storage import cycles
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    cycle = await cycles.running(session, due.astimezone(policy.zone).date())
    return f"running: {cycle.name}"


JOB = Job("open_cycle", "1 0 * * *", "新的季度到了就打开", run, grace=timedelta(days=1))
