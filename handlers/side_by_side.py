"""对比: a figure by store, region, grade or week; 区域对比: how regions carry their goals."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median as middle_of

from cards.comparison import Comparison, Region, comparison_card, regions_card
from cards.notices import notice
from chat.answers import Answer
from chat.files import TABLE, File
from handlers.asking import Asking, Misunderstood
from handlers.comparing import PERIODS, shops_below
from handlers.ranking import named_metric, named_span, seen_places
from handlers.route import Route
from okr.comparing import Open, alike, before, growth, over
from okr.comparison import off_the_middle, outliers
from okr.cycle import cycle_of
from okr.metrics import Window, ratio
from okr.objectives import Status
from okr.policy import MetricSpec
from okr.status import judge_objective
from okr.units import Units
from sheets.packing import packed
from sheets.spelling import Cell
from storage import comparisons, cycles, objectives, rankings, region_figures, units

WEEKS = 4
FEWEST_PEOPLE = 4
FEWEST_ANSWERS = 3
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
_EXPORT = re.compile(r"\s*导出(?:表格)?\s*$")
_BY = {
    "职级": "职级",
    "级别": "职级",
    "岗位": "职级",
    "区域": "区域",
    "大区": "区域",
    "门店": "门店",
    "店": "门店",
}
_WEEKLY = re.compile(r"按\s*周|[,、和 ]\s*周|每周|逐周")


async def compare(asking: Asking) -> Answer:
    """对比 客单价 按 门店 本月 · 对比 销售额 按 区域,周 · 对比 转化率 按 职级 · … 同店 · … 导出"""
    words = _EXPORT.sub("", asking.rest)
    spec = named_metric(asking, words)
    if spec is None:
        raise await _what(asking)
    by = next((kind for word, kind in _BY.items() if word in words), "")
    if _WEEKLY.search(words):
        one = await _by_week(asking, spec, by)
    elif by == "职级":
        one = await _by_grade(asking, words, spec)
    else:
        one = await _by_place(asking, words, spec, by or "门店")
    if len(one.values) < (1 if one.by == "周" else 2):
        raise await _what(asking, count=len(one.values), by=one.by)
    files = (_table(one, asking.today),) if _EXPORT.search(asking.rest) else ()
    return Answer(comparison_card(one), restricted=True, files=files)


async def _what(asking: Asking, *, count: int = 0, by: str = "") -> Misunderstood:
    names = [spec.name for spec in asking.policy.metrics.values()][:6]
    cycle = await cycles.running(asking.session, asking.today)
    return Misunderstood(notice("compare_what", count=count, by=by, names=names, cycle=cycle.name))


async def _by_place(asking: Asking, words: str, spec: MetricSpec, by: str) -> Comparison:
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
        weeks={},
        changes=changes,
        left_out=left_out,
    )


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


async def _by_week(asking: Asking, spec: MetricSpec, by: str) -> Comparison:
    """The last four weeks, this one included as far as it has gone: of each place, or of one's own."""
    monday = asking.today - timedelta(days=asking.today.weekday())
    known = await units.known(asking.session)
    spans = [
        Window(monday - WEEK * n, min(asking.today, monday - WEEK * n + timedelta(days=6)))
        for n in range(WEEKS - 1, -1, -1)
    ]
    if by in ("门店", "区域"):
        each = [await _of_places(asking, known, spec, by, span) for span in spans]
        finished = each[-2]
        weeks = {name: [some.get(name) for some in each] for name in finished}
        return Comparison(
            spec.name,
            f"{by}看四周",
            "上周为准",
            spec.shown_unit,
            finished,
            _said(asking),
            weeks=weeks,
            changes={},
        )
    key = known.key(known.home(asking.asker))
    values: dict[str, Decimal] = {}
    for span in spans:
        found = await rankings.of_units(asking.session, spec, asking.policy.metrics, span)
        name = f"{span.first.month}月{span.first.day}日那周" if span is not spans[-1] else "本周到今天"
        if key in found:
            values[name] = found[key]
    return Comparison(
        spec.name, "周", key, spec.shown_unit, values, _said(asking), weeks={}, changes={}, judged=False
    )


