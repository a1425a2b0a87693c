"""同意 and 驳回: the first valid decision holds, and everybody else is told who made it."""

from __future__ import annotations

from dataclasses import replace

from cards import actions
from cards.change_request import Proposal, change_request_card, decided_card, wish_of
from cards.notices import Choice, question
from chat.answers import Answer, Redraw
from handlers import suggested
from handlers.applying import card_of, end, over_card, put_on_record
from handlers.approvers import part_of_asker
from handlers.asking import Asking, shown
from handlers.meant_request import meant, waiting_for_asker
from handlers.on_record import attempted
from handlers.proposals import propose
from handlers.reading.ids import take_ref
from handlers.route import Role, Route
from handlers.sight import in_group
from okr import masking
from okr.approvals import Need, RequestState
from okr.objectives import CycleState, Objective, State
from okr.refusals import CycleClosed, NoSuchRequest, NotAsked, OwnRequest
from okr.requests import ChangeRequest, Part, RequestKind
from okr.weights import require_whole
from storage import changes, in_force, objectives, people
from storage.letters import Shown

LONGEST_REASON = 200
LONGEST_ON_A_BUTTON = 30
"""Characters of a reason, of which each takes nine of a button's bytes."""
LONGEST_ATTEMPT = 16
"""Characters of what was pressed: 转审 R12345 and the like."""
_PLAIN = ("同意", "批了")
"""Said of nothing but a request."""


async def approve(asking: Asking) -> Answer:
    """同意 R8 · 批了 · OK"""
    if (answer := await suggested.instead(asking, "同意")) is not None:
        return answer
    request, words = await meant(asking, "同意")
    return await decide(asking, request, yes=True, words=words)


async def reject(asking: Asking) -> Answer:
    """驳回 R8 目标偏低; without a reason it is asked for."""
    if (answer := await suggested.instead(asking, "驳回")) is not None:
        return answer
    request, words = await meant(asking, "驳回")
    return await decide(asking, request, yes=False, words=words.removeprefix("原因").strip(" :,"))


async def nod(asking: Asking, last: Shown | None) -> Answer | None:
    """行, OK, 同意 alone: a yes to the quoted or the only request that waits; None where none does.

    `last`: the card that the asker has just been shown. An 行 that may well be meant for that is asked back about.
    """
    if asking.about:
        return await approve(asking.rested(""))
    waiting = await waiting_for_asker(asking)
    if not waiting:
        return None
    only = waiting[0]
    aside = last is not None and last.card.about != only.ref and last.at > only.asked_at
    if len(waiting) == 1 and aside and asking.text not in _PLAIN:
        return _ask_first(await propose(asking, only), "同意")
    return await approve(asking.rested(""))


async def decide(asking: Asking, request: ChangeRequest, *, yes: bool, words: str) -> Answer:
    part = await _part(asking, request, "同意" if yes else "驳回")
    if request.state is not RequestState.WAITING:
        return await already(asking, request)
    objective = await standing(asking, request)
    _require_sense(request, objective)
    proposal = await propose(asking, request, objective)
    if part.state != "waiting":
        return shown(
            decided_card(proposal, asking.now, asking.policy, yes=True, missing=proposal.approvers),
            in_place=True,
        )
    if not yes and not words:
        return _ask_why(proposal)
    if part.version != objective.version:
        return await _show_again(asking, proposal, part)
    if asking.spoken and not asking.confirmed:
        return _ask_first(proposal, "同意" if yes else "驳回", words)
    if yes:
        require_whole(proposal.after)
    await changes.say(asking.session, request.id, part.approver_id, yes=yes, at=asking.now)
    if yes and request.need is Need.ALL and await _others(asking, request):
        left = await propose(asking, request, objective)
        card = decided_card(left, asking.now, asking.policy, yes=True, missing=left.approvers)
        own = decided_card(left.opened(), asking.now, asking.policy, yes=True, missing=left.approvers)
        return Answer(card=card, in_place=True, redraws=(Redraw(card_of(request, part.approver_id), own),))
    state = RequestState.APPROVED if yes else RequestState.REJECTED
    ended = await end(asking, proposal, state, words[:LONGEST_REASON])
    if ended is None:
        return await already(asking, await _again(asking, request))
    await put_on_record(asking, ended.deeds)
    card = decided_card(ended.proposal, asking.now, asking.policy, yes=yes)
    return Answer(card=card, in_place=True, restricted=not yes, letters=ended.letters, redraws=ended.redraws)


async def standing(asking: Asking, request: ChangeRequest) -> Objective:
    """The objective as it is now, kept from others until the transaction ends. Raises NoSuchRequest where it is gone."""
    await in_force.lock(asking.session, request.objective_id)
    objective = await objectives.by_id(asking.session, request.objective_id)
    if objective is None:
        raise NoSuchRequest(request.ref)
    return masking.covered(objective) if in_group(asking) else masking.opened(objective)


