"""From a wish to change what was agreed on, to a request with its approvers, or, where nobody has to agree, to the change."""

from __future__ import annotations

from collections.abc import Sequence

from cards.change_request import Proposal, asked_card, change_request_card, changed_card
from chat.answers import Answer, Letter, Urgency
from handlers.applying import Ended, asked_deeds, card_of, end, put_on_record, supersede, together
from handlers.approvers import Asked, asked_by
from handlers.asking import Asking
from handlers.proposals import propose
from okr.approvals import ApprovalRule, RequestState, needs_approval, rule_for
from okr.objectives import CycleState, Objective
from okr.people import Person
from okr.refusals import CycleClosed, InterviewNeeded
from okr.requests import ChangeRequest, RequestKind, is_easier
from storage import changes
from storage.changes import Wish


async def request(asking: Asking, objective: Objective, owner: Person, wish: Wish) -> Answer:
    """Ask for what is wished. Raises CycleClosed, InterviewNeeded; what it would do has been checked before."""
    if objective.cycle.state is CycleState.CLOSED:
        raise CycleClosed(objective.cycle.name)
    rule = rule_for(asking.policy.approvals, owner)
    _require_interview(rule, objective, wish)
    older = await _older(asking, wish)
    if (same := next((one for one in older if _is_same(one, wish, asking.asker)), None)) is not None:
        proposal = await propose(asking, same, objective)
        return Answer(card=asked_card(proposal, asking.now, asking.policy), in_place=asking.pressed)
    replaced = [ended for one in older if (ended := await supersede(asking, one)) is not None]
    needed = any(needs_approval(rule, change.field) for change in wish.changes)
    asked = await asked_by(asking, rule, asking.asker) if needed else []
    made = await changes.ask(
        asking.session,
        wish,
        applicant_id=asking.asker.id,
        need=rule.need,
        platform=str(asking.event.sender.platform),
        at=asking.now,
    )
    if not asked:
        return await _at_once(asking, made, objective, replaced)
    for one in asked:
        await give_part(asking, made, one, objective.version)
    proposal = await propose(asking, made, objective)
    letters = [letter_to(asking, proposal, one) for one in asked]
    whole = together(Ended(proposal, tuple(letters), (), asked_deeds(asking, proposal)), replaced)
    await put_on_record(asking, whole.deeds)
    card = asked_card(
        proposal.opened() if _is_private(made) else proposal,
        asking.now,
        asking.policy,
        replaced=[ended.proposal.request.ref for ended in replaced],
    )
    return Answer(
        card=card,
        letters=whole.letters,
        redraws=whole.redraws,
        in_place=asking.pressed,
        restricted=_is_private(made),
    )


async def give_part(asking: Asking, made: ChangeRequest, asked: Asked, version: int) -> bool:
    """Ask somebody; false where he has a part in it already."""
    stands_in = asked.stands_in_for.id if asked.stands_in_for else None
    return await changes.ask_of(
        asking.session, made.id, asked.person.id, version, asking.now, stands_in_for=stands_in
    )


def letter_to(asking: Asking, proposal: Proposal, asked: Asked, *, by: str = "", again: str = "") -> Letter:
    """The card for who is to decide. `by`: who has handed it over; `again`: by which event he is asked once more."""
    if by:
        why = f"{by}转给你看的"
    elif asked.stands_in_for is not None:
        why = f"{asked.stands_in_for.name}不在,你代他看"
    else:
        why = "这类改动归你批"
    card = change_request_card(proposal.opened(), asking.now, asking.policy, why=why)
    once = card_of(proposal.request, asked.person.id)
    return Letter(asked.person.id, card, f"{once}:{again}" if again else once, Urgency.DECISION)


def _require_interview(rule: ApprovalRule, objective: Objective, wish: Wish) -> None:
    kr = next((kr for kr in objective.key_results if kr.id == wish.kr_id), None)
    if rule.interview_for_decrease and not wish.interview and kr is not None and is_easier(kr, wish.changes):
        raise InterviewNeeded(
            kr.ref, f"修改 {kr.ref} {wish.words} 面谈 11月20日 原因 {wish.reason or '为什么'}"
        )


async def _older(asking: Asking, wish: Wish) -> Sequence[ChangeRequest]:
    """What waits about the same things: the newer request takes its place."""
    waiting = await changes.waiting_on(asking.session, wish.objective_id)
    fields = {change.field for change in wish.changes}
    return [
        one
        for one in waiting
        if one.kr_id == wish.kr_id
        and one.kind is wish.kind
        and one.fields & fields
        and one.kind is not RequestKind.ADD
    ]


def _is_same(older: ChangeRequest, wish: Wish, asker: Person) -> bool:
    return (
        older.applicant_id == asker.id
        and [(change.field, change.new) for change in older.changes]
        == [(change.field, change.new) for change in wish.changes]
        and older.reason == wish.reason
    )


async def _at_once(
    asking: Asking, made: ChangeRequest, objective: Objective, replaced: Sequence[Ended]
) -> Answer:
    """Nobody has to agree, or nobody can: it holds at once, and is on record as that."""
    proposal = await propose(asking, made, objective)
    ended = await end(asking, proposal, RequestState.APPROVED)
    assert ended is not None, "nobody else knows of it yet"
    whole = together(ended, replaced)
    await put_on_record(asking, whole.deeds)
    return Answer(
        card=changed_card(ended.proposal, asking.now, asking.policy),
        letters=whole.letters,
        redraws=whole.redraws,
        in_place=asking.pressed,
    )


def _is_private(made: ChangeRequest) -> bool:
    """A goal that is not in force yet is nobody's business."""
    return made.kind is RequestKind.CREATE
