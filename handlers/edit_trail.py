"""修改记录: who changed what of a goal, when, from where, why, and who agreed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cards.edit_trail import trail_card
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.objectives import Objective, State
from storage import trail
from storage.trail import Line

LINES = 6
"""On one card: a line with reason and decision takes two on a phone."""
_PAGE = re.compile(r"第\s*(\d{1,3})\s*页")


@dataclass(frozen=True, slots=True)
class Trailed:
    """Whose trail it is: of a whole objective, or of one key result of it."""

    objective: Objective
    ref: str
    title: str
    kr_id: int | None = None

    @property
    def covered(self) -> set[int]:
        """The key results whose amounts the asker may not see."""
        return {kr.id for kr in self.objective.key_results if kr.measure.sealed}


async def edit_trail(asking: Asking) -> Answer:
    """修改记录 KR34 · 修改记录 O12 · 修改记录 KR34 第2页. Whoever may see the goal may see what was done to it."""
    page_said = _PAGE.search(asking.rest)
    page = max(1, int(page_said[1])) if page_said else 1
    one = await meant_trail(asking, _PAGE.sub("", asking.rest).strip(), "修改记录")
    total = await trail.count(asking.session, kr_id=one.kr_id, objective_id=one.objective.id)
    pages = max(1, -(-total // LINES))
    page = min(page, pages)
    lines = await lines_of(asking, one, limit=LINES, skip=(page - 1) * LINES)
    card = trail_card(
        one.ref,
        one.title,
        lines,
        page=page,
        pages=pages,
        total=total,
        now=asking.now,
        policy=asking.policy,
        covered=one.covered,
    )
    paging = asking.pressed and page_said is not None
    return shown(card, in_place=paging, restricted=_is_private(one.objective))


async def meant_trail(asking: Asking, words: str, command: str) -> Trailed:
    """By an id, by words of a title, or by what is quoted. Raises NoSuchGoal; Misunderstood where several fit."""
    ref, _ = take_ref(words or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
        return Trailed(objective, objective.ref, objective.title)
    (objective, kr), _ = await goals.meant(asking.rested(words), command)
    return Trailed(objective, kr.ref, kr.title, kr.id)


async def lines_of(asking: Asking, one: Trailed, *, limit: int, skip: int = 0) -> list[Line]:
    """Newest first."""
    return await trail.of(
        asking.session, kr_id=one.kr_id, objective_id=one.objective.id, limit=limit, skip=skip
    )


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
