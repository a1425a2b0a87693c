"""A request for help that nobody has answered in time: who asked is told, and may ask somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cards.help_request import Plea, step_card
from chat.answers import Letter, Urgency
from okr.collaboration import HelpMove, HelpRequest, has_expired, help_after
from okr.moments import day_of
from okr.policy import Policy
from scheduler.jobs import Job
from storage import help_requests, letters, objectives, people
from storage.session import Session


async def run(session: Session, due: datetime, policy: Policy) -> str:
    today = due.astimezone(policy.zone).date()
    expired = [
        request
        for request in await help_requests.unanswered(session)
        if has_expired(
            request, day_of(request.asked_at, policy.zone), today, policy.help_days, policy.calendar
        )
    ]
    for request in expired:
        after = help_after(request.state, HelpMove.EXPIRE, ref=request.ref)
        await help_requests.move(session, request, after, due, answered=False)
        await _tell(session, request, today, due)
    return f"{len(expired)} expired"


async def _tell(session: Session, request: HelpRequest, today: date, now: datetime) -> None:
    objective = await objectives.with_key_result(session, request.kr_id)
    known = await people.by_ids(session, [one for one in (request.asker_id, request.asked_id) if one])
    if objective is None or request.asker_id not in known:
        return
    kr = next(kr for kr in objective.key_results if kr.id == request.kr_id)
    asked = known.get(request.asked_id) if request.asked_id is not None else None
    plea = Plea(request, kr, known[request.asker_id], asked, "", today)
    card = step_card(plea, "expired", by=asked.name if asked else "")
    letter = Letter(request.asker_id, card, f"help:{request.id}:expired", Urgency.COLLABORATION)
    await letters.post(session, letter, now)


JOB = Job(
    "expire_requests", "20 8 * * *", "请人帮忙过了时间没人回的,告诉提的人", run, grace=timedelta(days=1)
)
