"""全部同意: new goals only, never a target made easier; previewed, and then exactly what was previewed."""

from __future__ import annotations

from cards import actions
from cards.change_request import wish_of
from cards.notices import Choice, notice, question
from chat.answers import Answer, Letter, Redraw
from handlers.applying import end, put_on_record
from handlers.approvers import part_of_asker
from handlers.asking import Asking, shown
from handlers.deciding import standing
from handlers.meant_request import waiting_for_asker
from handlers.proposals import propose
from handlers.reading.ids import find_refs
from handlers.route import Role, Route
from okr.approvals import Need, RequestState, safe_in_batch
from okr.objectives import State
from okr.refusals import NoSuchRequest
from okr.requests import ChangeRequest
from storage import changes
from storage.trail import Deed

MOST = 12
"""At once: more do not fit on a card that is to be read."""


async def approve_all(asking: Asking) -> Answer:
    """全部同意 · 确认 全部同意 R8 R9"""
    waiting = await waiting_for_asker(asking)
    safe = [one for one in waiting if safe_in_batch(one.fields) and one.need is Need.ANY]
    if not safe:
        raise NoSuchRequest("新目标") if not waiting else NoSuchRequest("能一起批的(改动要一个个看)")
    named = {ref.number for _, _, ref in find_refs(asking.rest) if ref.kind == "R"}
    if not asking.confirmed or not named:
        return await _preview(asking, safe[:MOST], len(waiting))
    return await _decide(asking, [one for one in safe if one.id in named])


async def _preview(asking: Asking, safe: list[ChangeRequest], total: int) -> Answer:
    proposals = [await propose(asking, one) for one in safe]
    refs = " ".join(one.ref for one in safe)
    told = list(dict.fromkeys(proposal.applicant.name for proposal in proposals))
    return shown(
        question(
            "approve_all",
            [
                Choice(f"同意这 {len(safe)} 个", actions.confirmed(f"全部同意 {refs}")),
                Choice("先不", actions.NEVER_MIND),
            ],
            rows=[f"{one.request.ref} {one.applicant.name}:{wish_of(one)}" for one in proposals],
            count=len(safe),
            told=told[0] if len(told) == 1 else f"{told[0]} 等 {len(told)} 人",
            left=total - len(safe),
        ),
        restricted=True,
    )


async def _decide(asking: Asking, chosen: list[ChangeRequest]) -> Answer:
    """Each by itself: what is another since it was shown, or decided meanwhile, is left out and said to be."""
    done: list[str] = []
    left: list[str] = []
    letters: list[Letter] = []
    deeds: list[Deed] = []
    redraws: list[Redraw] = []
    for one in chosen:
        request = await changes.by_id(asking.session, one.id, lock=True) or one
        objective = await standing(asking, request)
        part = await part_of_asker(asking, await changes.parts_of(asking.session, request.id))
        same = part is not None and part.version == objective.version
        if request.state is not RequestState.WAITING or objective.state is not State.PENDING or not same:
            left.append(request.ref)
            continue
        assert part is not None
        await changes.say(asking.session, request.id, part.approver_id, yes=True, at=asking.now)
        ended = await end(asking, await propose(asking, request, objective), RequestState.APPROVED)
        if ended is None:
            left.append(request.ref)
            continue
        done.append(request.ref)
        letters += ended.letters
        deeds += ended.deeds
        redraws += ended.redraws
    await put_on_record(asking, deeds)
    card = notice("all_approved", done=done, left=left)
    return Answer(card=card, in_place=True, letters=tuple(letters), redraws=tuple(redraws), restricted=True)


ROUTES = (
    Route(
        words=("全部同意",),
        handle=approve_all,
        topic="带团队",
        does="几个新目标一起批;改动要一个个看",
        examples=("全部同意",),
        role=Role.MANAGER,
    ),
)
