"""区域对比: how regions carry their goals."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from statistics import median as middle_of

from cards.comparison import Region, regions_card
from cards.notices import notice
from chat.answers import Answer
from chat.files import TABLE, File
from handlers.asking import Asking, Misunderstood
from handlers.reading.periods import read_period
from handlers.route import Route
from okr.cycle import cycle_of
from okr.objectives import Status
from okr.status import judge_objective
from sheets.comparison_tables import regions_sheet
from sheets.packing import packed
from storage import cycles, objectives, rankings, region_figures

FEWEST_PEOPLE = 4
FEWEST_ANSWERS = 3
DAY = timedelta(days=1)
_EXPORT = re.compile(r"\s*导出(?:表格)?\s*$")


async def regions(asking: Asking) -> Answer:
    """区域对比 · 区域对比 2026Q4 · 区域对比 Q3 · … 导出"""
    cycle, found, left_out = await compared_regions(asking, _EXPORT.sub("", asking.rest).strip())
    card, pictures = regions_card(cycle, found, left_out)
    files = pictures
    if found and _EXPORT.search(asking.rest):
        files = (*pictures, File(f"区域对比 {cycle}.xlsx", TABLE, packed([regions_sheet(cycle, found)])))
    return Answer(card, restricted=True, files=files)


async def compared_regions(asking: Asking, words: str) -> tuple[str, list[Region], list[str]]:
    """The cycle that is named, else the running one; its regions; and those with too few people to compare."""
    cycle = await cycles.running(asking.session, asking.today)
    if words:
        period = read_period(words, asking.today, "past") or cycle_of(words)
        named = await cycles.by_name(asking.session, period.name)
        if named is None:
            raise Misunderstood(notice("compare_what", count=0, by="", names=[], cycle=cycle.name))
        cycle = named
    people = {key: one for key, one in (await rankings.everybody(asking.session)).items() if one.region}
    goals = await objectives.of_owners(asking.session, sorted(people), cycle.id)
    begin = datetime.combine(cycle.start, time(), asking.policy.zone)
    end = datetime.combine(cycle.end + DAY, time(), asking.policy.zone)
    warned = await region_figures.warnings(asking.session, people, begin, end)
    answered = await region_figures.answers(asking.session, people, begin, end)
    found, left_out = [], []
    for name in sorted({one.region for one in people.values()}):
        members = {key for key, one in people.items() if one.region == name}
        own = [one for one in goals if one.owner_id in members]
        owners = {one.owner_id for one in own}
        if len(owners) < FEWEST_PEOPLE:
            left_out.append(name)
            continue
        judged = [judge_objective(one, min(asking.today, cycle.end), asking.policy) for one in own]
        fresh = [
            kr.reading is not None and verdict.verdicts[kr.id].status is not Status.STALE
            for one, verdict in zip(own, judged, strict=True)
            for kr in one.counting
        ]
        hours = [each for key in members for each in answered.get(key, ())]
        found.append(
            Region(
                name,
                len(owners),
                sum((verdict.progress.clamped for verdict in judged), Decimal(0)) / len(judged),
                Decimal(sum(fresh)) / len(fresh) if fresh else None,
                sum(warned.get(key, 0) for key in members),
                middle_of(hours) if len(hours) >= FEWEST_ANSWERS else None,
            )
        )
    return cycle.name, found, left_out


ROUTES = (
    Route(
        words=("区域对比",),
        handle=regions,
        topic="看",
        does="各区域的达成、更新、预警和协作回应",
        examples=("区域对比", "区域对比 2026Q4"),
    ),
)
