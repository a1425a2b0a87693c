"""变更审批提醒: who has to decide, after a working day and after two; after three his own superior hears of it. Who asked is told each time.

The request itself goes out at once with what caused it; a decision, a withdrawal or a newer request ends all of this.
"""

from __future__ import annotations

from datetime import datetime

from cards.approval_pending import told_card, waiting_card
from chat.answers import Urgency
from okr.people import Person
from okr.reminding import Reminder
from okr.requests import ChangeRequest
from scheduler.reminder import Glance, Nudge, Watch
from storage import changes, people

KEY = Reminder.APPROVAL_PENDING


async def look(glance: Glance) -> list[Nudge]:
    nudges: list[Nudge] = []
    for request in await changes.waiting(glance.session):
        if glance.only in ("", request.ref):
            nudges += await _about(glance, request)
    return nudges


async def _about(glance: Glance, request: ChangeRequest) -> list[Nudge]:
    parts = [part for part in await changes.parts_of(glance.session, request.id) if part.state == "waiting"]
    known = await people.by_ids(glance.session, [request.applicant_id, *(part.approver_id for part in parts)])
    applicant = known[request.applicant_id]
    asked = request.asked_at.astimezone(glance.policy.zone)
    hours = glance.policy.calendar.hours_between(asked, glance.now)
    found: list[Nudge] = []
    for part in parts:
        approver = known[part.approver_id]
        found += _nudges(glance, request, applicant, approver, hours, asked)
    return found


def _nudges(
    glance: Glance, request: ChangeRequest, applicant: Person, approver: Person, hours: float, asked: datetime
) -> list[Nudge]:
    rule = glance.rule(KEY, approver)
    steps = [int(step) for step in rule["remind_hours"]]
    level = sum(hours >= step for step in steps)
    if not rule.on or not level:
        return []
    why = (
        f"{asked:%m月%d日 %H:%M} 提交,过了 {hours:.0f} 个小时(休息日不算)",
        f"门槛:{steps[level - 1]} 个小时",
    )
    card = waiting_card(request, applicant, hours=hours, threshold=steps[level - 1])
    found = [Nudge(approver.id, request.ref, card, level=level, urgency=Urgency.DECISION, facts=why)]
    told = told_card(request, approver, hours=hours, escalated=hours >= int(rule["escalate_hours"]))
    found.append(
        Nudge(
            applicant.id,
            request.ref,
            told,
            variant=f"applicant{approver.id}",
            level=level,
            urgency=Urgency.COLLABORATION,
            facts=why,
        )
    )
    above, limit = approver.manager_id, int(rule["escalate_hours"])
    if hours >= limit and above is not None and above != applicant.id:
        told = waiting_card(request, applicant, hours=hours, threshold=limit, approver=approver)
        found.append(
            Nudge(above, request.ref, told, variant="above", level=level, urgency=Urgency.DECISION, facts=why)
        )
    return found


WATCH = Watch(KEY, "*/30 8-20 * * *", look)
