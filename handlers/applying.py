"""How a request ends: what was agreed to is put in force, whoever it touches is told, and the trail gets its lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cards.change_request import (
    Proposal,
    changed_above_card,
    decided_card,
    outcome_card,
    steps_of,
    wish_of,
)
from cards.notices import notice
from chat.answers import Letter, Redraw, Urgency
from chat.card import Card
from handlers import data_scales, joining, upstream
from handlers.asking import Asking
from handlers.ideas import settled
from handlers.proposals import propose
from handlers.sight import sees_amounts_by_place
from handlers.supporting import Supporter
from okr.approvals import ChangeField, RequestState
from okr.moments import say_moment
from okr.objectives import RollUp, State
from okr.requests import OF_EDGES, ChangeRequest, RequestKind
from storage import changes, in_force, objectives, people, roll_ups, trail
from storage.changes import Verdict
from storage.trail import Deed

DONE = {
    RequestKind.CREATE: "提交",
    RequestKind.CHANGE: "修改",
    RequestKind.ADD: "加KR",
    RequestKind.CANCEL: "取消",
}
"""How the trail calls what has been agreed to."""
WITHOUT_ASKING = "(不用批)"
ENDED = {
    RequestState.REJECTED: "驳回",
    RequestState.WITHDRAWN: "撤回",
    RequestState.SUPERSEDED: "被新申请代替",
}
_WORDS = frozenset({
    ChangeField.TITLE, ChangeField.CREATE, ChangeField.ADD, ChangeField.CANCEL,
})  # fmt: skip
"""Where old and new are somebody's words."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What follows from a request's end: letters, and lines of the trail, which are written last of all."""

    proposal: Proposal
    letters: tuple[Letter, ...] = ()
    redraws: tuple[Redraw, ...] = ()
    """The cards of those who were asked, as they look from now on."""
    deeds: tuple[Deed, ...] = ()


async def end(asking: Asking, proposal: Proposal, state: RequestState, words: str = "") -> Ended | None:
    """End a request for good; None where somebody was first: then nothing has changed.

    `proposal` tells the objective as it stands. Whoever is told hears it by a letter of his own; the asker by the answer.
    """
    request, session = proposal.request, asking.session
    verdict = Verdict(state, asking.asker.id, asking.now, str(asking.event.sender.platform), words)
    if not await changes.close(session, request.id, verdict):
        return None
    ended = replace(request, state=state, decided_at=asking.now, decided_by=asking.asker.id, decision=words)
    proposal = replace(proposal, request=ended)
    outlived: list[Ended] = []
    asked: tuple[Letter, ...] = ()
    joined: tuple[Letter, ...] = ()
    if state is RequestState.APPROVED:
        joined = await _apply(asking, proposal)
        new = await in_force.version_of(session, request.objective_id)
        await changes.caught_up(session, request.objective_id, asking.asker.id, proposal.before.version, new)
        outlived = await _outlived(asking, ended)
        asked = await upstream.ask_below(asking, proposal)
    elif request.kind is RequestKind.CREATE:
        await in_force.set_objective(session, request.objective_id, State.DRAFT)
    elif request.kind is RequestKind.ADD and request.kr_id is not None:
        await in_force.set_key_result(session, request.objective_id, request.kr_id, State.DELETED)
    below = await _below(asking, proposal, {letter.to for letter in asked})
    told = (*_outcome(asking, proposal), *asked, *below, *joined, *await settled(asking, ended))
    mine = Ended(proposal, told, await _closed(asking, proposal), _deeds(asking, proposal))
    return together(mine, outlived)


def together(ended: Ended, others: Sequence[Ended]) -> Ended:
    """What follows from all of them; the first is the one that is answered about."""
    return replace(
        ended,
        letters=(*ended.letters, *(letter for other in others for letter in other.letters)),
        redraws=(*ended.redraws, *(redraw for other in others for redraw in other.redraws)),
        deeds=(*(deed for other in others for deed in other.deeds), *ended.deeds),
    )


async def put_on_record(asking: Asking, deeds: Iterable[Deed]) -> None:
    """Call it last: the end of the trail is held until the transaction is over."""
    for deed in deeds:
        await trail.record(asking.session, deed)


async def supersede(asking: Asking, request: ChangeRequest) -> Ended | None:
    """Close a request that has lost its point."""
    return await end(asking, await propose(asking, request), RequestState.SUPERSEDED)


async def _outlived(asking: Asking, request: ChangeRequest) -> list[Ended]:
    """What waits about something that has just been cancelled."""
    if request.kind is not RequestKind.CANCEL:
        return []
    waiting = await changes.waiting_on(asking.session, request.objective_id)
    ended = [await supersede(asking, other) for other in waiting if request.kr_id in (None, other.kr_id)]
    return [one for one in ended if one is not None]


# --- putting in force ---


async def _apply(asking: Asking, proposal: Proposal) -> tuple[Letter, ...]:
    """Do what was agreed to; the letters that follow from it."""
    letters: tuple[Letter, ...] = ()
    request, objective, session = proposal.request, proposal.before, asking.session
    computed = proposal.kr is not None and proposal.kr.roll_up is not RollUp.MANUAL
    if computed and proposal.kr is not None:
        # Takes the locks from below upwards, as every report does, before this key result's own.
        await roll_ups.recount(session, proposal.kr.id, asking.now)
    match request.kind:
        case RequestKind.CREATE:
            await objectives.activate(session, objective.id, asking.now)
        case RequestKind.ADD if request.kr_id is not None:
            await in_force.set_key_result(session, objective.id, request.kr_id, State.ACTIVE)
        case RequestKind.CANCEL if request.kr_id is not None:
            await in_force.set_key_result(session, objective.id, request.kr_id, State.CANCELLED)
        case RequestKind.CANCEL:
            await in_force.cancel(session, objective.id)
        case _:
            await _set(asking, proposal)
            letters = await _join(asking, proposal)
    if computed and proposal.kr is not None:
        await roll_ups.recount(session, proposal.kr.id, asking.now)
    await data_scales.settle(asking, objective.id)
    await roll_ups.follow_goal(session, objective.id, asking.now)
    return letters


async def _join(asking: Asking, proposal: Proposal) -> tuple[Letter, ...]:
    """Let the goal support what was agreed; the owner above is asked where he has to be."""
    words = [change.new["align"] for change in proposal.request.changes if change.field is ChangeField.PARENT]
    supporter = Supporter(proposal.before, proposal.kr)
    return await joining.as_agreed(asking, proposal.applicant, supporter, str(words[0])) if words else ()


async def _set(asking: Asking, proposal: Proposal) -> None:
    request, objective, session = proposal.request, proposal.before, asking.session
    values: dict[str, Any] = {name: value for change in request.changes for name, value in change.new.items()}
    values = {name: value for name, value in values.items() if name not in OF_EDGES}
    if not values:
        return
    if proposal.kr is not None:
        doubts = (await objectives.doubts_of(session, objective.id)).get(proposal.kr.id, ())
        await objectives.change_key_result(session, proposal.kr, doubts, **values)
        return
    if "title" in values:
        await objectives.rename(session, objective.id, values["title"])
    if "cycle_id" in values:
        await objectives.set_cycle(session, objective.id, values["cycle_id"])
    if "owner_id" in values:
        await in_force.give_to(session, objective.id, values["owner_id"])


# --- telling ---


def card_of(request: ChangeRequest, approver_id: int) -> str:
    """The uniqueness of the card by which somebody is asked."""
    return f"request:{request.id}:{approver_id}"


def over_card(asking: Asking, proposal: Proposal, by: str) -> Card:
    """What stands where there was something to decide: who ended it, and when. `by`: 你 for who reads it."""
    request = proposal.request
    at = request.decided_at
    return notice(
        "decided_before",
        about=request.ref,
        id=request.ref,
        ref=request.about,
        state=str(request.state),
        by=by,
        at=say_moment(at, asking.now, asking.policy.zone).removeprefix("今天 ") if at else "",
        wish=f"{proposal.applicant.name}想{wish_of(proposal)}",
    )


async def _closed(asking: Asking, proposal: Proposal) -> tuple[Redraw, ...]:
    """Everybody's card who was asked says how it ended."""
    request = proposal.request
    yes = request.state is RequestState.APPROVED
    redraws: list[Redraw] = []
    for part in await changes.parts_of(asking.session, request.id):
        if part.state == "forwarded":
            continue
        card = over_card(asking, proposal, asking.asker.name)
        if part.approver_id == asking.asker.id and request.state in (
            RequestState.APPROVED,
            RequestState.REJECTED,
        ):
            card = decided_card(proposal.opened(), asking.now, asking.policy, yes=yes)
        redraws.append(Redraw(card_of(request, part.approver_id), card))
    return tuple(redraws)


