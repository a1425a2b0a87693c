"""What 导出 makes of comparisons, figures and one's own work; of goals, rankings and people: `handlers.exporting`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cards.day_actions import say_team
from handlers import (
    comparing,
    dashboard,
    day_actions,
    day_targets,
    heat_maps,
    mechanisms,
    regions,
    side_by_side,
    todo,
    weekly,
)
from handlers.asking import Asking
from okr.comparison import FEWEST_PEOPLE
from okr.crossing import Crossed, Grouped
from sheets import figure_tables
from sheets.comparison_tables import (
    AGAINST,
    against_lines,
    comparison_sheet,
    crossed_sheet,
    grouped_sheet,
    regions_sheet,
)
from sheets.writing import Sheet


@dataclass(frozen=True, slots=True)
class Found:
    """`title` is the file's name; `note` is said with it."""

    title: str
    sheet: Sheet
    note: str = ""


Maker = Callable[[Asking], Awaitable[Found]]


async def _comparison(asking: Asking) -> Found:
    note = ""
    match await side_by_side.compared(asking, asking.rest):
        case Crossed() as one:
            sheet = crossed_sheet(one)
            note = f"不到 {FEWEST_PEOPLE} 个人的 {len(one.few)} 组不列" if one.few else ""
        case Grouped() as one:
            sheet = grouped_sheet(one)
        case one:
            sheet = comparison_sheet(one)
    return Found(f"对比 {sheet[0]}", sheet, note)


async def _regions(asking: Asking) -> Found:
    cycle, found, left_out = await regions.compared_regions(asking, asking.rest)
    note = f"人太少不比:{'、'.join(left_out[:4])}" if left_out else ""
    return Found(f"区域对比 {cycle}", regions_sheet(cycle, found), note)


async def _mechanisms(asking: Asking) -> Found:
    title, sheet = await mechanisms.sheet(asking, asking.rest)
    return Found(title, sheet, "前两行是两组合计,相差是百分点")


async def _against(asking: Asking) -> Found:
    one = await comparing.compared(asking)
    rows = against_lines(one.spec, one.window, one.against)
    title = f"环比同比 {one.unit} {one.spec.name} {one.span}"
    return Found(title, ("环比同比", AGAINST, rows), "同店的按营业天数折算,没有数的是空的")


async def _dashboard(asking: Asking) -> Found:
    board = await dashboard.glance(asking)
    rows = figure_tables.glance_lines(board)
    return Found(f"看板 {board.unit} {board.when.replace(':', '点')}", ("看板", figure_tables.GLANCE, rows))


async def _week(asking: Asking) -> Found:
    person, week = await weekly.told(asking)
    rows = figure_tables.week_lines(week.lines)
    return Found(f"周报 {person.name} {week.week.name}", ("周报", figure_tables.WEEK, rows))


async def _heat(asking: Asking) -> Found:
    spec, found = await heat_maps.meant(asking)
    header = figure_tables.heat_header(found.columns, weeks=found.weeks)
    unit = f",单位 {spec.shown_unit}" if spec.shown_unit else ""
    more = f",还有 {found.more} 家没列" if found.more else ""
    note = f"没有数进来的天是空的,不是 0{unit}{more}"
    return Found(f"热力图 {spec.name}", ("热力图", header, figure_tables.heat_lines(found.rows)), note)


async def _targets(asking: Asking) -> Found:
    days = await day_targets.meant_days(asking)
    rows = figure_tables.target_lines(days, asking.today)
    return Found(f"日目标 {asking.asker.name}", ("日目标", figure_tables.DAYS, rows))


async def _actions(asking: Asking) -> Found:
    rows = figure_tables.action_lines(await day_actions.listed(asking))
    team = await day_actions.team_of(asking)
    sheet = ("今日动作", figure_tables.ACTIONS, rows)
    return Found(f"今日动作 {asking.asker.name}", sheet, f"团队{say_team(team)}" if team else "")


async def _owed(asking: Asking) -> Found:
    rows = figure_tables.owed_lines(await todo.owed(asking))
    return Found(f"我的待办 {asking.asker.name}", ("我的待办", figure_tables.OWED, rows))


MAKERS: dict[str, Maker] = {
    "对比": _comparison,
    "区域对比": _regions,
    "机制对比": _mechanisms,
    "环比": _against,
    "同比": _against,
    "同店": _against,
    "看板": _dashboard,
    "周报": _week,
    "我的战报": _week,
    "热力图": _heat,
    "日目标": _targets,
    "今日目标": _targets,
    "今日动作": _actions,
    "今天动作": _actions,
    "我的待办": _owed,
    "待办": _owed,
}
