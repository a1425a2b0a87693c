"""One goal looked at closely: as it is, why, and how it came there; each as its card in the chat says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards.board.charts import Line, line
from cards.board.pages import GoalPage
from chat.card import Face
from handlers import goals, viewing
from handlers.asking import Asking
from handlers.board.paths import NoSuchPage, Query
from handlers.board.shelf import shelf
from handlers.reading.ids import take_ref
from handlers.sight import looked_at
from okr.expected import expected_of
from okr.numbers import percent
from okr.objectives import KeyResult, Kind, Objective, State
from okr.progress import progress
from storage import histories

_RUNNING = (State.ACTIVE, State.CLOSED, State.PAUSED)
STEPS = 24
"""Points of the line that is expected."""


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
        line=await _line(asking, objective, kr) if kr is not None else None,
    )


async def _faces(asking: Asking, objective: Objective, kr: KeyResult | None) -> list[tuple[str, Face]]:
    """What 查看, 为什么 and 历史 answer; a draft has neither reasons nor a history."""
    ref = kr.ref if kr else objective.ref
    asked = asking.rested(ref)
    wanted = [("详情", viewing.view)]
    if kr is not None and objective.state in _RUNNING and kr in objective.counting:
        wanted += [("为什么是这个数", viewing.why), ("报过的数", viewing.history)]
    faces = []
    for label, show in wanted:
        card = (await show(asked)).card
        if card is not None:
            faces.append((label, card.face))
    return faces


async def _line(asking: Asking, objective: Objective, kr: KeyResult) -> Line | None:
    """How far it has come, in percents: amounts stay covered by that."""
    cycle, zone = objective.cycle, asking.policy.zone
    if kr.measure.kind not in (Kind.NUMBER, Kind.ORDINAL) or kr.measure.start == kr.measure.target:
        return None
    since = asking.now - timedelta(days=(asking.today - cycle.start).days + 1)
    values = (await histories.values(asking.session, [kr.id], since)).get(kr.id, [])
    points = [
        (at.astimezone(zone).date(), percent(far.clamped))
        for at, value in values
        if (far := progress(kr.measure, value)) is not None
    ]
    length = max((cycle.end - cycle.start).days, 1)
    dates = [cycle.start + timedelta(days=round(length * n / STEPS)) for n in range(STEPS + 1)]
    wanted = [(day, percent(expected_of(kr, cycle, day))) for day in dates]
    return line(points, wanted, cycle.start, cycle.end, asking.today)
