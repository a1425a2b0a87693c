"""热力图: stores by days, coloured by how each day compares with its own store's mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cards.heat_map import Days, heat_card
from cards.notices import notice
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood
from handlers.ranking import figure_words, metric_names, named_metric
from handlers.reading.leftovers import leftover
from handlers.route import Route
from okr import permissions
from okr.metrics import Window
from okr.moments import say_day
from okr.people import is_at_or_below
from okr.policy import MetricSpec
from okr.units import Units
from storage import figures, people, rankings, units

STORES = 12
WEEKS = 4
WEEKS_NAMED = ("上周", "本周", "这周")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Heat:
    """Rows of days, or (`weeks`) of weeks by weekdays; `more` rows are left out."""

    title: str
    days: str
    columns: Sequence[date]
    rows: Sequence[Days]
    weeks: bool = False
    more: int = 0


async def heat_map(asking: Asking) -> Answer:
    """热力图 · 热力图 客流量 · 热力图 销售额 上周 · 热力图 华南区"""
    spec, found = await meant(asking)
    others = [f"热力图 {name}" for name in metric_names(asking) if name != spec.name][:1]
    if not found.weeks and "上周" not in asking.rest:
        others.append(f"热力图 {spec.name} 上周")
    card, files = heat_card(
        spec,
        found.title,
        found.days,
        found.columns,
        found.rows,
        weeks=found.weeks,
        more=found.more,
        others=others,
    )
    return Answer(card=card, restricted=True, files=files)


async def meant(asking: Asking) -> tuple[MetricSpec, Heat]:
    """The figure and the stores that the words mean. Raises Misunderstood where the asker may see nobody's."""
    spec = _metric(asking)
    known = await units.known(asking.session)
    stores = await _stores(asking, known)
    if rest := _unread(asking):
        stores = _within(asking, known, stores, rest)
    if spec is None or not stores:
        mine = known.key(known.home(asking.asker))
        raise Misunderstood(notice("no_heat", metric=spec.name if spec else "", mine=mine), restricted=True)
    return spec, await heat_of(asking, spec, known, stores, _window(asking))


async def heat_of(
    asking: Asking, spec: MetricSpec, known: Units, stores: Mapping[str, str], window: Window
) -> Heat:
    """Several stores by the days of the window, the largest first; one store by its last four weeks."""
    if len(stores) == 1:
        ((key, path),) = stores.items()
        return await _weeks(asking, spec, known, key, path)
    return await _days(asking, spec, known, stores, window)


def _unread(asking: Asking) -> str:
    """What is named besides the figure and the week."""
    return leftover(asking.rest, (*WEEKS_NAMED, "近四周", *figure_words(asking, asking.rest)))


def _within(asking: Asking, known: Units, stores: Mapping[str, str], name: str) -> dict[str, str]:
    """The stores of the unit that is named. Raises Misunderstood for what is neither a unit nor a figure."""
    home = known.home(asking.asker)
    paths = known.find(name)
    if len(paths) != 1:
        raise Misunderstood(notice("heat_what", said=name[:20], names=metric_names(asking)))
    inside = {key: path for key, path in stores.items() if is_at_or_below(path, paths[0])}
    if not inside and not permissions.may_see_figures(asking.asker, home, paths[0], asking.policy):
        raise Misunderstood(notice("figures_not_yours", unit=known.key(paths[0]), mine=known.key(home)))
    return inside


def _metric(asking: Asking) -> MetricSpec | None:
    """The figure that is named, else that of the weekly report, else the first."""
    metrics = asking.policy.metrics
    usual = metrics.get(asking.policy.ranking_weekly) or next(iter(metrics.values()), None)
    return named_metric(asking, asking.rest) or usual


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
    asking: Asking, spec: MetricSpec, known: Units, stores: Mapping[str, str], window: Window
) -> Heat:
    sums = await rankings.of_units(asking.session, spec, asking.policy.metrics, window)
    largest = sorted(stores, key=lambda key: (-sums.get(key, Decimal(0)), key))
    columns = [window.first + DAY * n for n in range((window.last - window.first).days + 1)]
    rows = [Days(key, await _values(asking, spec, known, stores[key], columns)) for key in largest[:STORES]]
    since, until = (say_day(day, asking.today) for day in window)
    more = len(stores) - len(rows)
    return Heat(f"门店热力图 · {spec.name}", f"{since}–{until}", columns, rows, more=more)


async def _weeks(asking: Asking, spec: MetricSpec, known: Units, key: str, path: str) -> Heat:
    first = asking.today - timedelta(days=asking.today.weekday()) - WEEK * (WEEKS - 1)
    wanted = [first + DAY * n for n in range(7 * WEEKS)]
    values = await _values(asking, spec, known, path, wanted)
    by_day = {day: value for day, value in zip(wanted, values, strict=True) if value is not None}
    return weeks_among(by_day, f"{key}近四周 · {spec.name}", asking.today, WEEKS)


def weeks_among(values: Mapping[date, Decimal], title: str, today: date, count: int) -> Heat:
    """One unit's last weeks, Monday to Sunday, of the days that are over."""
    monday = today - timedelta(days=today.weekday())
    rows = []
    for back in range(count - 1, -1, -1):
        begins = monday - WEEK * back
        over = max(0, min(7, (today - begins).days))
        days = [values.get(begins + DAY * n) if n < over else None for n in range(7)]
        name = "本周" if not back else say_day(begins, today)
        rows.append(Days(name, days, over=over, begins=begins if back else None))
    return Heat(title, "", [monday + DAY * n for n in range(7)], rows, weeks=True)


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
        examples=("热力图", "热力图 客流量", "热力图 {unit}"),
    ),
)
