"""机制对比: whether stores whose goals are updated every week do better than those whose goals are fixed for a month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cards.mechanism import Asked, mechanism_card, mechanisms_card
from cards.notices import notice
from chat.answers import Answer
from chat.card import Card
from handlers.asking import Asking, Misunderstood
from handlers.comparing import PERIODS
from handlers.examples import examples_for
from handlers.ranking import named_metric, named_span, seen_places
from handlers.reading.periods import take_period
from handlers.route import Route
from okr.amendments import MECHANISM, UNIT, Amendment
from okr.comparing import Open, before, over
from okr.comparing import Period as Part_of
from okr.contrast import Contrast, Part, Store, contrast
from okr.cycle import Period, next_quarter, quarter_of
from okr.mechanism import Mechanism
from okr.metrics import Window
from okr.people import Person
from okr.policy import MetricSpec
from okr.units import Units
from sheets.comparison_tables import mechanism_sheet
from sheets.writing import Sheet
from storage import comparisons, mechanisms, rankings, units

WORDS = {
    Mechanism.WEEKLY: re.compile("周更新|周目标|每周|周机制"),
    Mechanism.MONTHLY: re.compile("固定月|月目标|每月|月机制|固定"),
}
_AGAINST = {Part_of.DAY: "前一天", Part_of.WEEK: "上一周", Part_of.MONTH: "上一月", Part_of.QUARTER: "上一季"}


async def compare(asking: Asking) -> Answer:
    """机制对比 · 机制对比 客单价 本月 · 机制对比 销售额 2026Q3"""
    asked, found, _ = await compared(asking, asking.rest)
    card, files = mechanism_card(asked, found)
    return Answer(card, restricted=True, files=files)


async def sheet(asking: Asking, words: str) -> tuple[str, Sheet]:
    """What is compared as a table, and what it is called."""
    asked, found, stores = await compared(asking, words)
    title = f"机制对比 {asked.measure} {asked.span}"
    return title, mechanism_sheet(title, found, stores)


async def compared(asking: Asking, words: str) -> tuple[Asked, Contrast, list[Store]]:
    """Of the stores whose figures the asker may see. Raises Misunderstood where no figure is counted at all."""
    spec = named_metric(asking, words) or _usual(asking)
    if spec is None:
        raise Misunderstood(notice("no_metrics"))
    spans = await _spans(asking, words)
    held = await _held(asking, spans.cycle)
    known = await units.known(asking.session)
    people = await rankings.everybody(asking.session)
    seen = seen_places(asking, known, people, "门店").names
    kinds = {key: one for key, one in mechanisms.stores(known, people).items() if key in seen and key in held}
    figures = await _figures(asking, known, spec, kinds, spans.now, spans.then)
    stores = [
        Store(seen[key], kinds[key].store_type, held[key], now, then) for key, (now, then) in figures.items()
    ]
    asked = Asked(
        spec.name,
        spans.name,
        _AGAINST[spans.part_of],
        f"机制对比 {words}".strip(),
        len(kinds) - len(stores),
        spec.kind == "cumulative",
        next_quarter(asking.today).name if asking.asker.number in asking.policy.admins else "",
        next(iter(seen.values()), ""),
        stores=len(kinds),
        other=next((one.name for one in asking.policy.metrics.values() if one is not spec), ""),
    )
    return asked, contrast(stores), stores


def _usual(asking: Asking) -> MetricSpec | None:
    """The figure of the weekly report's ranking, else the first."""
    metrics = asking.policy.metrics
    return metrics.get(asking.policy.ranking_weekly) or next(iter(metrics.values()), None)


@dataclass(frozen=True, slots=True)
class _Spans:
    name: str
    part_of: Part_of
    now: Window
    then: Window
    cycle: Period
    """Whose mechanisms count."""


