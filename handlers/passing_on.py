"""转审: somebody else is asked instead. 撤回: who asked does not want it any more."""

from __future__ import annotations

from dataclasses import replace

from cards.change_request import Proposal, wish_of
from cards.notices import notice, question
from chat.answers import Answer, Letter, Redraw, Urgency
from handlers import blocked, suggested
from handlers.applying import card_of, end, put_on_record
from handlers.approvers import part_of_asker, substituted
from handlers.asking import Asking, shown
from handlers.colleagues import meant_person, mentioned
from handlers.deciding import already, standing
from handlers.examples import examples_for
from handlers.meant_request import by_number, meant
from handlers.on_record import attempted, put
from handlers.proposals import propose
from handlers.reading.ids import take_ref
from handlers.requesting import give_part, letter_to
from handlers.route import Role, Route
from okr.approvals import RequestState
from okr.people import Person
from okr.refusals import NoSuchPerson, NoSuchRequest, NotAsked, NotForYou
from okr.requests import ChangeRequest, Part, RequestKind
from storage import changes, people


async def forward(asking: Asking) -> Answer:
    """转审 R8 @王店; without a name it is asked for. An admin may give on what waits for somebody else."""
    request, words = await meant(asking, "转审")
    parts = await changes.parts_of(asking.session, request.id)
    part = await _part_to_give(asking, request, parts)
    if request.state is not RequestState.WAITING:
        return await already(asking, request)
    objective = await standing(asking, request)
    proposal = await propose(asking, request, objective)
    if not words and not mentioned(asking):
        return await _ask_whom(asking, proposal)
    person = await meant_person(asking, words, f"转审 {request.ref}", "转给哪一个")
    if person is None or not person.active:
        raise NoSuchPerson(words.strip(" @")[:20] or "这个人")
    _require_other(request, person, part)
    asked = await substituted(asking, person, not_=(request.applicant_id, asking.asker.id))
    await changes.hand_over(asking.session, request.id, part.approver_id, asking.now)
    again = not await give_part(asking, request, asked, objective.version)
    if again:
        await changes.reopen(asking.session, request.id, asked.person.id, objective.version)
    proposal = await propose(asking, request, objective)
    letters = (
        letter_to(
            asking, proposal, asked, by=asking.asker.name, again=asking.event.event_id if again else ""
        ),
        Letter(
            request.applicant_id,
            notice(
                "forwarded_on",
                about=request.ref,
                id=request.ref,
                by=asking.asker.name,
                to=asked.person.name,
                wish=wish_of(proposal),
            ),
            f"forwarded:{request.id}:{asked.person.id}:{asking.event.event_id}",
            Urgency.COLLABORATION,
        ),
    )
    to = str(asked.person.id)
    await put(asking, "转审", objective, request.kr_id, request_id=request.id, new=to, people=True)
    card = notice(
        "forwarded",
        about=request.ref,
        id=request.ref,
        to=asked.person.name,
        applicant=proposal.applicant.name,
        wish=f"{proposal.applicant.name}想{wish_of(proposal)}",
    )
    mine = Redraw(card_of(request, part.approver_id), card)
    return Answer(card=card, in_place=True, letters=letters, redraws=(mine,))


async def _part_to_give(asking: Asking, request: ChangeRequest, parts: list[Part]) -> Part:
    """The part that the asker may give away. Raises NotAsked."""
    part = await part_of_asker(asking, parts)
    if part is not None and (part.state == "waiting" or request.state is not RequestState.WAITING):
        return part
    waiting = [one for one in parts if one.state == "waiting"]
    if asking.asker.number in asking.policy.admins and waiting:
        return waiting[0]
    if request.state is not RequestState.WAITING and parts and asking.asker.number in asking.policy.admins:
        return parts[0]
    named = await people.by_ids(asking.session, [one.approver_id for one in waiting])
    objective = await standing(asking, request)
    await attempted(asking, f"转审 {request.ref}", objective, request.kr_id)
    raise NotAsked(request.ref, tuple(person.name for person in named.values()))


def _require_other(request: ChangeRequest, person: Person, part: Part) -> None:
    if person.id == request.applicant_id:
        raise NotForYou(f"{request.ref} 是{person.name}自己申请的,批它", "别的同事")
    if person.id == part.approver_id:
        raise NotForYou(f"{request.ref} 本来就在等{person.name},转审", "别的同事")


async def _ask_whom(asking: Asking, proposal: Proposal) -> Answer:
    request = proposal.request
    return shown(
        question(
            "forward_to",
            [],
            about=request.ref,
            awaits=f"转审 {request.ref}",
            id=request.ref,
            applicant=proposal.applicant.name,
            wish=wish_of(proposal),
            eg=await examples_for(asking),
        ),
        restricted=True,
    )


async def withdraw(asking: Asking) -> Answer:
    """撤回 R8, by who asked; without a number the only one of his that waits."""
    if (answer := await suggested.instead(asking, "撤回")) is not None:
        return answer
    ref, _ = take_ref(asking.rest or asking.about)
    if ref is not None and ref.kind == "X":
        return await blocked.withdraw(asking)
    request = await _own(asking)
    if request.applicant_id != asking.asker.id:
        objective = await standing(asking, request)
        await attempted(asking, f"撤回 {request.ref}", objective, request.kr_id)
        applicant = await people.by_id(asking.session, request.applicant_id)
        raise NotForYou(f"撤回 {request.ref} ", applicant.name if applicant else "申请人")
    if request.state is not RequestState.WAITING:
        return await already(asking, request)
    objective = await standing(asking, request)
    proposal = await propose(asking, request, objective)
    ended = await end(asking, proposal, RequestState.WITHDRAWN)
    if ended is None:
        return await already(asking, replace(request, state=RequestState.SUPERSEDED))
    await put_on_record(asking, ended.deeds)
    card = notice(
        "withdrawn",
        about=request.about,
        id=request.ref,
        ref=request.about,
        draft=request.kind is RequestKind.CREATE,
        wish=wish_of(proposal),
    )
    return Answer(
        card=card, in_place=True, restricted=request.kind is RequestKind.CREATE, redraws=ended.redraws
    )


async def _own(asking: Asking) -> ChangeRequest:
    ref, _ = take_ref(asking.rest or asking.about, "R")
    if ref is not None and ref.kind == "R":
        return await by_number(asking, ref.number)
    waiting = await changes.waiting_of(asking.session, asking.asker.id)
    if ref is not None:
        waiting = [one for one in waiting if str(ref) in (one.about, f"O{one.objective_id}")]
    if len(waiting) == 1:
        return waiting[0]
    raise NoSuchRequest("申请" if not waiting else "那一个申请,写上编号")


ROUTES = (
    Route(
        words=("转审",),
        handle=forward,
        topic="带团队",
        does="请别人来批",
        examples=("转审 R8 @{mate}",),
        role=Role.MANAGER,
    ),
    Route(words=("撤回",), handle=withdraw, topic="定目标", does="收回自己的申请", examples=("撤回 R8",)),
)
