"""The sixteen reminders as jobs: each looks beside the writers, and posts what it has to say in small steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from okr.policy import Policy
from scheduler import posting, whose_time
from scheduler.jobs import Job
from scheduler.reminder import Glance, Nudge, Watch
from storage.database import Database
from storage.reminded import Cause, Said
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
    local = due.astimezone(policy.zone)
    if watch.prepare is not None:
        await watch.prepare(database, local, policy)

    async def look(session: Session) -> tuple[Sequence[Nudge], dict[Cause, Said]]:
        return (
            await whose_time.said_at(watch, Glance(session, local, policy)),
            await posting.said_before(session, watch.reminder, local),
        )

    nudges, said = await database.read(look)
    fresh = posting.worth_saying(nudges, said, local)
    posted = 0
    for begin in range(0, len(fresh), posting.AT_ONCE):
        some = fresh[begin : begin + posting.AT_ONCE]
        posted += await database.transact(
            partial(posting.post, reminder=watch.reminder, nudges=some, now=local)
        )
    return f"{len(nudges)} to say, {posted} letters"
