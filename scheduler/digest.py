"""What was over the ceiling, once a day in one letter, the most serious first."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from cards.templating import render
from chat.answers import Letter, Mark
from okr.policy import Policy
from scheduler.jobs import Job
from storage import letters, reminded
from storage.database import Database
from storage.session import Session

SHOWN = 8
"""Lines of one letter; the others stand in 我的待办."""


async def work(database: Database, due: datetime, policy: Policy) -> str:
    local = due.astimezone(policy.zone)
    people = await database.survey(reminded.with_folded)
    written = [await database.transact(partial(_write, employee_id=one, now=local)) for one in people]
    return f"{sum(written)} digests"


async def _write(session: Session, employee_id: int, now: datetime) -> bool:
    """Post one person's digest of the day; what is folded after it waits for the next day's."""
    waiting = await reminded.folded(session, employee_id)
    if not waiting:
        return False
    card = render(
        "reminders/digest",
        count=len(waiting),
        items=[one.title for one in waiting[:SHOWN]],
        more=max(0, len(waiting) - SHOWN),
    )
    day = now.date().isoformat()
    mark = Mark(reminded.DIGEST, day)
    letter = Letter(
        employee_id, card, f"{reminded.DIGEST}:{employee_id}:{day}", waiting[0].urgency, mark=mark
    )
    letter_id = await letters.post(session, letter, now)
    if letter_id is None:
        return False
    await reminded.said_in(session, [one.id for one in waiting], letter_id)
    return True


JOB = Job("digest", "15 10,16 * * *", "超过上限的提醒,合成一条", work=work)
