"""区域对比: how regions carry their goals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta

from cards.notices import notice
from cards.regions import regions_card
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood
from handlers.reading.periods import read_period
from handlers.route import Route
from okr.cycle import cycle_of, quarter_of
from okr.objectives import Cycle
from okr.regions import Region, region_of
from storage import cycles, objectives, rankings, region_figures

DAY = timedelta(days=1)


async def regions(asking: Asking) -> Answer:
    """区域对比 · 区域对比 2026Q4 · 区域对比 Q3"""
    cycle, found, left_out = await compared_regions(asking, asking.rest)
    card, files = regions_card(cycle, found, left_out, await _earlier(asking, cycle))
    return Answer(card, restricted=True, files=files)


async def _earlier(asking: Asking, cycle: str) -> str:
    """The cycle before, where there is one to look at."""
    name = quarter_of(cycle_of(cycle).start - DAY).name
    return name if await cycles.by_name(asking.session, name) is not None else ""


async def compared_regions(asking: Asking, words: str) -> tuple[str, list[Region], list[str]]:
    """The cycle that is named, else the running one; its regions; and those with too few people to compare."""
    cycle = await _cycle_named(asking, words.strip())
    everybody = await rankings.everybody(asking.session)
    members = {key: one.region for key, one in everybody.items() if one.region}
    goals = await objectives.of_owners(asking.session, sorted(members), cycle.id)
    warned, answered = await _letters(asking, everybody, members, cycle)
    day = min(asking.today, cycle.end)
    found, left_out = [], []
    for name in sorted(set(members.values())):
        people = [key for key, region in members.items() if region == name]
        region = region_of(
            name,
            [one for one in goals if members[one.owner_id] == name],
            day,
            asking.policy,
            warnings=sum(warned.get(key, 0) for key in people),
            hours=[each for key in people for each in answered.get(key, ())],
        )
        if region is None:
            left_out.append(name)
        else:
            found.append(region)
    return cycle.name, found, left_out


async def _cycle_named(asking: Asking, words: str) -> Cycle:
    """Raises NoSuchCycle for what is none, Misunderstood for one that was never kept."""
    running = await cycles.running(asking.session, asking.today)
    if not words:
        return running
    period = read_period(words, asking.today, "past") or cycle_of(words)
    named = await cycles.by_name(asking.session, period.name)
    if named is None:
        raise Misunderstood(notice("no_regions", wanted=period.name, cycle=running.name))
    return named


async def _letters(
    asking: Asking, everybody: Collection[int], members: Collection[int], cycle: Cycle
) -> tuple[Mapping[int, int], Mapping[int, Sequence[float]]]:
    """How often somebody was warned of the goals of each within a cycle, and how many hours each took to answer."""
    begin = datetime.combine(cycle.start, time(), asking.policy.zone)
    end = datetime.combine(cycle.end + DAY, time(), asking.policy.zone)
    warned = await region_figures.warnings(asking.session, everybody, begin, end, asking.policy.zone)
    return warned, await region_figures.answers(asking.session, members, begin, end)


ROUTES = (
    Route(
        words=("区域对比",),
        handle=regions,
        topic="看",
        does="各区域的达成、更新、预警和协作回应",
        examples=("区域对比", "区域对比 {cycle}"),
    ),
)
