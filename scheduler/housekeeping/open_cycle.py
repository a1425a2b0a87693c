"""Cycles turn by themselves: what comes next is opened for drafts, the new one starts, the old one is looked back on.

What was missed while nobody ran is made up for: every cycle goes as far as the calendar has gone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from okr.cycle import Period, cycle_of, next_quarter
from okr.lifecycle import OPEN_DAYS, state_on
from okr.objectives import CycleState
from okr.policy import Policy
from scheduler.jobs import Job
from storage import cycles
from storage.session import Session

_WALKING = (CycleState.PLANNED, CycleState.DRAFTING, CycleState.ACTIVE)
"""What the calendar moves on; closing is somebody's decision or another job's."""


async def run(session: Session, due: datetime, policy: Policy) -> str:
    today = due.astimezone(policy.zone).date()
    running = await cycles.running(session, today)
    told = [f"running: {running.name}"]
    for period in _ahead(today):
        if await cycles.by_name(session, period.name) is None:
            await cycles.opened(session, period, today)
            told.append(f"{period.name} drafting")
    for cycle in await cycles.in_states(session, _WALKING):
        state = state_on(cycle.state, cycle, today)
        if state is not cycle.state:
            await cycles.set_state(session, cycle.id, state)
            told.append(f"{cycle.name} {state}")
    return "; ".join(told)


def _ahead(today: date) -> list[Period]:
    """The coming quarter and year, from when their goals may be written."""
    coming = (next_quarter(today), cycle_of(f"{today.year + 1}"))
    return [period for period in coming if today >= period.start - timedelta(days=OPEN_DAYS)]


JOB = Job("open_cycle", "1 0 * * *", "新的季度开放制定、开始、进入复盘", run, grace=timedelta(days=1))
