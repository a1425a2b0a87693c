"""查看 R8, and what waits, as it stands on other cards."""

from __future__ import annotations

from collections.abc import Sequence

from cards.change_request import change_request_card, step_line, wish_of
from cards.todo import Duty
from chat.answers import Answer
from handlers import suggested
from handlers.approvers import part_of_asker
from handlers.asking import Asking, shown
from handlers.deciding import already
from handlers.meant_request import waiting_for_asker
from handlers.proposals import propose
from okr.approvals import RequestState
from okr.moments import day_of
from okr.objectives import Objective
from okr.refusals import NoSuchRequest
from storage import changes

OVERDUE_DAYS = 2
"""A request that has waited for so long is late."""


async def view(asking: Asking, number: int) -> Answer:
    """Only for those it concerns: who asked, who decides, whose goal it is, and the admins. Raises NoSuchRequest."""
    if (answer := await suggested.view(asking, number)) is not None:
        return answer
    request = await changes.by_id(asking.session, number)
    if request is None:
        raise NoSuchRequest(f"R{number}")
    proposal = await propose(asking, request)
    part = await part_of_asker(asking, await changes.parts_of(asking.session, number))
    concerned = asking.asker.id in (proposal.applicant.id, proposal.owner.id) or part is not None
    if not concerned and asking.asker.number not in asking.policy.admins:
        raise NoSuchRequest(f"R{number}")
    if request.state is not RequestState.WAITING:
        return await already(asking, request)
    decides = part is not None and part.state == "waiting" and request.applicant_id != part.approver_id
    if decides and part is not None:
        await changes.shown(asking.session, number, part.approver_id, proposal.before.version)
    card = change_request_card(proposal.opened(), asking.now, asking.policy, decides=decides)
    return shown(card, restricted=True)


async def decisions_due(asking: Asking, *, from_: int | None = None) -> list[Duty]:
    """What waits for the asker's decision; only what this one asked for, where he is named."""
    found: list[Duty] = []
    today = asking.today
    for request in await waiting_for_asker(asking):
        if from_ is not None and request.applicant_id != from_:
            continue
        proposal = await propose(asking, request)
        since = (today - day_of(request.asked_at, asking.policy.zone)).days
        found.append(
            Duty(
                f"{request.ref} {proposal.applicant.name}想{wish_of(proposal)}{f',等了 {since} 天' if since else ''}",
                f"看 {request.ref}",
                f"查看 {request.ref}",
                overdue=since >= OVERDUE_DAYS,
            )
        )
    return found


async def duties(asking: Asking) -> list[Duty]:
    """What waits for the asker's decision, late ones first, and what of his own waits for others."""
    found = await decisions_due(asking)
    for request in await changes.waiting_of(asking.session, asking.asker.id):
        proposal = await propose(asking, request)
        waits_for = "、".join(proposal.approvers)
        found.append(
            Duty(
                f"{request.ref} 你想{wish_of(proposal)},在等{waits_for}批",
                f"看 {request.ref}",
                f"查看 {request.ref}",
            )
        )
    return found


async def pending_on(asking: Asking, objective: Objective, kr_id: int | None) -> Sequence[str]:
    """What waits about a goal, in lines for its card."""
    lines: list[str] = []
    for request in await changes.waiting_on(asking.session, objective.id):
        if kr_id is not None and request.kr_id != kr_id:
            continue
        proposal = await propose(asking, request, objective)
        lines.append(
            f"{request.ref} {proposal.applicant.name}想{wish_of(proposal)}{step_line(proposal)},在等{'、'.join(proposal.approvers)}批"
        )
    return lines
