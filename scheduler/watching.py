"""The sixteen reminders as jobs: each looks beside the writers, and posts what it has to say in small steps."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from okr.policy import Policy
from okr.reminding import ALWAYS, ReminderRule
from scheduler import posting, whose_time
from scheduler.jobs import Job
from scheduler.reminder import Glance, Nudge, Watch
from storage.database import Database
from storage.session import Session


def job_of(watch: Watch) -> Job:
    return Job(
        str(watch.reminder),
        watch.cron,
        watch.reminder.called,
        work=partial(_watch, watch),
        grace=watch.grace,
    )


async def _watch(watch: Watch, database: Database, due: datetime, policy: Policy) -> str:
    """Look, and post what is new. A letter's own `once` makes a second time harmless."""
    if policy.reminders.get(watch.reminder, ReminderRule()).for_nobody and watch.reminder not in ALWAYS:
        return "switched off"
    local = due.astimezone(policy.zone)
    if watch.prepare is not None:
        await watch.prepare(database, local, policy)

    async def look(session: Session) -> tuple[int, list[Nudge]]:
        nudges = await whose_time.said_at(watch, Glance(session, local, policy))
        said = await posting.said_before(session, watch.reminder, local)
        return len(nudges), posting.worth_saying(nudges, said, local)

    found, fresh = await database.survey(look)
    posted = 0
    async for some in database.precedence.pieces(fresh, posting.AT_ONCE):
        posted += await database.transact(
            partial(posting.post, reminder=watch.reminder, nudges=some, now=local)
        )
    return f"{found} to say, {posted} letters"
