"""The board's drawings: the blocks that a chat's pictures are made of, each with what it shows in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cards.drawing import days as by_day
from cards.drawing.goal_rows import MARGIN as MAP_MARGIN
from cards.drawing.goal_rows import WIDTH as MAP_WIDTH
from cards.drawing.inline import Drawing
from cards.drawing.ladder import ladder
from cards.goal_map import map_block
from cards.heat_map import Days, heat_block, heat_told
from cards.ranking import Board, rungs
from cards.sayings import kr_name
from cards.weekly_picture import called, week_blocks
from okr.moments import WEEKDAYS, say_short_day
from okr.numbers import say_number, say_percent
from okr.policy import MetricSpec, Policy
from okr.ranking import Place
from okr.tree import Node, fold, size
from okr.weekly import PersonWeek

GOALS = 30
"""Of a drawn map; the list beside it has more."""
GOALS_ON_A_WALL = 6
"""Which nobody scrolls."""


def week(week: PersonWeek, today: date, policy: Policy) -> Drawing:
    """One's own week, as its report shows it."""
    said = called(week.week, today)
    lines = [
        f"{line.kr.ref} {kr_name(line.kr)} {say_percent(line.verdict.progress.clamped)} {line.verdict.status}"
        for line in week.lines
    ]
    return Drawing("week", f"{said}战报", ";".join(lines), week_blocks(week, today, policy))


def ranks(
    key: str, title: str, board: Board, places: Sequence[Place], shown: Sequence[Place], *, whole: bool = True
) -> Drawing:
    """`shown`: of all `places`, those that are drawn; not `whole`: some of them, and nothing is said of those between."""
    rows = rungs(board, places, shown)
    if not whole:
        rows = [replace(one, left_out=False, gap="") for one in rows]
    told = ";".join(
        f"第 {one.place} {one.name}{'(我)' if one.own else ''}"
        + (f" {one.value}" if one.value else "")
        + (f",升 {one.risen}" if (one.risen or 0) > 0 else f",降 {-one.risen}" if one.risen else "")
        for one in rows
    )
    return Drawing(key, title, told, [ladder(rows)])


def heat(
    spec: MetricSpec,
    title: str,
    columns: Sequence[date],
    rows: Sequence[Days],
    *,
    weeks: bool = False,
    shares: bool = False,
) -> Drawing:
    """`weeks`: the rows are weeks of one place, and the columns its weekdays. `shares`: percents and no amounts."""
    block, unit = heat_block(spec, columns, rows, weeks=weeks, shares=shares)
    told = heat_told(columns, rows) or "各天差不多"
    return Drawing(f"heat-{spec.key}", f"{title}({unit})" if unit else title, told, [block])


def days(spec: MetricSpec, values: Mapping[date, Decimal], last: date, count: int) -> Drawing:
    """A figure's last days."""
    known = [value for day, value in values.items() if last - timedelta(days=count) < day <= last]
    top = f",最高 {say_number(max(known), spec.shown_unit)}" if known else ""
    missing = f",缺 {count - len(known)} 天" if len(known) < count else ""
    block = by_day.days(values, spec.shown_unit, last, count)
    return Drawing(
        f"days-{spec.key}", f"{spec.name}近 {count} 天", f"{count} 天一天一根{top}{missing}", [block]
    )


def goal_map(trees: Sequence[Node], title: str, most: int = GOALS) -> Drawing | None:
    """The trees below one another, `most` goals of them, each leading to its page."""
    if not trees:
        return None
    each = max(most // len(trees), 1)
    blocks = [
        replace(block, height=block.height + 14)
        for tree in trees[:most]
        for block in [map_block(tree, each, links="/board/goal/")]
    ]
    shown = sum(size(fold(tree, each)) for tree in trees[:most])
    told = f"画了 {shown} 个目标,连线是谁支撑谁,粗线通到我的目标;全部在旁边的列表里"
    return Drawing(
        "map", f"目标地图 · {title}", told, blocks, wide=MAP_WIDTH, margin=MAP_MARGIN, followed=True
    )


def table(values: Mapping[date, Decimal], unit: str, last: date, count: int) -> tuple[tuple[str, str], ...]:
    """The same as words, newest first."""
    wanted = [last - timedelta(days=n) for n in range(count)]
    return tuple(
        (f"{say_short_day(day)} 周{WEEKDAYS[day.weekday()]}", by_day.said(values.get(day), unit))
        for day in wanted
    )
