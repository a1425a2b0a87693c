"""热力图: stores by days, coloured by how each day compares with its own store's mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from cards.heat_map import Days, heat_card
from cards.notices import notice
from chat.answers import Answer
from chat.card import Card
from chat.files import File
from handlers.asking import Asking, shown
from handlers.route import Route
from okr import permissions
from okr.metrics import Window
from okr.moments import say_day
from okr.policy import MetricSpec
from okr.units import Units
from storage import figures, people, rankings, units

STORES = 12
WEEKS = 4
DAY, WEEK = timedelta(days=1), timedelta(days=7)


async def heat_map(asking: Asking) -> Answer:
    """热力图 · 热力图 客流量 · 热力图 销售额 上周"""
    spec = _metric(asking)
    known = await units.known(asking.session)
    stores = await _stores(asking, known)
    if spec is None or not stores:
        mine = known.key(known.home(asking.asker))
        return shown(notice("no_heat", metric=spec.name if spec else "", mine=mine), restricted=True)
    if len(stores) == 1:
        card, files = await _weeks(asking, spec, known, *stores.popitem())
    else:
        card, files = await _days(asking, spec, known, stores)
    return Answer(card=card, restricted=True, files=files)


def _metric(asking: Asking) -> MetricSpec | None:
    """The figure that is named, else that of the weekly report, else the first."""
    metrics = asking.policy.metrics
    named = [spec for spec in metrics.values() if spec.name in asking.rest or spec.key in asking.rest.split()]
    if named:
        return max(named, key=lambda spec: len(spec.name))
    return metrics.get(asking.policy.ranking_weekly) or next(iter(metrics.values()), None)


async def _stores(asking: Asking, known: Units) -> dict[str, str]:
    """The stores whose figures the asker may see: key and path."""
    home = known.home(asking.asker)
    paths = {known.home(one) for one in await people.everybody(asking.session) if one.store}
    return {
        known.key(path): path
        for path in sorted(paths)
        if permissions.may_see_figures(asking.asker, home, path, asking.policy)
    }


async def _days(
    asking: Asking, spec: MetricSpec, known: Units, stores: Mapping[str, str]
) -> tuple[Card, tuple[File, ...]]:
    window = _window(asking)
    sums = await rankings.of_units(asking.session, spec, asking.policy.metrics, window)
    largest = sorted(stores, key=lambda key: (-sums.get(key, Decimal(0)), key))
    columns = [window.first + DAY * n for n in range((window.last - window.first).days + 1)]
    rows = [Days(key, await _values(asking, spec, known, stores[key], columns)) for key in largest[:STORES]]
    since, until = (say_day(day, asking.today) for day in window)
    title = f"门店热力图 · {spec.name}"
    return heat_card(spec, title, f"{since}–{until}", columns, rows, more=len(stores) - len(rows))


async def _weeks(
    asking: Asking, spec: MetricSpec, known: Units, key: str, path: str
) -> tuple[Card, tuple[File, ...]]:
    """One store: its last four weeks, Monday to Sunday."""
    monday = asking.today - timedelta(days=asking.today.weekday())
    rows = []
    for back in range(WEEKS - 1, -1, -1):
        first = monday - WEEK * back
        days = [first + DAY * n for n in range(7)]
        name = "本周" if not back else say_day(first, asking.today)
        values = await _values(asking, spec, known, path, days)
        rows.append(Days(name, values, over=min(7, (asking.today - first).days)))
    columns = [monday + DAY * n for n in range(7)]
    return heat_card(spec, f"{key}近四周 · {spec.name}", "", columns, rows, weeks=True)


def _window(asking: Asking) -> Window:
    """The week that is named, else the last seven days that are over."""
    today = asking.today
    monday = today - timedelta(days=today.weekday())
    if "上周" in asking.rest:
        return Window(monday - WEEK, monday - DAY)
    if ("本周" in asking.rest or "这周" in asking.rest) and today > monday:
        return Window(monday, today - DAY)
    return Window(today - WEEK, today - DAY)


async def _values(
    asking: Asking, spec: MetricSpec, known: Units, path: str, days: Sequence[date]
) -> list[Decimal | None]:
    """Of days that are over; today's is not yet what a day is."""
    sides = {key: asking.policy.metrics[key] for key in (spec.numerator, spec.denominator) if key}
    window = Window(days[0], min(days[-1], asking.today - DAY))
    found = await figures.by_day(asking.session, {**sides, spec.key: spec}, known, path, window)
    return [found.get(spec.key, {}).get(day) for day in days]


ROUTES = (
    Route(
        words=("热力图", "门店热力图"),
        handle=heat_map,
        topic="看",
        does="各店哪天旺哪天淡",
        examples=("热力图", "热力图 客流量", "热力图 销售额 上周"),
    ),
)
