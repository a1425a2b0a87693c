"""Platforms repeat an event for hours at most, and nobody asks after last year's runs of jobs: both are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.policy import Policy
from scheduler.jobs import Job
from storage import heard, job_runs
from storage.session import Session

KEPT = timedelta(days=10)
"""Longer than any platform repeats, and than a card can be pressed."""

RUNS_KEPT = timedelta(days=400)


async def run(session: Session, due: datetime, policy: Policy) -> str:
    del policy
    runs = await job_runs.forget_before(session, due - RUNS_KEPT)
    return f"forgot {await heard.forget_before(session, due - KEPT)} events, {runs} runs"


JOB = Job("forget_heard", "40 3 * * *", "清理处理过的消息编号", run)
