"""A unit's figures as a page: each by its last day, four weeks of days, and a heat map of the weekdays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from cards.board.charts import WEEKDAYS, days, heat
from cards.board.pages import FigurePanel, FiguresPage, Option, Tile
from handlers.asking import Asking
from handlers.board.paths import NoSuchPage, Query
from handlers.sight import in_group
from okr import permissions
from okr.board_refusals import FiguresNotShown
from okr.masking import is_amount
from okr.metrics import Window
from okr.moments import say_date
from okr.numbers import say_number
from okr.objectives import Kind, Measure
from okr.policy import MetricSpec
from okr.units import Units
from storage import figures, units

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
    )


async def tiles(asking: Asking, known: Units, path: str) -> tuple[Tile, ...]:
    """The figures of a unit by their last day, for its page; none where the asker may not see them."""
    if not permissions.may_see_figures(asking.asker, known.home(asking.asker), path, asking.policy):
        return ()
    window = Window(asking.today - WEEK - WEEK, asking.today)
    counted = await figures.by_day(asking.session, asking.policy.metrics, known, path, window)
    return tuple(
        Tile(panel.name, panel.value, panel.day, panel.change, panel.stale)
        for panel in (_panel(spec, counted[spec.key], asking.today) for spec in _shown(asking, counted))
    )


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
    last = max(values)
    stale = last < today - FRESH
    return FigurePanel(
        key=spec.key,
        name=spec.name,
        value=say_number(values[last], spec.shown_unit),
        day=say_date(last, today),
        change=_change(spec, values, last) if last < today else "今天还没完",
        stale=f"数据停在{say_date(last, today)}" if stale else "",
        days=days(values, spec.shown_unit, today, DAYS),
        heat=heat(values, spec.shown_unit, today, WEEKS),
    )


def _change(spec: MetricSpec, values: Mapping[date, Decimal], day: date) -> str:
    """Against the same weekday of the week before."""
    before, weekday = values.get(day - WEEK), WEEKDAYS[day.weekday()]
    if before is None or not before:
        return ""
    moved = values[day] - before
    said = f"{moved:+.1f} 个点" if spec.shown_unit == "%" else f"{moved * 100 / abs(before):+.0f}%"
    return f"比上周{weekday} {said}"


def _is_money(spec: MetricSpec) -> bool:
    return is_amount(Measure(Kind.NUMBER, spec.shown_unit), spec.name, metric=spec.key)
