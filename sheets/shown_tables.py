"""What is shown in a chat as rows of a table: goals, their history and changes, a ranking, days of a store, people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from okr.attainment import Attained, month_of
from okr.edit_trail import FIELDS, PLATFORMS, TrailLine, hides, hides_words
from okr.masking import names_figures
from okr.moments import day_of
from okr.objectives import KeyResult, Kind, Objective, State
from okr.origin import Origins
from okr.people import Person
from okr.policy import MetricSpec, Policy
from okr.progress import key_result_progress
from okr.ranking import Place
from okr.status import judge_objective
from sheets.spelling import Cell, Percent

COVERED = "金额不公开"
GOALS = (
    "负责人", "部门", "目标编号", "目标", "目标进度", "KR编号", "关键结果", "口径", "起始值", "目标值", "当前值", "单位", "更新日期", "报数人",
    "信心", "进度", "该到", "状态", "权重", "截止",
)  # fmt: skip
HISTORY = (
    "KR编号",
    "关键结果",
    "说的是哪天",
    "数值",
    "单位",
    "信心",
    "说明",
    "报数人",
    "记录时间",
    "补录",
    "已撤销",
)
RANKING = ("名次", "名字", "数值", "单位", "比上次")
PEOPLE = ("部门", "姓名", "工号", "岗位", "上级")


class Entry(Protocol):
    @property
    def value(self) -> Decimal | None: ...
    @property
    def confidence(self) -> int | None: ...
    @property
    def note(self) -> str: ...
    @property
    def on_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def source(self) -> str: ...
    @property
    def taken_back(self) -> bool: ...


def goal_lines(objective: Objective, owner: Person, today: date, policy: Policy) -> list[list[Cell]]:
    """A row for each key result that counts, covered where the objective is."""
    judged = judge_objective(objective, today, policy)
    whole: list[Cell] = [
        owner.name,
        owner.department,
        objective.ref,
        objective.title,
        Percent(judged.progress.clamped),
    ]
    rows: list[list[Cell]] = []
    for kr in objective.key_results:
        if kr.state is State.DELETED:
            continue
        verdict = judged.verdicts.get(kr.id)
        rows.append(
            [
                *whole,
                kr.ref,
                kr.title,
                *_numbers(kr, policy),
                kr.confidence,
                Percent(verdict.progress.raw) if verdict else None,
                Percent(verdict.expected) if verdict and verdict.paced else None,
                str(verdict.status) if verdict else str(kr.state),
                kr.weight if kr.share is None else Percent(kr.share),
                kr.due or objective.cycle.end,
            ]
        )
    return rows or [[*whole, *[None] * (len(GOALS) - len(whole))]]


def _numbers(kr: KeyResult, policy: Policy) -> list[Cell]:
    """What it measures: period, start, target, value, unit, day, who said it."""
    measure = kr.measure
    reading = None if measure.kind is Kind.MILESTONE else kr.reading
    day = day_of(reading.at, policy.zone) if reading else None
    source = reading.source if reading else ""
    if measure.sealed:
        return [str(measure.basis), COVERED, COVERED, COVERED, measure.unit, day, source]
    value = reading.value if reading else None
    return [str(measure.basis), measure.start, measure.target, value, measure.unit, day, source]


def history_line(objective: Objective, kr: KeyResult, entry: Entry, policy: Policy) -> list[Cell]:
    sealed = kr.measure.sealed
    late = day_of(entry.recorded_at, policy.zone) > objective.cycle.end
    return [
        kr.ref,
        kr.title,
        day_of(entry.on_at, policy.zone),
        COVERED if sealed and entry.value is not None else entry.value,
        kr.measure.unit,
        entry.confidence,
        COVERED if sealed and names_figures(entry.note) else entry.note,
        entry.source,
        entry.recorded_at.astimezone(policy.zone).replace(microsecond=0),
        "是" if late else "",
        "是" if entry.taken_back else "",
    ]


TRAIL = (
    "时间",
    "谁",
    "在哪儿",
    "做了什么",
    "KR编号",
    "哪一项",
    "从",
    "到",
    "原因",
    "申请编号",
    "谁同意的",
    "同意时说的",
)
ERASED = "已随离职抹去"


def trail_line(line: TrailLine, policy: Policy, *, covered: bool) -> list[Cell]:
    """`covered`: the amounts of its key result are not for the reader, nor what was written about them."""
    hidden = covered and hides(line)
    return [
        line.at.astimezone(policy.zone).replace(microsecond=0),
        line.actor or "机器人",
        PLATFORMS.get(line.platform, line.platform),
        line.action,
        f"KR{line.kr_id}" if line.kr_id is not None else "",
        FIELDS.get(line.field, ""),
        COVERED if hidden else _kept(line.old),
        COVERED if hidden else _kept(line.new),
        COVERED if covered and hides_words(line.reason) else _kept(line.reason),
        f"R{line.request_id}" if line.request_id is not None else "",
        line.approver,
        COVERED if covered and hides_words(line.decision) else _kept(line.decision),
    ]


def _kept(words: str | None) -> str:
    return ERASED if words is None else words


ATTAINED = ("KR编号", "关键结果", "达成率", "这个月变化", "这个月该变", "单位", "整个周期", "口径", "月份")


def attained_line(objective: Objective, kr: KeyResult, found: Attained, today: date) -> list[Cell]:
    """What is to fall has negative changes; those of a percent are points."""
    sealed = kr.measure.sealed
    month = month_of(today, objective.cycle)
    changes: list[Cell] = [found.gained, found.wanted]
    return [
        kr.ref,
        kr.title,
        None if found.share is None else Percent(found.share),
        *(COVERED if sealed and change is not None else change for change in changes),
        "个点" if kr.measure.unit == "%" else kr.measure.unit,
        Percent(key_result_progress(kr).clamped),
        str(kr.measure.basis),
        f"{month.first:%Y-%m}",
    ]


class Counted(Protocol):
    """As in `cards.origins`: one person of the team."""

    @property
    def name(self) -> str: ...
    @property
    def split(self) -> Origins: ...


ORIGINS = ("谁", "自上而下", "自下而上", "KR数", "在范围里", "人数")


def origin_lines(name: str, whole: Origins | None, rows: Sequence[Counted]) -> list[list[Cell]]:
    """The whole and, of several, each of them."""
    if whole is None:
        return []
    each = [(row.name, row.split) for row in rows] if len(rows) > 1 else []
    return [
        [
            who,
            Percent(split.top_down),
            Percent(split.bottom_up),
            split.key_results,
            "是" if split.within else "否",
            split.people,
        ]
        for who, split in ((name, whole), *each)
    ]


def ranking_lines(
    places: Sequence[Place], names: Mapping[str, str], mine: str, *, unit: str, percent: bool
) -> list[list[Cell]]:
    """The upper half and one's own row: nobody is shown who comes last."""
    upper = places[: (len(places) + 1) // 2]
    shown = [*upper, *(place for place in places if place.key == mine and place not in upper)]
    return [
        [
            place.place,
            names[place.key],
            Percent(place.value) if percent else place.value,
            "" if percent else unit,
            _moved(place, own=place.key == mine),
        ]
        for place in shown
    ]


def _moved(place: Place, *, own: bool) -> str:
    """Who has risen; of one's own also how far it fell."""
    risen = place.risen or 0
    return f"↑{risen}" if risen > 0 else f"↓{-risen}" if risen < 0 and own else ""


def day_header(specs: Sequence[MetricSpec]) -> list[str]:
    return [
        "日期",
        "门店",
        *(f"{spec.name}({spec.shown_unit})" if spec.shown_unit else spec.name for spec in specs),
    ]


def day_lines(
    unit: str, days: Sequence[date], values: Sequence[tuple[MetricSpec, Mapping[date, Any]]]
) -> list[list[Cell]]:
    """A row a day; what did not come in is empty, which is not 0."""
    return [[day, unit, *(_day_cell(spec, found.get(day)) for spec, found in values)] for day in days]


def _day_cell(spec: MetricSpec, value: Decimal | None) -> Cell:
    return Percent(value / 100) if value is not None and spec.is_percent else value


def person_line(person: Person, superior: str) -> list[Cell]:
    return [person.department or "没有部门", person.name, person.number, person.position, superior]
