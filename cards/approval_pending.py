"""变更审批提醒: a request that has waited, to who decides it, and later to his superior."""

from __future__ import annotations

from cards.templating import render
from chat.card import Card
from okr.people import Person
from okr.requests import ChangeRequest

DAY = 24


def waiting_card(
    request: ChangeRequest, applicant: Person, *, hours: float, threshold: int, approver: Person | None = None
) -> Card:
    """`approver`: who has not decided yet, where his superior reads it. `hours`: of working days."""
    return render(
        "reminders/approval_pending",
        about=request.ref,
        ref=request.ref,
        applicant=applicant.name,
        goal=f"KR{request.kr_id}" if request.kr_id else f"O{request.objective_id}",
        reason=request.reason,
        days=int(hours // DAY),
        threshold=threshold,
        approver=approver.name if approver else "",
    )


def told_card(request: ChangeRequest, approver: Person, *, hours: float, escalated: bool) -> Card:
    """For who asked: that it was not forgotten."""
    return render(
        "reminders/approval_reminded",
        about=request.ref,
        ref=request.ref,
        approver=approver.name,
        goal=f"KR{request.kr_id}" if request.kr_id else f"O{request.objective_id}",
        days=int(hours // DAY),
        escalated=escalated,
    )
