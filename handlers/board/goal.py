"""One goal looked at closely: as it is, why, and how it came there; each as its card in the chat says it."""

from __future__ import annotations

from dataclasses import replace

from cards.board.pages import GoalPage
from chat.card import Face
from handlers import goals, viewing
from handlers.asking import Asking
from handlers.board.paths import NoSuchPage, Query
from handlers.board.shelf import shelf
from handlers.reading.ids import take_ref
from handlers.sight import looked_at
from handlers.ways import way_of
from okr.objectives import KeyResult, Objective, State

_RUNNING = (State.ACTIVE, State.CLOSED, State.PAUSED)


async def goal_page(asking: Asking, ref: str, query: Query) -> GoalPage:
    """`/board/goal/KR34`, `/board/goal/O12`. Raises NoSuchGoal for what the reader may not see."""
    del query
    found, rest = take_ref(ref, "KR")
    if found is None or rest or found.kind not in ("KR", "O"):
        raise NoSuchPage
    kr: KeyResult | None = None
    if found.kind == "KR":
        objective, kr = await goals.key_result(asking, found.number)
    else:
        objective = await goals.objective_by_number(asking, found.number)
    owner = await goals.owner_of(asking, objective)
    seen = await shelf(asking, [objective])
    whole = seen.blocks({owner.id: owner})[0]
    await looked_at(asking, seen.seen, [objective], "目标和进度")
    return GoalPage(
        heading=kr.title if kr else objective.title,
        ref=kr.ref if kr else objective.ref,
        block=replace(whole, rows=tuple(row for row in whole.rows if kr is None or row.ref == kr.ref)),
        faces=await _faces(asking, objective, kr),
        history=await _history(asking, objective, kr),
        way=await way_of(asking, objective, kr) if kr is not None else None,
    )


async def _faces(asking: Asking, objective: Objective, kr: KeyResult | None) -> list[tuple[str, Face]]:
    """What 查看 and 为什么 answer; a draft has no reasons."""
    asked = asking.rested(kr.ref if kr else objective.ref)
    wanted = [("详情", viewing.view)]
    if kr is not None and _runs(objective, kr):
        wanted += [("为什么是这个数", viewing.why)]
    return [(label, card.face) for label, show in wanted if (card := (await show(asked)).card) is not None]


async def _history(asking: Asking, objective: Objective, kr: KeyResult | None) -> Face | None:
    """What 历史 answers."""
    if kr is None or not _runs(objective, kr):
        return None
    card = (await viewing.history(asking.rested(kr.ref))).card
    return card.face if card is not None else None


def _runs(objective: Objective, kr: KeyResult) -> bool:
    return objective.state in _RUNNING and kr in objective.counting
