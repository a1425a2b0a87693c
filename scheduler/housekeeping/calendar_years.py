"""A year whose holidays nobody has told us counts as Monday to Friday throughout: the admins are told, once a year."""

from __future__ import annotations

from datetime import datetime

from cards.notices import notice
from chat.answers import Letter, Urgency
from okr.policy import Policy
from scheduler.jobs import Job
from storage import letters, people
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    today = due.astimezone(policy.zone).date()
    unknown = policy.calendar.unknown_year(today)
    if unknown is None:
        return "the calendar is known"
    posted = 0
    for admin in await people.by_numbers(session, sorted(policy.admins)):
        card = notice("calendar_unknown", year=unknown, is_now=unknown == today.year)
        letter = Letter(admin.id, card, f"calendar:{unknown}:{admin.id}", Urgency.DECISION)
        posted += await letters.post(session, letter, due) is not None
    return f"{unknown} is unknown, {posted} letters"


JOB = Job("calendar_years", "20 9 * * *", "哪一年的节假日还不知道,告诉管理员", run)
