"""What is shown of figures and of a person's work as rows of a table: a unit at a glance, a week, days, what is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from okr.moments import WEEKDAYS
from okr.numbers import CENT, half_up, say_points
from okr.objectives import KeyResult, Kind, Status
from okr.weekly import KrWeek
from sheets.shown_tables import COVERED
from sheets.spelling import Cell, Percent


class Tallied(Protocol):
    """As in `cards.dashboard`: a figure of a unit."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def today(self) -> Decimal | None: ...
    @property
    def week(self) -> Decimal | None: ...
    @property
    def wanted(self) -> Decimal | None: ...
    @property
    def amounts(self) -> bool: ...


class Helped(Protocol):
    """As in `cards.dashboard`: a key result that could do with help."""

    @property
    def ref(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def progress(self) -> Decimal: ...


class Glance(Protocol):
    """As in `cards.dashboard`."""

    @property
    def goals(self) -> int: ...
    @property
    def done(self) -> Decimal: ...
    @property
    def expected(self) -> Decimal: ...
    @property
    def statuses(self) -> Sequence[Status]: ...
    @property
    def updated(self) -> int: ...
    @property
    def due(self) -> int: ...
    @property
    def figures(self) -> Sequence[Tallied]: ...
    @property
    def place(self) -> str: ...
    @property
    def helped(self) -> Sequence[Helped]: ...


GLANCE = ("项目", "数", "单位", "日目标", "本周", "说明")


def glance_lines(board: Glance) -> list[list[Cell]]:
    """The unit's goals, their lights, its figures, its place, and what could do with help."""
    rows: list[list[Cell]] = [
        ["目标", board.goals, "个", None, None, ""],
        ["平均进度", Percent(board.done), "", None, None, ""],
        ["按时间该到", Percent(board.expected), "", None, None, ""],
    ]
    lights = Counter(board.statuses)
    rows += [[f"目标{status}", lights[status], "个", None, None, ""] for status in Status if lights[status]]
    if board.due:
        rows.append(
            [
                "按时更新",
                Percent(Decimal(board.updated) / board.due),
                "",
                None,
                None,
                f"{board.due} 个里 {board.updated} 个",
            ]
        )
    rows += [
        [f"{one.name} 今天", one.today, one.unit, one.wanted, one.week, ""]
        if one.amounts
        else [f"{one.name} 今天", COVERED, "", COVERED, COVERED, ""]
        for one in board.figures
    ]
    if board.place:
        rows.append(["门店名次", board.place, "", None, None, "按目标进度"])
    rows += [
        [
            f"要帮一把 {one.ref}",
            Percent(one.progress),
            "",
            None,
            None,
            f"{one.title} · {one.owner} · {one.status}",
        ]
        for one in board.helped
    ]
    return rows


WEEK = ("KR编号", "关键结果", "现在", "单位", "比上周", "进度", "该到", "差", "预计季末", "状态", "这周报过")


def week_lines(lines: Sequence[KrWeek]) -> list[list[Cell]]:
    """A row for each key result of somebody's week."""
    return [_week_line(line) for line in lines]


def _week_line(line: KrWeek) -> list[Cell]:
    kr, verdict = line.kr, line.verdict
    numbers = kr.measure.kind is not Kind.MILESTONE
    amounts: list[Cell] = [COVERED, kr.measure.unit, COVERED] if kr.measure.sealed else []
    ahead = line.ahead.value if line.ahead is not None and numbers else None
    return [
        kr.ref,
        kr.title,
        *(amounts or [kr.value if numbers else None, kr.measure.unit, line.change if numbers else None]),
        Percent(verdict.progress.raw),
        Percent(verdict.expected) if verdict.paced else None,
        say_points(verdict.gap_points) if verdict.paced and verdict.gap_points > 0 else "",
        COVERED if kr.measure.sealed and ahead is not None else ahead,
        str(verdict.status),
        "是" if line.reported else "",
    ]


class Dayed(Protocol):
    """As in `cards.day_targets`."""

    @property
    def kr(self) -> KeyResult: ...
    @property
    def brought(self) -> Decimal | None: ...
    @property
    def week(self) -> Mapping[date, Decimal]: ...


DAYS = ("KR编号", "关键结果", "哪天", "要做", "已到", "单位")


def target_lines(days: Sequence[Dayed], today: date) -> list[list[Cell]]:
    """What each day to come has to bring, and what today has brought."""
    return [
        [
            one.kr.ref,
            one.kr.title,
            day,
            COVERED if one.kr.measure.sealed else half_up(amount, CENT),
            _brought(one) if day == today else None,
            one.kr.measure.unit,
        ]
        for one in days
        for day, amount in sorted(one.week.items())
    ]


def _brought(one: Dayed) -> Cell:
    return COVERED if one.kr.measure.sealed and one.brought is not None else one.brought


class Acted(Protocol):
    """As in `cards.day_actions`."""

    @property
    def ref(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def until(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def done(self) -> bool: ...
    @property
    def about(self) -> str: ...
    @property
    def by(self) -> str: ...


ACTIONS = ("编号", "要做的", "几点前", "哪天的", "做完了", "为了哪个KR", "谁安排的")


def action_lines(lines: Sequence[Acted]) -> list[list[Cell]]:
    """What somebody has to do today, and what is left of the days before."""
    return [
        [one.ref, one.words, one.until, one.day, "是" if one.done else "", one.about, one.by] for one in lines
    ]


class Owed(Protocol):
    """As in `cards.todo`."""

    @property
    def text(self) -> str: ...
    @property
    def say(self) -> str: ...
    @property
    def overdue(self) -> bool: ...


OWED = ("欠着什么", "过了时候", "怎么办")


def owed_lines(duties: Sequence[Owed]) -> list[list[Cell]]:
    """Overdue first, as on the card."""
    ordered = sorted(duties, key=lambda one: not one.overdue)
    return [[one.text, "是" if one.overdue else "", f"发:{one.say}"] for one in ordered]


class Heated(Protocol):
    """As in `cards.heat_map`: a row."""

    @property
    def name(self) -> str: ...
    @property
    def values(self) -> Sequence[Decimal | None]: ...


def heat_header(columns: Sequence[date], *, weeks: bool) -> list[str]:
    """The days; of weeks their weekdays."""
    return [
        "周" if weeks else "门店",
        *(f"周{WEEKDAYS[day.weekday()]}" if weeks else f"{day:%Y-%m-%d}" for day in columns),
    ]


def heat_lines(rows: Sequence[Heated]) -> list[list[Cell]]:
    """A missing day is empty, which is not 0."""
    return [[row.name, *row.values] for row in rows]
