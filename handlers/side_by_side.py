"""对比: a figure by store, region, store type or grade, by the weeks of one's own unit, or of each: places by weeks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from cards.comparison import Comparison, Lift, comparison_card
from cards.crossed import crossed_card, grouped_card
from cards.notices import notice
from cards.spare import Spare
from chat.answers import Answer
from handlers import crossing
from handlers.asking import Asking, Misunderstood
from handlers.comparing import PERIODS, shops_below
from handlers.grouping import groups_of, said_by, values_of
from handlers.lifting import lifts
from handlers.ranking import SPANS, metric_names, named_metric, named_span, seen_places
from handlers.reading.dimensions import By, read_dimensions, without_dimensions
from handlers.reading.leftovers import leftover
from handlers.route import Route
from okr.comparing import Open, alike, before, growth, over
from okr.comparison import FEWEST_PEOPLE
from okr.crossing import Crossed, Grouped
from okr.metrics import Window
from okr.policy import MetricSpec
from okr.units import Units
from storage import comparisons, cycles, rankings, units

MOST = 2
"""So many things a figure stands side by side by at once: rows and columns."""
WEEKS = 4
WEEK = timedelta(days=7)
_GROUPED = frozenset({By.TYPE, By.GRADE})
"""What is no unit of the company, so that it has no figures of its own."""


async def compare(asking: Asking) -> Answer:
    """对比 客单价 按 门店 本月 · 对比 销售额 按 区域,周 · 对比 转化率 按 职级 · … 按 区域,门店类型 · … 同店"""
    spare = _spare(asking, asking.rest)
    match await compared(asking, asking.rest):
        case Crossed() as one:
            card, files = crossed_card(one, spare)
        case Grouped() as one:
            card, files = grouped_card(one, spare)
        case one:
            card, files = comparison_card(one, asking.today, spare)
    return Answer(card, restricted=True, files=files)


async def compared(asking: Asking, words: str) -> Comparison | Crossed | Grouped:
    """What the words ask to be compared. Raises Misunderstood where they say no figure, or there is nothing to compare."""
    spec = named_metric(asking, words)
    if spec is None:
        said = leftover(without_dimensions(words), (*SPANS, "同店"))
        raise await _what(asking, said=said[:20])
    by = read_dimensions(words.replace(spec.name, " "))[:MOST] or [By.STORE]
    if len(by) == 2 and By.WEEK not in by:
        two = await crossing.compared(asking, words, spec, by)
        if two.count < 2:
            few = len(two.few) if isinstance(two, Crossed) else 0
            raise await _what(asking, spec, count=two.count, by="和".join(by), few=few)
        return two
    one = await _of_one(asking, words, spec, by)
    if len(one.values) < (2 if one.judged else 1):
        raise await _what(asking, spec, count=len(one.values), by=by[0])
    return one


def _spare(asking: Asking, words: str) -> Spare | None:
    """What was named beyond what an answer has room for."""
    spec = named_metric(asking, words)
    by = read_dimensions(words.replace(spec.name, " ")) if spec is not None else []
    if spec is None or len(by) <= MOST:
        return None
    span = next((f" {one}" for one in SPANS if one in words), "")
    ways = [f"对比 {spec.name} 按 {by[0]},{one}{'' if one is By.WEEK else span}" for one in by[MOST:]]
    return Spare(by[:MOST], by[MOST:], ways)


async def _of_one(asking: Asking, words: str, spec: MetricSpec, by: Sequence[By]) -> Comparison:
    place = next((one for one in by if one is not By.WEEK), None)
    if By.WEEK in by:
        return await _by_week(asking, spec, place)
    if place in _GROUPED:
        return await _by_group(asking, words, spec, place)
    return await _by_place(asking, words, spec, place or By.STORE)


async def _what(
    asking: Asking,
    spec: MetricSpec | None = None,
    *,
    count: int = 0,
    by: str = "",
    few: int = 0,
    said: str = "",
) -> Misunderstood:
    """What can be compared: the weeks of one's own unit always, places for who sees several."""
    names = metric_names(asking)
    cycle = await cycles.running(asking.session, asking.today)
    card = notice(
        "compare_what",
        count=count,
        by=by,
        names=names,
        cycle=cycle.name,
        few=few,
        fewest=FEWEST_PEOPLE,
        measure=spec.name if spec else next(iter(names), ""),
        wide=not asking.asker.store and by != By.STORE,
        said=said,
    )
    return Misunderstood(card)


async def _by_place(asking: Asking, words: str, spec: MetricSpec, by: By) -> Comparison:
    span, window = await named_span(asking, words, usual="本季")
    known = await units.known(asking.session)
    values = await _of_places(asking, known, spec, by, window)
    changes: dict[str, Decimal] = {}
    left_out = ""
    if "同店" in words:
        window, period = over(window, asking.today), PERIODS[span]
        now, earlier = await _alike(asking, known, spec, by, window, before(window, period))
        missing = len(set(values) - set(earlier))
        values = {name: value for name, value in now.items() if name in earlier}
        changes = {name: part for name in values if (part := growth(now[name], earlier[name])) is not None}
        left_out = f"同店:上一段没有数的 {missing} 个不比" if missing else "同店:都能比"
        if spec.kind == "cumulative":
            left_out += ",上一段按营业天数折算"
    return Comparison(
        spec.name,
        by,
        span,
        spec.shown_unit,
        values,
        _said(asking),
        changes=changes,
        left_out=left_out,
        lifts=await _lifts(asking, known, spec) if by is By.STORE else (),
    )


