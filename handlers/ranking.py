"""排名: people, stores or regions by a figure or by what they have reached; 我排第几 for oneself alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from cards.notices import notice
from cards.ranking import GAINED, PROGRESS, Board, ranking_card, too_few_card
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.reading.leftovers import leftover
from handlers.route import Route
from handlers.sight import in_group
from okr import permissions
from okr.masking import is_amount
from okr.metrics import Window
from okr.objectives import Kind, Measure
from okr.people import Person
from okr.policy import MetricSpec
from okr.ranking import Place, means, ranked
from okr.units import Units
from storage import cycles, rankings, units

_KINDS = {
    "门店": "门店",
    "店": "门店",
    "区域": "区域",
    "大区": "区域",
    "个人": "个人",
    "同事": "个人",
    "员工": "个人",
}
SPANS = (
    "今天", "今日", "昨天", "本周", "这周", "上周", "本月", "这个月", "上月", "上个月", "本季", "本季度", "这个季度",
)  # fmt: skip
_ATTAINED = re.compile("达成率|达成|(?:目标)?进度|完成率|目标走了多少")
_EXTENT = re.compile(
    r"(?:前|top)\s*[\d一二三四五六七八九十]+\s*[名个家]?|排名|到今天|[\U0001f300-\U0001faff]", re.IGNORECASE
)
"""How many are wanted, which a ranking knows better, and what changes nothing."""


@dataclass(frozen=True, slots=True)
class Field:
    """Who is compared: names by key, and the key of the asker's own."""

    names: Mapping[str, str]
    mine: str


async def ranking(asking: Asking) -> Answer:
    """排名 · 排名 门店 本月 · 排名 个人 销售额 本周"""
    return await _rank(asking, asking.rest, alone=False)


async def my_place(asking: Asking) -> Answer:
    """我排第几 · 我排第几 销售额 本月"""
    return await _rank(asking, asking.rest, alone=True)


async def _rank(asking: Asking, words: str, *, alone: bool) -> Answer:
    if unread := _unread(asking, words):
        known = await units.known(asking.session)
        mine = known.key(known.home(asking.asker))
        raise Misunderstood(notice("rank_what", said=unread[:20], names=metric_names(asking), mine=mine))
    board, places = await standing(asking, words, alone=alone)
    if len(places) < asking.policy.ranking_least:
        card = too_few_card(board.kind, board.measure, len(places), asking.policy.ranking_least)
        return shown(card, restricted=alone)
    card, files = ranking_card(board, places)
    return Answer(card=card, restricted=alone, files=files)


async def standing(asking: Asking, words: str, *, alone: bool = False) -> tuple[Board, list[Place]]:
    """What the words ask to be ranked, and who stands where; of too few it is not to be shown (`ranking_least`)."""
    kind = next((kind for word, kind in _KINDS.items() if word in words), "个人")
    spec = named_metric(asking, words)
    span, window = await named_span(asking, words, usual="本季")
    before = _a_while_before(span, window)
    known = await units.known(asking.session)
    field, now, earlier = await _values(asking, known, kind, spec, (window, before))
    group = in_group(asking) and not alone
    board = Board(
        kind=kind,
        measure=spec.name if spec else PROGRESS if span == "本季" else GAINED,
        span=span if spec or span != "本季" else "到今天",
        unit=spec.shown_unit if spec else "",
        percent=spec is None,
        amounts=not (group and spec is not None and _is_money(spec)),
        names=field.names,
        mine="" if group else field.mine,
        group=group,
        alone=alone,
    )
    return board, ranked(now, earlier)


def _unread(asking: Asking, words: str) -> str:
    """What is none of the words of a ranking."""
    known = (*_KINDS, *SPANS, *figure_words(asking, words))
    return leftover(_EXTENT.sub(" ", _ATTAINED.sub(" ", words)), known)


def metric_names(asking: Asking) -> list[str]:
    """The figures that can be named, as many as a line holds."""
    return [spec.name for spec in asking.policy.metrics.values()][:6]


def named_metric(asking: Asking, words: str) -> MetricSpec | None:
    """The figure that is named; None for what people have reached of their goals."""
    if _ATTAINED.search(words):
        return None
    named = [
        spec for spec in asking.policy.metrics.values() if spec.name in words or spec.key in words.split()
    ]
    if named:
        return max(named, key=lambda spec: len(spec.name))
    return next((spec for word in words.split() if (spec := _begun(asking, word)) is not None), None)


def _begun(asking: Asking, word: str) -> MetricSpec | None:
    """The only figure whose name begins so: 客流 is 客流量."""
    found = [spec for spec in asking.policy.metrics.values() if spec.name.startswith(word)]
    return found[0] if len(word) > 1 and len(found) == 1 else None


def figure_words(asking: Asking, words: str) -> list[str]:
    """Whatever names a figure: names, keys, and what some of the words only begin."""
    begun = [word for word in words.split() if _begun(asking, word) is not None]
    return [*(name for spec in asking.policy.metrics.values() for name in (spec.name, spec.key)), *begun]


