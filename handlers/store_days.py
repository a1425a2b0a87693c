"""日报: a day of a store, or of any unit, in numbers; what is missing is said to be missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cards.notices import notice
from cards.store_day import Line, day_card
from chat.answers import Answer
from handlers.asking import Asking, Misunderstood, shown
from handlers.comparing import shops_below
from handlers.data_scales import scales_of
from handlers.ranking import SPANS
from handlers.reading.dates import take_date
from handlers.route import Route
from okr import permissions
from okr.metrics import Window
from okr.moments import say_date, say_moment
from okr.policy import MetricSpec
from okr.units import Units
from storage import comparisons, day_curves, figures, people, sources, units

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LOOKS_BACK = timedelta(days=13)


async def day_report(asking: Asking) -> Answer:
    """日报 · 日报 西湖店 · 日报 西湖店 昨天 · 今日战报"""
    known, path, day = await meant_day(asking)
    if day > asking.today:
        raise Misunderstood(notice("day_to_come", day=say_date(day, asking.today)))
    window = Window(day - LOOKS_BACK, day)
    days = await figures.by_day(asking.session, asking.policy.metrics, known, path, window)
    wanted = await day_curves.of_day(asking.session, path, await scales_of(asking), day)
    lines = [
        replace(_line(spec, days[key], day), wanted=wanted.get(key))
        for key, spec in asking.policy.metrics.items()
        if days.get(key)
    ]
    behind = await sources.behind(asking.session, [known.key(path)], asking.policy, asking.now)
    stale = [
        f"{one.name} 的数据只到{say_moment(at, asking.now, asking.policy.zone)}"
        for one in behind
        if (at := one.newest_at or one.heard_at) is not None
    ]
    shops = shops_below(known, await people.everybody(asking.session), path)
    week = Window(day - WEEK + DAY, day)
    first = next(iter(asking.policy.metrics), "")
    short = await comparisons.shops_missing(asking.session, first, known, shops, week) if shops else {}
    card = day_card(known.key(path), day, lines, asking.now, asking.policy, stale, short)
    return shown(card, restricted=True)


async def meant_day(asking: Asking) -> tuple[Units, str, date]:
    """The unit and the day that are named. Raises Misunderstood where its figures are not for the asker."""
    known = await units.known(asking.session)
    path, day = _what(asking, known)
    if not permissions.may_see_figures(asking.asker, known.home(asking.asker), path, asking.policy):
        own = known.key(known.home(asking.asker))
        raise Misunderstood(notice("figures_not_yours", unit=known.key(path), mine=own), restricted=True)
    return known, path, day


def _what(asking: Asking, known: Units) -> tuple[str, date]:
    """The unit and the day that are named; else one's own, and today."""
    day: date | None = None
    words = []
    for word in asking.rest.split():
        found, rest = take_date(word, asking.today, "past")
        if found is not None and not rest.strip():
            day = found
        else:
            words.append(word)
    name = " ".join(words)
    if name in SPANS:
        first = next((spec.name for spec in asking.policy.metrics.values()), "")
        raise Misunderstood(notice("one_day_only", span=name, metric=first), restricted=True)
    home = known.home(asking.asker)
    if not name:
        return home, day or asking.today
    paths = known.find(name)
    if len(paths) != 1:
        raise Misunderstood(notice("no_such_unit", said=name[:20], mine=known.key(home), several=paths[:3]))
    return paths[0], day or asking.today


def _line(spec: MetricSpec, values: dict[date, Decimal], day: date) -> Line:
    return Line(
        name=spec.name,
        unit=spec.shown_unit,
        value=values.get(day),
        week_ago=values.get(day - WEEK),
        last_days=[(one, values.get(one)) for one in (day - timedelta(days=n) for n in range(6, -1, -1))],
    )


ROUTES = (
    Route(
        words=("日报", "今日战报"),
        handle=day_report,
        topic="看",
        does="门店一天的数",
        examples=("日报", "日报 {unit}", "日报 {unit} 昨天"),
    ),
)