async def _by_grade(asking: Asking, words: str, spec: MetricSpec) -> Comparison:
    """People's own figures by their grade; a group of few is not shown."""
    span, window = await named_span(asking, words, usual="本季")
    known = await units.known(asking.session)
    people = await rankings.taking_part(asking.session, asking.today)
    seen = set(seen_places(asking, known, people, "个人").names)
    metrics = asking.policy.metrics
    sides = [metrics[spec.numerator], metrics[spec.denominator]] if spec.kind == "ratio" else [spec]
    sums = [await rankings.of_people(asking.session, side, metrics, window) for side in sides]
    groups: dict[str, list[str]] = {}
    for key in sums[-1]:
        if key in seen:
            groups.setdefault(people[int(key)].grade or "未定级", []).append(key)
    values: dict[str, Decimal] = {}
    for grade, keys in groups.items():
        if len(keys) < FEWEST_PEOPLE:
            continue
        totals = [sum((some.get(key, Decimal(0)) for key in keys), Decimal(0)) for some in sums]
        value = ratio(spec, totals[0], totals[1], window).value if len(totals) > 1 else totals[0] / len(keys)
        if value is not None:
            values[grade] = value
    few = len(groups) - len(values)
    left_out = f"不到 {FEWEST_PEOPLE} 个人的 {few} 组不列" if few else ""
    by = "职级" if spec.kind == "ratio" else "职级(人均)"
    return Comparison(
        spec.name, by, span, spec.shown_unit, values, _said(asking), weeks={}, changes={}, left_out=left_out
    )


def _said(asking: Asking) -> str:
    return f"对比 {_EXPORT.sub('', asking.rest)}"


def _table(one: Comparison, today: date) -> File:
    far, parts = outliers(one.values) if one.judged else {}, off_the_middle(one.values)
    header = [
        one.by,
        f"{one.measure}({one.unit})" if one.unit else one.measure,
        "比中位",
        "明显不同",
        "比上一段",
    ]
    rows: list[list[Cell]] = [
        [
            name,
            value,
            _percent(parts.get(name)) if one.judged else "",
            ("高" if far[name] > 0 else "低") if name in far else "",
            _percent(one.changes.get(name)),
        ]
        for name, value in one.values.items()
    ]
    title = f"{one.measure} 按{one.by} {one.span}"
    return File(f"对比 {title} {today:%Y-%m-%d}.xlsx", TABLE, packed([(title[:30], header, rows)]))


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{share * 100:+.1f}%"


# --- regions ---


async def regions(asking: Asking) -> Answer:
    """区域对比 · 区域对比 2026Q4 · … 导出"""
    words = _EXPORT.sub("", asking.rest).strip()
    cycle = await cycles.running(asking.session, asking.today)
    if words:
        named = await cycles.by_name(asking.session, cycle_of(words).name)
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
    files = (_regions_table(cycle.name, found),) if _EXPORT.search(asking.rest) else ()
    return Answer(regions_card(cycle.name, found, left_out), restricted=True, files=files)


def _regions_table(cycle: str, found: list[Region]) -> File:
    header = ["区域", "有目标的人", "达成%", "更新率%", "预警次数", "协作回应(小时)"]
    rows: list[list[Cell]] = [
        [
            one.name,
            one.people,
            round(one.done * 100, 1),
            "" if one.updated is None else round(one.updated * 100, 1),
            one.warnings,
            "" if one.answer is None else round(one.answer, 1),
        ]
        for one in found
    ]
    return File(f"区域对比 {cycle}.xlsx", TABLE, packed([(f"区域对比 {cycle}", header, rows)]))


ROUTES = (
    Route(
        words=("对比",),
        handle=compare,
        topic="看",
        does="一个数按门店、区域、职级或周摆在一起看",
        examples=("对比 客单价 按 门店 本月", "对比 销售额 按 周", "对比 客单价 按 门店 本月 同店"),
    ),
    Route(
        words=("区域对比",),
        handle=regions,
        topic="看",
        does="各区域的达成、更新、预警和协作回应",
        examples=("区域对比", "区域对比 2026Q4"),
    ),
)