async def _spans(asking: Asking, words: str) -> _Spans:
    """The days that are named or a quarter that is over, and the same part of the period before."""
    quarter = next((found for word in words.split() if (found := _quarter(word, asking.today))), None)
    if quarter is not None and quarter.end < asking.today:
        name, window = quarter.name, Window(quarter.start, quarter.end)
        part_of = Part_of.QUARTER
    else:
        name, window = await named_span(asking, words, usual="本季")
        window, part_of = over(window, asking.today), PERIODS[name]
    return _Spans(name, part_of, window, before(window, part_of), quarter_of(window.last))


def _quarter(word: str, today: date) -> Period | None:
    period, rest = take_period(word, today, "past")
    return period if period is not None and not rest and period == quarter_of(period.start) else None


async def _held(asking: Asking, period: Period) -> dict[str, Mechanism]:
    """What held in a period; of the running one it is kept from now on at the latest."""
    if period == quarter_of(asking.today):
        await mechanisms.settle(asking.session, period, asking.policy.mechanisms)
    return await mechanisms.held(asking.session, period.start)


async def _figures(
    asking: Asking, known: Units, spec: MetricSpec, stores: Mapping[str, Person], now: Window, then: Window
) -> dict[str, tuple[Part, Part]]:
    """Both figures of each store that has both: what adds up then as if it had been open as many days as now."""
    if spec.kind == "snapshot":
        spans = now, then
        later, earlier = await rankings.of_units_twice(asking.session, spec, asking.policy.metrics, spans)
        return {
            key: (Part(later[key]), Part(earlier[key])) for key in stores if key in later and key in earlier
        }
    paths = {key: one.department for key, one in stores.items()}

    async def counted(metric: str, window: Window) -> Mapping[str, Open]:
        return await comparisons.of_shops(asking.session, metric, known, [*paths.values()], window)

    if spec.kind == "cumulative":
        new, old = await counted(spec.key, now), await counted(spec.key, then)
        return {
            key: (Part(new[path].total), Part(old[path].total * new[path].days / old[path].days))
            for key, path in paths.items()
            if path in new and path in old and new[path].days and old[path].days
        }
    sides = [
        (await counted(spec.numerator, window), await counted(spec.denominator, window))
        for window in (now, then)
    ]
    scale = 100 if spec.is_percent else 1
    found = {
        key: [
            Part(upper[path].total * scale, lower[path].total)
            for upper, lower in sides
            if path in upper and path in lower and lower[path].total
        ]
        for key, path in paths.items()
    }
    return {key: (parts[0], parts[1]) for key, parts in found.items() if len(parts) == len(sides)}


# --- 设置 机制 ---


async def overview(asking: Asking) -> Card:
    """设置 机制: which store is which, now and from the next period on."""
    held = await _held(asking, quarter_of(asking.today))
    known = await units.known(asking.session)
    people = mechanisms.stores(known, await rankings.one_of_each_store(asking.session))
    wanted = {key: asking.policy.mechanisms.of(one) for key, one in people.items() if key in held}
    now = {key: held[key] for key in wanted}
    return mechanisms_card(quarter_of(asking.today).name, coming(asking), now, wanted)


async def wanted(asking: Asking, words: str) -> Amendment:
    """机制 西湖店 周更新, in any order; a region means its stores. The running period is kept as it is before.

    Raises Misunderstood.
    """
    way = next((one for one, said in WORDS.items() if said.search(words)), None)
    known = await units.known(asking.session)
    rest = words if way is None else WORDS[way].sub(" ", words)
    name = next((word for word in re.split(r"[\s,、:]+", rest) if known.find(word)), "")
    if way is None or not name:
        said = rest.split()[0][:20] if rest.split() else words[:20]
        eg = await examples_for(asking)
        raise Misunderstood(notice("mechanism_unclear", unit=name, said=said, eg=eg), restricted=True)
    await _held(asking, quarter_of(asking.today))
    return Amendment(MECHANISM, str(way), f"{UNIT}{name}")


def coming(asking: Asking) -> str:
    """The period from which on a change holds."""
    return next_quarter(asking.today).name


ROUTES = (
    Route(
        words=("机制对比",),
        handle=compare,
        topic="看",
        does="目标每周更新的店和固定一个月的店,哪边涨得多",
        examples=("机制对比", "机制对比 客单价 本月"),
    ),
)
