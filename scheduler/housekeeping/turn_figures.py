"""A new day: what data say of 日均, 周均 and 本月累计 is another number, without any new point."""

from __future__ import annotations

from datetime import datetime, timedelta

from okr.policy import Policy
from scheduler.jobs import Job
from storage import day_curves, fed, units
from storage.database import Database
from storage.fed import Scales
from storage.session import Session

AT_ONCE = 200
"""Key results in one transaction."""


async def work(database: Database, due: datetime, policy: Policy) -> str:
    """Doing it again finds nothing to do."""
    scales = Scales(policy.metrics, await database.survey(units.known), policy.zone, due, policy.calendar)
    after, moved = 0, 0
    while True:

        async def step(session: Session, after: int = after) -> tuple[int, int]:
            some = await fed.due_with_the_day(session, after, AT_ONCE)
            turned = await fed.turn(session, some, scales)
            return (some[-1] if some else 0), len(turned)

        after, turned = await database.patiently(step)
        moved += turned
        if not after:
            break
    await _learn(database, scales)
    return f"{moved} key results have another figure today"


async def _learn(database: Database, scales: Scales) -> None:
    """Whose own history was too short to tell its days apart may have enough of it by now."""
    after = 0
    while True:

        async def step(session: Session, after: int = after) -> int:
            some = await day_curves.without_own(session, after, AT_ONCE)
            for objective_id in some:
                await day_curves.settle(session, objective_id, scales)
            return some[-1] if some else 0

        after = await database.patiently(step)
        if not after:
            return


JOB = Job(
    "turn_figures", "5 0 * * *", "新的一天:日均、周均、本月累计重新算", work=work, grace=timedelta(days=1)
)
