"""修改记录: who changed what of a goal, when, from where, why, and who agreed."""

from __future__ import annotations

import re

from cards.edit_trail import trail_card
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.objectives import Objective, State
from storage import trail

LINES = 6
"""On one card: a line with reason and decision takes two on a phone."""
_PAGE = re.compile(r"第\s*(\d{1,3})\s*页")


async def edit_trail(asking: Asking) -> Answer:
    """修改记录 KR34 · 修改记录 O12 · 修改记录 KR34 第2页. Whoever may see the goal may see what was done to it."""
    page_said = _PAGE.search(asking.rest)
    page = max(1, int(page_said[1])) if page_said else 1
    words = _PAGE.sub("", asking.rest).strip()
    ref, _ = take_ref(words or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
        return await _of(asking, objective, page, objective.ref, objective.title)
    (objective, kr), _ = await goals.meant(asking.rested(words), "修改记录")
    return await _of(asking, objective, page, kr.ref, kr.title, kr.id)


async def _of(
    asking: Asking, objective: Objective, page: int, ref: str, title: str, kr_id: int | None = None
) -> Answer:
    total = await trail.count(asking.session, kr_id=kr_id, objective_id=objective.id)
    pages = max(1, -(-total // LINES))
    page = min(page, pages)
    lines = await trail.of(
        asking.session, kr_id=kr_id, objective_id=objective.id, limit=LINES, skip=(page - 1) * LINES
    )
    card = trail_card(
        ref,
        title,
        lines,
        page=page,
        pages=pages,
        total=total,
        now=asking.now,
        policy=asking.policy,
        covered={kr.id for kr in objective.key_results if kr.measure.sealed},
    )
    paging = asking.pressed and _PAGE.search(asking.rest) is not None
    return shown(card, in_place=paging, restricted=_is_private(objective))


def _is_private(objective: Objective) -> bool:
    return objective.state in (State.DRAFT, State.PENDING)


ROUTES = (
    Route(
        words=("修改记录",),
        handle=edit_trail,
        topic="看",
        does="目标被谁改过:什么时候、从多少到多少、为什么、谁同意的",
        examples=("修改记录 {kr}", "修改记录 {o}"),
    ),
)