async def _lifts(asking: Asking, known: Units, spec: MetricSpec) -> Sequence[Lift]:
    everybody = await rankings.everybody(asking.session)
    return await lifts(asking, spec, seen_places(asking, known, everybody, "门店").names)


async def _alike(
    asking: Asking, known: Units, spec: MetricSpec, by: str, window: Window, then: Window
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What places come to now and came to then: of what adds up only shops open in both, prorated by their open days."""
    if spec.kind != "cumulative":
        now, earlier = [await _of_places(asking, known, spec, by, span) for span in (window, then)]
        return now, earlier
    everybody = await rankings.everybody(asking.session)
    names = seen_places(asking, known, everybody, by).names
    inside = {
        name: [path] if by == "门店" else shops_below(known, everybody.values(), path)
        for path in known.paths
        if (name := names.get(known.key(path))) is not None
    }
    shops = sorted({shop for some in inside.values() for shop in some})
    open_now, open_then = [
        await comparisons.of_shops(asking.session, spec.key, known, shops, span) for span in (window, then)
    ]
    found = {name: alike(_only(open_now, some), _only(open_then, some)) for name, some in inside.items()}
    kept = {name: one for name, one in found.items() if one.shops}
    return {name: one.now for name, one in kept.items()}, {name: one.then for name, one in kept.items()}


def _only(known: Mapping[str, Open], shops: Collection[str]) -> dict[str, Open]:
    return {shop: known[shop] for shop in shops if shop in known}


async def _of_places(
    asking: Asking, known: Units, spec: MetricSpec, by: str, window: Window
) -> dict[str, Decimal]:
    """The figures of those places that the asker may see, by name."""
    people = await rankings.everybody(asking.session)
    field = seen_places(asking, known, people, by)
    found = await rankings.of_units(asking.session, spec, asking.policy.metrics, window)
    return {field.names[key]: value for key, value in found.items() if key in field.names}


async def _by_week(asking: Asking, spec: MetricSpec, by: By | None) -> Comparison:
    """The last four weeks, this one included as far as it has gone: of each place or grade, or of one's own unit."""
    monday = asking.today - timedelta(days=asking.today.weekday())
    spans = [
        Window(monday - WEEK * n, min(asking.today, monday - WEEK * n + timedelta(days=6)))
        for n in range(WEEKS - 1, -1, -1)
    ]
    known = await units.known(asking.session)
    if by is None:
        return await _own_weeks(asking, spec, known, spans)
    if by in _GROUPED:
        each = [(await _of_groups(asking, spec, by, span))[0] for span in spans]
    else:
        each = [await _of_places(asking, known, spec, by, span) for span in spans]
    finished = each[-2]
    return Comparison(
        spec.name,
        f"{said_by([by], spec, people=by is By.GRADE) if by in _GROUPED else by},周",
        "上周为准",
        spec.shown_unit,
        finished,
        _said(asking),
        weeks={name: [some.get(name) for some in each] for name in finished},
        heads=[*(f"{span.first.month}/{span.first.day}周" for span in spans[:-1]), "本周"],
    )


async def _own_weeks(asking: Asking, spec: MetricSpec, known: Units, spans: Sequence[Window]) -> Comparison:
    key = known.key(known.home(asking.asker))
    values: dict[str, Decimal] = {}
    for span in spans:
        found = await rankings.of_units(asking.session, spec, asking.policy.metrics, span)
        name = f"{span.first.month}月{span.first.day}日那周" if span is not spans[-1] else "本周到今天"
        if key in found:
            values[name] = found[key]
    return Comparison(spec.name, "周", key, spec.shown_unit, values, _said(asking), judged=False)


async def _by_group(asking: Asking, words: str, spec: MetricSpec, by: By) -> Comparison:
    span, window = await named_span(asking, words, usual="本季")
    values, few = await _of_groups(asking, spec, by, window)
    left_out = f"不到 {FEWEST_PEOPLE} 个人的 {len(few)} 组不列" if few else ""
    said = said_by([by], spec, people=by is By.GRADE)
    return Comparison(spec.name, said, span, spec.shown_unit, values, _said(asking), left_out=left_out)


async def _of_groups(
    asking: Asking, spec: MetricSpec, by: By, window: Window
) -> tuple[dict[str, Decimal], set[str]]:
    groups = {key: group for key, (group,) in (await groups_of(asking, [by])).items()}
    return await values_of(asking, spec, groups, window, people=by is By.GRADE)


def _said(asking: Asking) -> str:
    return f"对比 {asking.rest}"


ROUTES = (
    Route(
        words=("对比",),
        handle=compare,
        topic="看",
        does="一个数按门店、区域、门店类型、职级或周摆在一起看,一次最多按两样",
        examples=(
            "对比 客单价 按 门店 本月",
            "对比 客单价 按 门店,周",
            "对比 客单价 按 区域,门店类型",
            "对比 客单价 按 门店 本月 同店",
        ),
    ),
)
