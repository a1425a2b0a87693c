"""达成率: what this month has brought of what it was to bring, by the goal's name: 新品推广 本月达成率."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from cards.attained import attained_card
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, shown
from handlers.data_scales import scales_of
from handlers.goals import Goal
from handlers.reading.ids import take_ref
from handlers.reading.titles import match_titles
from handlers.route import Route
from okr.attainment import Attained, Month, attained, month_of
from okr.metrics import rescaled
from okr.objectives import Basis, KeyResult, Objective
from okr.refusals import NoSuchGoal
from storage import check_ins, fed

_SAID = re.compile(r"^(?P<what>.*?)的?(?:本月|这个月|当月|月)的?达成率(?:是|有)?(?:多少|几成)?[?？!。啊呢]*$")
_MONTH = re.compile("本月|这个月|当月")
SHOWN = 5
Row = tuple[Objective, KeyResult, Attained]


async def rate(asking: Asking) -> Answer:
    """达成率 · 达成率 KR34 · 达成率 新品推广"""
    return await _shown(asking, _MONTH.sub("", asking.rest).strip())


async def sense(asking: Asking) -> Answer | None:
    """新品推广 本月达成率"""
    said = _SAID.match(asking.text.strip())
    return await _shown(asking, said["what"].strip()) if said else None


async def _shown(asking: Asking, what: str) -> Answer:
    fits, title = await _meant(asking, what)
    rows = await _of_month(asking, fits[:SHOWN])
    card = attained_card(title, rows, more=len(fits) - len(rows), today=asking.today, own=_own(asking, fits))
    return shown(card)


async def every(asking: Asking) -> tuple[str, list[Row]]:
    """达成率 of all that the words mean, and what they are called together."""
    what = _MONTH.sub("", asking.rest).strip()
    fits, title = await _meant(asking, what)
    name = title or (fits[0][1].title if fits else what)
    return name, await _of_month(asking, fits)


def _own(asking: Asking, fits: Sequence[Goal]) -> bool:
    return all(objective.owner_id == asking.asker.id for objective, _ in fits)


async def _meant(asking: Asking, what: str) -> tuple[list[Goal], str]:
    """By an id, by words of one's own key results or objectives, else all of one's own."""
    ref, _ = take_ref(what or asking.about, "KR")
    if ref is not None and ref.kind == "KR":
        return [await goals.key_result(asking, ref.number)], ""
    if ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
        return [(objective, kr) for kr in objective.counting], objective.title
    mine = await goals.running(asking)
    everything = [(objective, kr) for objective in mine for kr in objective.counting]
    if not what or what == "我":
        return everything, "我的目标"
    named = await goals.own_by_words(asking, what)
    if named:
        return named, what if len(named) > 1 else ""
    wholes = match_titles(what, {one.id: one.title for one in mine}, typos=False)
    found = [(objective, kr) for objective, kr in everything if objective.id in wholes]
    if not found:
        raise NoSuchGoal(what[:20])
    return found, next(one.title for one in mine if one.id in wholes)


async def _of_month(asking: Asking, fits: Sequence[Goal]) -> list[Row]:
    rows: list[Row] = []
    for objective, kr in fits:
        month = month_of(asking.today, objective.cycle)
        had = await _had(asking, objective, kr, month)
        rows.append((objective, kr, attained(kr, objective.cycle, month, had)))
    return rows


async def _had(asking: Asking, objective: Objective, kr: KeyResult, month: Month) -> Decimal | None:
    """The value as the month began: what the data say of that day, also where the goal is younger than they are."""
    begun = datetime.combine(month.first, time(), asking.policy.zone)
    if fed.is_fed(kr, asking.policy.metrics) and kr.reading is not None and not kr.reading.typed:
        owner = await goals.owner_of(asking, objective)
        # A day counts for a mean once it is over, so that is seen on the day after.
        mean = kr.measure.basis in (Basis.DAILY, Basis.WEEKLY)
        then = replace(await scales_of(asking), now=begun if mean else begun - timedelta(days=1))
        counted = await fed.figure_of(asking.session, objective, kr, owner, then)
        if counted is None or counted.figure.window.last >= month.first:
            return None
        if counted.figure.value is not None:
            unit = asking.policy.metrics[kr.metric].shown_unit
            return rescaled(counted.figure.value, unit, kr.measure.unit)
    before = await check_ins.latest_before(asking.session, kr.id, begun)
    return before.value if before else None


ROUTES = (
    Route(
        words=("达成率",),
        handle=rate,
        topic="看",
        does="这个月该做到的做到了几成,也可以说:新品推广 本月达成率",
        examples=("达成率 {kr}", "达成率 新品推广 本月"),
    ),
)