def _outcome(asking: Asking, proposal: Proposal) -> tuple[Letter, ...]:
    """To who asked, to whose goal it is, and to whom it is given; not to who has just decided."""
    request = proposal.request
    if request.state not in (RequestState.APPROVED, RequestState.REJECTED):
        return ()
    receivers = dict.fromkeys([request.applicant_id, proposal.before.owner_id, *_new_owner(request)])
    return tuple(
        Letter(
            receiver,
            outcome_card(
                proposal.opened(),
                asking.now,
                asking.policy,
                by=asking.asker.name,
                mine=receiver == request.applicant_id,
            ),
            f"decided:{request.id}:{receiver}",
            Urgency.DECISION,
        )
        for receiver in receivers
        if receiver != asking.asker.id
    )


async def _below(asking: Asking, proposal: Proposal, asked: Collection[object]) -> tuple[Letter, ...]:
    """To everybody whose goals rest on what has changed, on all levels, once; but not to whom is `asked` about it.

    Amounts stand in it for the people of the same store; the others, of other stores perhaps, learn that it changed.
    """
    request = proposal.request
    if request.state is not RequestState.APPROVED or request.kind in (RequestKind.CREATE, RequestKind.ADD):
        return ()
    known = await people.by_ids(asking.session, [one for one, _ in proposal.below])
    told = {
        one: proposal.opened()
        if sees_amounts_by_place(asking, person, proposal.owner)
        else proposal.covered()
        for one, person in known.items()
    }
    return tuple(
        Letter(
            person_id,
            changed_above_card(told[person_id], f"KR{nearest}"),
            f"below:{request.id}:{person_id}",
            Urgency.COLLABORATION,
        )
        for person_id, nearest in proposal.below
        if person_id not in (asking.asker.id, *_new_owner(request), *asked)
    )