async def already(asking: Asking, request: ChangeRequest) -> Answer:
    """It is over: who ended it, and when."""
    by = await people.by_id(asking.session, request.decided_by) if request.decided_by else None
    name = "你" if by is not None and by.id == asking.asker.id else by.name if by else ""
    return shown(over_card(asking, await propose(asking, request), name), in_place=True)


async def _part(asking: Asking, request: ChangeRequest, what: str) -> Part:
    """In whose name the asker decides. Raises OwnRequest, NotAsked; that he tried is on record."""
    parts = await changes.parts_of(asking.session, request.id)
    part = await part_of_asker(asking, parts)
    own = request.applicant_id == asking.asker.id
    if part is not None and not (own and part.approver_id != asking.asker.id) and part.state != "forwarded":
        return part
    if part is not None and request.state is not RequestState.WAITING:
        return part
    named = await people.by_ids(asking.session, [one.approver_id for one in parts if one.state == "waiting"])
    approvers = tuple(person.name for person in named.values())
    objective = await objectives.by_id(asking.session, request.objective_id)
    if objective is not None:
        await attempted(asking, f"{what} {request.ref}", objective, request.kr_id)
    if own:
        raise OwnRequest(request.ref, approvers)
    raise NotAsked(request.ref, approvers)


def _require_sense(request: ChangeRequest, objective: Objective) -> None:
    if objective.cycle.state is CycleState.CLOSED:
        raise CycleClosed(objective.cycle.name)
    wanted = State.PENDING if request.kind is RequestKind.CREATE else State.ACTIVE
    if objective.state is not wanted:
        raise NoSuchRequest(request.ref)


async def pressed_by_another(asking: Asking, about: str, say: str) -> None:
    """Somebody has pressed a card that was sent to somebody else: of a request, that is put on record."""
    ref, _ = take_ref(about)
    if ref is None or ref.kind != "R":
        return
    request = await changes.by_id(asking.session, ref.number)
    objective = await objectives.by_id(asking.session, request.objective_id) if request else None
    if request is not None and objective is not None:
        await attempted(asking, say[:LONGEST_ATTEMPT], objective, request.kr_id)


def _ask_first(proposal: Proposal, verb: str, words: str = "") -> Answer:
    """What was perhaps meant otherwise, or heard wrongly, is decided by one more tap."""
    request = proposal.request
    say = f"{verb} {request.ref} {words[:LONGEST_ON_A_BUTTON]}".strip()
    return shown(
        question(
            "nod",
            [Choice(f"{verb} {request.ref}", actions.confirmed(say)), Choice("不是", actions.NEVER_MIND)],
            about=request.ref,
            id=request.ref,
            verb=verb,
            wish=f"{proposal.applicant.name}想{wish_of(proposal)}",
        ),
        restricted=True,
    )


def _ask_why(proposal: Proposal) -> Answer:
    request = proposal.request
    return shown(
        question(
            "reject_reason",
            [],
            about=request.ref,
            awaits=f"驳回 {request.ref} 原因",
            id=request.ref,
            applicant=proposal.applicant.name,
            wish=wish_of(proposal),
        ),
        restricted=True,
    )


async def _show_again(asking: Asking, proposal: Proposal, part: Part) -> Answer:
    """The goal is another since the approver saw it: he sees what it would be now, and decides on that."""
    request = proposal.request
    await changes.shown(asking.session, request.id, part.approver_id, proposal.before.version)
    card = change_request_card(
        proposal.opened(), asking.now, asking.policy, news=f"{proposal.before.ref} 刚有别的改动,再看一眼"
    )
    return shown(card, in_place=True, restricted=True)


async def _others(asking: Asking, request: ChangeRequest) -> bool:
    return any(part.state == "waiting" for part in await changes.parts_of(asking.session, request.id))


async def _again(asking: Asking, request: ChangeRequest) -> ChangeRequest:
    now = await changes.by_id(asking.session, request.id)
    return now or replace(request, state=RequestState.SUPERSEDED)


ROUTES = (
    Route(
        words=("同意", "批了", "OK", "行"),
        handle=approve,
        topic="带团队",
        does="批一个申请;只有一个在等就不用写编号",
        examples=("同意 R8",),
        role=Role.MANAGER,
        alone=("OK", "行", "批了"),
    ),
    Route(
        words=("驳回",),
        handle=reject,
        topic="带团队",
        does="不同意一个申请,写明原因",
        examples=("驳回 R8 目标偏低",),
        role=Role.MANAGER,
    ),
)
