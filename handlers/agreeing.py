"""The answers to 对齐: 同意对齐 and 拒绝对齐 by the owner above, 仍然对齐 by the owner below after a change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from cards.notices import notice, question
from cards.sayings import kr_name
from chat.answers import Answer, Letter, Urgency
from handlers import goals, on_record, supporting
from handlers.approvers import acts_for
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.reading.ids import take_ref
from handlers.route import Route
from handlers.supporting import ONE, OPEN, Supporter
from okr.refusals import AlreadyDecided, NoSuchRequest, NotForYou
from storage import alignments, people
from storage.alignments import Child, Edge, EdgeState

_SUPPORTS = re.compile("^(?:支撑|对齐|到) ?")
_OUTCOMES = {EdgeState.REFUSED: "没同意", EdgeState.ENDED: "已经取消了"}


async def agree(asking: Asking) -> Answer:
    """同意对齐 O12 KR7"""
    edge, supporter, parent, _ = await _asked(asking, "同意对齐")
    supporting.require_open(supporter.objective, supporter.ref)
    supporting.require_open(parent[0], parent[1].ref)
    edges = await alignments.parents_of(asking.session, supporter.child, OPEN)
    replaced = _replaced(edge, edges)
    shares = [ONE if one.share is None else one.share for one in edges if one.rolls and one not in replaced]
    await supporting.check(asking, supporter, parent, shares, rolls=edge.rolls)
    if not await alignments.set_state(
        asking.session, edge, EdgeState.ACTIVE, at=asking.now, by=asking.asker.id
    ):
        raise await _decided(asking, edge, supporter)
    for one in replaced:
        await alignments.end(asking.session, one, at=asking.now, by=edge.asked_by)
        await supporting.count_anew(asking, one.parent)
    await supporting.count_anew(asking, edge.parent)
    await supporting.note_edge(asking, "同意对齐", supporter, parent[1])
    card = notice(
        "support_agreed",
        about=parent[1].ref,
        ref=supporter.ref,
        name=supporter.name,
        parent=parent[1].ref,
        rolls=edge.rolls,
        asked_by=await _name_of(asking, edge.asked_by),
    )
    return Answer(card=card, in_place=True, letters=await _told(asking, edge, supporter, parent, agreed=True))


def _replaced(edge: Edge, edges: Sequence[Edge]) -> list[Edge]:
    """What it supports instead of: with 换成 the others stay until now, and count for more than the whole with it."""
    counted = [one for one in edges if one.rolls]
    total = sum((ONE if one.share is None else one.share for one in counted), Decimal(0))
    if not edge.rolls or total <= ONE:
        return []
    return [one for one in counted if one.id != edge.id]


async def refuse(asking: Asking) -> Answer:
    """拒绝对齐 O12 KR7 原因; without a reason it is asked for."""
    edge, supporter, parent, reason = await _asked(asking, "拒绝对齐")
    if not reason:
        return shown(
            question(
                "why_not",
                [],
                about=parent[1].ref,
                awaits=f"拒绝对齐 {supporter.ref} {parent[1].ref}",
                name=supporter.name,
                asked_by=await _name_of(asking, edge.asked_by),
                say=f"拒绝对齐 {supporter.ref} {parent[1].ref}",
            ),
            restricted=True,
        )
    if not await alignments.set_state(
        asking.session, edge, EdgeState.REFUSED, at=asking.now, by=asking.asker.id
    ):
        raise await _decided(asking, edge, supporter)
    await supporting.note_edge(asking, "拒绝对齐", supporter, parent[1], reason=reason)
    card = notice(
        "support_refused",
        about=parent[1].ref,
        ref=supporter.ref,
        parent=parent[1].ref,
        reason=reason,
        asked_by=await _name_of(asking, edge.asked_by),
    )
    letters = await _told(asking, edge, supporter, parent, agreed=False, reason=reason)
    return Answer(card=card, in_place=True, restricted=True, letters=letters)


async def still(asking: Asking) -> Answer:
    """仍然对齐 O12 KR7: the goal above has changed, and it is supported all the same."""
    edge, supporter, parent, _ = await _named(asking, "仍然对齐")
    await supporting.require_supporters_owner(asking, supporter, "仍然对齐")
    if edge.state is EdgeState.UNCONFIRMED:
        await alignments.set_state(asking.session, edge, EdgeState.ACTIVE, at=asking.now, by=asking.asker.id)
        await supporting.note_edge(asking, "仍然对齐", supporter, parent[1])
    elif not edge.stands:
        raise NoSuchRequest(f"「{supporter.ref} 对齐 {parent[1].ref}」")
    card = notice(
        "still_aligned",
        about=supporter.objective.ref,
        ref=supporter.ref,
        name=supporter.name,
        parent=parent[1].ref,
        parent_name=kr_name(parent[1]),
    )
    return Answer(card=card, in_place=True)


async def _asked(asking: Asking, verb: str) -> tuple[Edge, Supporter, Goal, str]:
    """The request that is meant, for who may decide it. Raises NotForYou, AlreadyDecided, NoSuchRequest."""
    edge, supporter, parent, rest = await _named(asking, verb)
    if not await _may_decide(asking, edge, supporter, parent[0].owner_id):
        owner = await goals.owner_of(asking, parent[0])
        await on_record.attempted(asking, verb, parent[0], parent[1].id)
        raise NotForYou(f"{verb} {parent[1].ref} ", owner.name)
    if edge.state is not EdgeState.ASKED:
        raise await _decided(asking, edge, supporter)
    return edge, supporter, parent, rest


async def _may_decide(asking: Asking, edge: Edge, supporter: Supporter, owner_id: int) -> bool:
    """The owner above, and who stands in for him; a deputy not about his own goal or his own request."""
    if owner_id == asking.asker.id:
        return True
    own = asking.asker.id in (edge.asked_by, supporter.objective.owner_id)
    return not own and owner_id in await acts_for(asking)


async def _named(asking: Asking, verb: str) -> tuple[Edge, Supporter, Goal, str]:
    child_ref, rest = take_ref(asking.rest, "O")
    parent_ref, reason = take_ref(_SUPPORTS.sub("", rest), "KR")
    if (
        child_ref is None
        or child_ref.kind not in ("O", "KR")
        or parent_ref is None
        or parent_ref.kind != "KR"
    ):
        raise Misunderstood(notice("how_to_agree", verb=verb))
    parent = await goals.key_result(asking, parent_ref.number)
    child = Child(child_ref.number, is_kr=child_ref.kind == "KR")
    edge = await alignments.between(asking.session, child, parent_ref.number)
    if edge is None:
        raise NoSuchRequest(f"「{child_ref} 对齐 {parent_ref}」")
    return edge, await supporting.supporter_of(asking, child), parent, reason


async def _decided(asking: Asking, edge: Edge, supporter: Supporter) -> AlreadyDecided:
    """Who was first, and what it was: read again, somebody may have been first just now."""
    now = await alignments.by_id(asking.session, edge.id) or edge
    by = "你自己" if now.decided_by == asking.asker.id else await _name_of(asking, now.decided_by)
    outcome = _OUTCOMES.get(now.state, "同意了")
    return AlreadyDecided(f"{supporter.ref} 对齐 KR{edge.parent}", by or "对方", now.decided_at, outcome)


async def _name_of(asking: Asking, person_id: int | None) -> str:
    person = await people.by_id(asking.session, person_id) if person_id is not None else None
    return person.name if person else ""


async def _told(  # what was decided has many sides
    asking: Asking, edge: Edge, supporter: Supporter, parent: Goal, *, agreed: bool, reason: str = ""
) -> tuple[Letter, ...]:
    """Who asked, and the owner below, if he is somebody else."""
    card = notice(
        "support_decided",
        about=supporter.objective.ref,
        agreed=agreed,
        who=asking.asker.name,
        ref=supporter.ref,
        name=supporter.name,
        parent=parent[1].ref,
        parent_name=kr_name(parent[1]),
        rolls=edge.rolls,
        reason=reason,
    )
    receivers = {edge.asked_by, supporter.objective.owner_id} - {None, asking.asker.id}
    return tuple(
        Letter(
            receiver, card, f"aligned:{edge.id}:{asking.event.event_id}:{receiver}"[:200], Urgency.DECISION
        )
        for receiver in sorted(one for one in receivers if one is not None)
    )


ROUTES = (
    Route(
        words=("同意对齐",),
        handle=agree,
        topic="定目标",
        does="别的部门想支撑我的 KR,同意",
        examples=("同意对齐 O12 {kr}",),
    ),
    Route(
        words=("拒绝对齐",),
        handle=refuse,
        topic="定目标",
        does="别的部门想支撑我的 KR,不合适,说一句原因",
        examples=("拒绝对齐 O12 {kr} 季度重点变了",),
    ),
    Route(
        words=("仍然对齐",),
        handle=still,
        topic="定目标",
        does="上级的 KR 改了,我还是支撑它",
        examples=("仍然对齐 {o} KR7",),
    ),
)