def _new_owner(request: ChangeRequest) -> list[int]:
    if request.state is not RequestState.APPROVED:
        return []
    return [
        int(str(change.new["owner_id"])) for change in request.changes if change.field is ChangeField.OWNER
    ]


# --- on record ---


def asked_deeds(asking: Asking, proposal: Proposal) -> tuple[Deed, ...]:
    """The lines of a request that somebody has just made."""
    return _lines(asking, proposal, f"申请{DONE[proposal.request.kind]}")


def _deeds(asking: Asking, proposal: Proposal) -> tuple[Deed, ...]:
    request = proposal.request
    if request.state is not RequestState.APPROVED:
        deed = _lines(asking, proposal, ENDED[request.state])[0]
        return (replace(deed, actor_id=asking.asker.id, reason=request.decision),)
    if request.decided_by == request.applicant_id:
        return _lines(asking, proposal, f"{DONE[request.kind]}{WITHOUT_ASKING}")
    return tuple(
        replace(deed, approver_id=request.decided_by, decision=request.decision)
        for deed in _lines(asking, proposal, DONE[request.kind])
    )


def _lines(asking: Asking, proposal: Proposal, action: str) -> tuple[Deed, ...]:
    """A line for each thing that was to be changed."""
    request = proposal.request
    talk = f"面谈 {request.interview}" if request.interview else ""
    steps = steps_of(proposal.opened())
    lines = []
    for place, change in enumerate(request.changes):
        old, new = (steps[place].old, steps[place].new) if place < len(steps) else ("", "")
        if change.field is ChangeField.OWNER:
            old, new = str(change.old["owner_id"]), str(change.new["owner_id"])
        if request.kind is RequestKind.CREATE:
            old, new = "", proposal.before.title
        lines.append(
            Deed(
                action=action,
                at=asking.now,
                actor_id=request.applicant_id,
                platform=str(asking.event.sender.platform),
                objective_id=request.objective_id,
                kr_id=request.kr_id,
                request_id=request.id,
                field=str(change.field),
                old=old,
                new=new,
                reason=";".join(part for part in (request.reason, talk) if part),
                text=change.field in _WORDS,
                people=change.field is ChangeField.OWNER,
            )
        )
    return tuple(lines)
