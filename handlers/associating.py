"""关联度: how closely a goal belongs to those above it, 0-100, and why."""

from __future__ import annotations

from cards.association import Row, association_card, own_associations_card
from cards.sayings import kr_name, o_name
from chat.answers import Answer
from handlers import contribution, goals
from handlers.asking import Asking, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from handlers.sight import sight
from okr.objectives import KeyResult, Objective, State
from okr.refusals import NoSuchGoal


async def associate(asking: Asking) -> Answer:
    """关联度 O12 · 关联度 KR34 · 关联度, of all one's own"""
    ref, _ = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "KR":
        return await _one(asking, *await goals.key_result(asking, ref.number))
    if ref is not None and ref.kind == "O":
        return await _one(asking, await goals.objective_by_number(asking, ref.number), None)
    if asking.rest:
        raise NoSuchGoal(asking.rest[:20])
    own = await goals.running(asking, goals.OWN)
    rows = [(one.ref, one.title, contribution.points(await contribution.links(asking, one))) for one in own]
    return shown(own_associations_card(rows), restricted=any(one.state is State.DRAFT for one in own))


async def _one(asking: Asking, objective: Objective, kr: KeyResult | None) -> Answer:
    links = await contribution.links(asking, objective, kr)
    seen = await sight(asking, [link.parent[0] for link in links])
    rows = [
        Row(
            link.parent[1].ref,
            kr_name(link.parent[1]) if seen.shows(link.parent[0]) else "",
            link.owner.name,
            link.share,
            link.association,
        )
        for link in links
    ]
    name = f"{kr.ref} {kr_name(kr)}" if kr else o_name(objective)
    card = association_card(
        kr.ref if kr else objective.ref, objective.ref, name, contribution.points(links), rows
    )
    return shown(card, restricted=objective.state is State.DRAFT)


ROUTES = (
    Route(
        words=("关联度",),
        handle=associate,
        topic="看",
        does="我的目标和上级的有多紧,0–100 分",
        examples=("关联度 {o}", "关联度"),
    ),
)
