"""A cycle that nobody has closed is closed by itself, some working days after its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.lifecycle import last_day_to_close, state_on
from okr.objectives import CycleState
from okr.policy import Policy
from scheduler.jobs import Job
from storage import closing, cycles
from storage.closing import By
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    today = due.astimezone(policy.zone).date()
    told: list[str] = []
    for cycle in await cycles.in_states(session, (CycleState.ACTIVE, CycleState.REVIEWING)):
        day = last_day_to_close(cycle, policy.close_after, policy.calendar)
        if day is None or today <= day or state_on(cycle.state, cycle, today) is not CycleState.REVIEWING:
            continue
        reason = f"结束后 {policy.close_after} 个工作日没有人关"
        closed = await closing.close(session, cycle, By(None, "", due, today, reason))
        told.append(f"closed {cycle.name} with {closed} objectives")
    return "; ".join(told) or "nothing to close"


JOB = Job("close_cycles", "10 0 * * *", "过了宽限期没有人关的周期,锁定评分", run, grace=timedelta(days=1))
