"""A unit's figures as a page: each by its last day, four weeks of days, and a heat map of the weekdays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from cards.board import drawings
from cards.board.pages import FigurePanel, FiguresPage, Option, Tile
from cards.drawing.inline import Drawing
from handlers.asking import Asking
from handlers.board.paths import NoSuchPage, Query
from handlers.board.wall import wall_tiles
from handlers.heat_maps import Heat, heat_of, weeks_among
from handlers.sight import in_group
from okr import permissions
from okr.board_refusals import FiguresNotShown
from okr.comparing import growth
from okr.masking import is_amount
from okr.metrics import Window
from okr.moments import WEEKDAYS, say_date, say_moment
from okr.numbers import say_number
from okr.objectives import Kind, Measure
from okr.people import Person, is_at_or_below
from okr.policy import MetricSpec
from okr.units import Units
from storage import figures, sources, units

DAYS = 28
WEEKS = 8
WEEK = timedelta(days=7)
FRESH = timedelta(days=1)
"""Data up to yesterday is fresh; older is marked with its last day."""


async def figures_page(asking: Asking, name: str, query: Query) -> FiguresPage:
    """`/board/figures`, `/board/figures/西湖店`. Raises FiguresNotShown for a unit that is not the asker's to see."""
    del query
    known = await units.known(asking.session)
    home = known.home(asking.asker)
    paths = known.find(name) if name else [home]
    if not paths or not paths[0]:
        raise NoSuchPage
    path = paths[0]
    if not permissions.may_see_figures(asking.asker, home, path, asking.policy):
        raise FiguresNotShown(known.key(path), known.key(home) if home else "")
    window = Window(asking.today - timedelta(weeks=WEEKS), asking.today)
    counted = await figures.by_day(asking.session, asking.policy.metrics, known, path, window)
    return FiguresPage(
        heading=f"{known.key(path)}的数",
        about=f"按天,到{say_date(asking.today, asking.today)}",
        units=_options(asking, known, home, path),
        panels=tuple(_panel(spec, counted[spec.key], asking.today) for spec in _shown(asking, counted)),
        stale=await silent(asking, known, path),
    )


async def silent(asking: Asking, known: Units, path: str) -> tuple[str, ...]:
    """The sources of a unit's figures that are in trouble, with their last good moment; for who may see the figures."""
    if not _may_see(asking, known, path):
        return ()
    below = {known.key(one) for one in known.paths if is_at_or_below(one, path)}
    behind = await sources.behind(asking.session, below, asking.policy, asking.now)
    return tuple(
        f"{one.name} 的数据只到{say_moment(at, asking.now, asking.policy.zone)}"
        for one in behind
        if (at := one.newest_at or one.heard_at) is not None
    )


async def unit_heat(asking: Asking, known: Units, members: Sequence[Person]) -> Drawing | None:
    """The stores of these people by days, or one store's weeks, by the figure that is most looked at; of those the asker may see."""
    paths = {known.home(one) for one in members if one.store}
    stores = {known.key(path): path for path in sorted(paths) if _may_see(asking, known, path)}
    window = Window(asking.today - WEEK, asking.today - timedelta(days=1))
    for spec in _by_use(asking) if stores else ():
        found = await heat_of(asking, spec, known, stores, window)
        if any(value is not None for row in found.rows for value in row.values):
            return _heat(spec, found, shares=in_group(asking) and _is_money(spec))
    return None


def _may_see(asking: Asking, known: Units, path: str) -> bool:
    return permissions.may_see_figures(asking.asker, known.home(asking.asker), path, asking.policy)


def _by_use(asking: Asking) -> list[MetricSpec]:
    """The figure of the weekly report first."""
    policy = asking.policy
    return sorted(policy.metrics.values(), key=lambda spec: spec.key != policy.ranking_weekly)


def _heat(spec: MetricSpec, found: Heat, *, shares: bool = False) -> Drawing:
    about = f"{found.title} · {found.days}" if found.days else found.title
    return drawings.heat(spec, about, found.columns, found.rows, weeks=found.weeks, shares=shares)


async def tiles(asking: Asking, known: Units, path: str) -> tuple[Tile, ...]:
    """The figures of a unit by their last day, for its page; none where the asker may not see them.

    On a wall they say how the figures go, and no amounts.
    """
    if not _may_see(asking, known, path):
        return ()
    if in_group(asking):
        return await wall_tiles(asking, known, path)
    window = Window(asking.today - WEEK - WEEK, asking.today)
    counted = await figures.by_day(asking.session, asking.policy.metrics, known, path, window)
    return tuple(_tile(spec, counted[spec.key], asking.today) for spec in _shown(asking, counted))


def _shown(asking: Asking, counted: Mapping[str, Mapping[date, Decimal]]) -> list[MetricSpec]:
    """The figures that there are; none of money where everybody in a room reads them."""
    return [
        spec
        for spec in asking.policy.metrics.values()
        if counted.get(spec.key) and not (in_group(asking) and _is_money(spec))
    ]


def _options(asking: Asking, known: Units, home: str, path: str) -> tuple[Option, ...]:
    """The units whose figures the asker may see."""
    wanted = sorted({*known.paths, home}, key=lambda one: (one.count("/"), one))
    return tuple(
        Option(known.key(one), known.key(one), one == path)
        for one in wanted
        if one and permissions.may_see_figures(asking.asker, home, one, asking.policy)
    )


def _panel(spec: MetricSpec, values: Mapping[date, Decimal], today: date) -> FigurePanel:
    tile = _tile(spec, values, today)
    return FigurePanel(
        key=spec.key,
        name=spec.name,
        value=tile.value,
        day=tile.day,
        change=tile.change,
        stale=tile.stale,
        days=drawings.days(spec, values, today, DAYS),
        heat=_heat(spec, weeks_among(values, "星期几强,星期几弱", today, WEEKS)),
        rows=drawings.table(values, spec.shown_unit, today, DAYS),
    )


def _tile(spec: MetricSpec, values: Mapping[date, Decimal], today: date) -> Tile:
    last = max(values)
    return Tile(
        name=spec.name,
        value=say_number(values[last], spec.shown_unit),
        day=say_date(last, today),
        change=_change(spec, values, last) if last < today else "今天还没完",
        stale=f"数据停在{say_date(last, today)}" if last < today - FRESH else "",
    )


def _change(spec: MetricSpec, values: Mapping[date, Decimal], day: date) -> str:
    """Against the same weekday of the week before."""
    before, weekday = values.get(day - WEEK), WEEKDAYS[day.weekday()]
    if before is None:
        return ""
    grown = growth(values[day], before)
    if spec.shown_unit == "%":
        said = f"{values[day] - before:+.1f} 个点"
    elif grown is not None:
        said = f"{grown * 100:+.0f}%"
    else:
        return ""
    return f"同上周{weekday}" if said[1:] in ("0.0 个点", "0%") else f"比上周{weekday} {said}"


def _is_money(spec: MetricSpec) -> bool:
    return is_amount(Measure(Kind.NUMBER, spec.shown_unit), spec.name, metric=spec.key)