async def named_span(asking: Asking, words: str, *, usual: str) -> tuple[str, Window]:
    """The days that are named, as they are called."""
    today = asking.today
    span = next((one for one in SPANS if one in words), usual)
    monday = today - timedelta(days=today.weekday())
    if span in ("今天", "今日"):
        return "今天", Window(today, today)
    if span == "昨天":
        return span, Window(today - timedelta(days=1), today - timedelta(days=1))
    if span in ("本周", "这周"):
        return "本周", Window(monday, today)
    if span == "上周":
        return span, Window(monday - timedelta(days=7), monday - timedelta(days=1))
    if span in ("本月", "这个月"):
        return "本月", Window(today.replace(day=1), today)
    if span in ("上月", "上个月"):
        return "上月", _month_before(today.replace(day=1))
    cycle = await cycles.running(asking.session, today)
    return "本季", Window(cycle.start, today)


def _a_while_before(span: str, window: Window) -> Window:
    """What it is compared with to see who has risen: the day or the week before; a month or a quarter a week ago."""
    if span in ("今天", "昨天"):
        return _back(window, 1)
    if span in ("本周", "上周"):
        return _back(window, 7)
    if span == "上月":
        return _month_before(window.first)
    return Window(window.first, window.last - timedelta(days=7))


def _month_before(first: date) -> Window:
    """The whole month before the one that begins so."""
    last = first - timedelta(days=1)
    return Window(last.replace(day=1), last)


def _back(window: Window, days: int) -> Window:
    return Window(window.first - timedelta(days=days), window.last - timedelta(days=days))


async def _values(
    asking: Asking, known: Units, kind: str, spec: MetricSpec | None, spans: tuple[Window, Window]
) -> tuple[Field, dict[str, Decimal], dict[str, Decimal]]:
    people = await rankings.taking_part(asking.session, asking.today)
    if spec is None:
        now, earlier = await _attained(asking, people, spans)
        if kind == "个人":
            peers = {str(one.id): one for one in people.values() if _comparable(asking.asker, one)}
            field = Field({key: one.name for key, one in peers.items()}, str(asking.asker.id))
            return field, _only(now, field), _only(earlier, field)
        place = _store if kind == "门店" else _region
        members = {key: place(people[int(key)]) for key in now}
        field = Field({name: name for name in members.values() if name}, place(asking.asker))
        return field, means(now, members), means(earlier, members)
    of = rankings.of_people_twice if kind == "个人" else rankings.of_units_twice
    now, earlier = await of(asking.session, spec, asking.policy.metrics, spans)
    field = seen_places(asking, known, people, kind)
    return field, _only(now, field), _only(earlier, field)


def seen_places(asking: Asking, known: Units, people: Mapping[int, Person], kind: str) -> Field:
    """Whose figures the asker may see."""
    home = known.home(asking.asker)

    @cache
    def sees(path: str) -> bool:
        return permissions.may_see_figures(asking.asker, home, path, asking.policy)

    if kind == "个人":
        peers = [one for one in people.values() if _comparable(asking.asker, one) and sees(known.home(one))]
        return Field({str(one.id): one.name for one in peers}, str(asking.asker.id))
    if kind == "门店":
        stores = {one.store: known.home(one) for one in people.values() if one.store}
        seen = {known.key(path): name for name, path in stores.items() if sees(path)}
        return Field(seen, known.key(home) if asking.asker.store else "")
    regions = {one.department for one in people.values() if one.region and not one.store}
    seen = {known.key(path): known.key(path) for path in regions if sees(path)}
    return Field(seen, known.key(asking.asker.department) if asking.asker.region else "")


async def _attained(
    asking: Asking, people: Mapping[int, Person], spans: tuple[Window, Window]
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """How far everybody's goals have come: of the quarter by its end so far, else how much of it within the days."""
    cycle = await cycles.running(asking.session, asking.today)

    async def within(window: Window) -> dict[str, Decimal]:
        if window.last < cycle.start:
            return {}  # nobody had begun: there is nothing to have risen from
        last = None if window.last >= asking.today else _end_of(window.last, asking)
        reached = await rankings.attainment(asking.session, people, cycle.id, last)
        if window.first <= cycle.start:
            return {str(key): value for key, value in reached.items()}
        start = _end_of(window.first - timedelta(days=1), asking)
        had = await rankings.attainment(asking.session, people, cycle.id, start)
        return {str(key): value - had.get(key, Decimal(0)) for key, value in reached.items()}

    return await within(spans[0]), await within(spans[1])


def _end_of(day: date, asking: Asking) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), asking.policy.zone)


def _comparable(asker: Person, other: Person) -> bool:
    """Like with like: in a store those of stores of the same type; who is of none sees everybody's who has figures."""
    return not asker.store or (bool(other.store) and asker.store_type == other.store_type)


def _store(person: Person) -> str:
    return person.store


def _region(person: Person) -> str:
    return person.region


def _only(values: Mapping[str, Decimal], field: Field) -> dict[str, Decimal]:
    return {key: value for key, value in values.items() if key in field.names}


def _is_money(spec: MetricSpec) -> bool:
    return is_amount(Measure(Kind.NUMBER, spec.shown_unit), spec.name, metric=spec.key)


ROUTES = (
    Route(
        words=("排名",),
        handle=ranking,
        topic="看",
        does="谁排在前面,我离前一名差多少",
        examples=("排名", "排名 门店 本月", "排名 个人 销售额 本周"),
    ),
    Route(
        words=("我排第几",),
        handle=my_place,
        topic="看",
        does="我的名次,只告诉我",
        examples=("我排第几", "我排第几 销售额 本月"),
    ),
)
