"""Goals and what was reported on them as rows of a table. What goes out can be read in again by `sheets.goals`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from okr.moments import day_of
from okr.objectives import KeyResult, Kind, Objective, State
from okr.people import Person
from okr.policy import Policy
from okr.status import judge_objective
from sheets import goal_cells
from sheets.spelling import Cell, Percent

STATES = {
    State.DRAFT: "草稿",
    State.PENDING: "待审批",
    State.ACTIVE: "生效中",
    State.PAUSED: "已暂停",
    State.CLOSED: "已关闭",
    State.CANCELLED: "已取消",
    State.DELETED: "已删除",
}
GOAL_HEADER = (
    "工号", "姓名", "部门", "周期", "目标编号", "目标", "目标状态", "目标进度", "目标评分", "KR编号", "关键结果", "类型", "口径",
    "单位", "起始值", "目标值", "下限", "上限", "容差", "步骤", "档位", "权重", "承诺/挑战", "来源", "日常指标", "数据", "对齐",
    "截止", "阶段", "当前值", "更新日期", "报数人", "信心", "进度", "状态", "评分", "评分说明",
)  # fmt: skip
CHECK_IN_HEADER = (
    "周期", "工号", "姓名", "目标编号", "目标", "KR编号", "关键结果", "数值", "单位", "信心", "说明", "说的是哪天", "记录时间",
    "报数人", "平台", "补录", "已撤销",
)  # fmt: skip
_PLATFORMS = {"dingtalk": "钉钉", "wecom": "企业微信"}


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One check-in with what it is about. Moments are aware."""

    owner: Person
    objective: Objective
    kr: KeyResult
    value: Decimal | None
    confidence: int | None
    note: str
    on_at: datetime
    recorded_at: datetime
    source: str
    platform: str
    taken_back: bool


def goal_rows(
    objective: Objective,
    owner: Person,
    today: date,
    policy: Policy,
    *,
    supports: str = "",
    notes: dict[int, str] | None = None,
) -> list[list[Cell]]:
    """A row for each key result, or one for an objective that has none.

    `supports` is what the objective supports, as `GoalLine.supports`; `notes` what was said with a score, by key
    result ids.
    """
    judged = judge_objective(objective, today, policy)
    whole: list[Cell] = [
        owner.number,
        owner.name,
        owner.department,
        objective.cycle.name,
        objective.ref,
        objective.title,
        STATES[objective.state],
        Percent(judged.progress.clamped),
        objective.score,
    ]
    kept = [kr for kr in objective.key_results if kr.state is not State.DELETED]
    if not kept:
        return [[*whole, *[None] * (len(GOAL_HEADER) - len(whole))]]
    rows: list[list[Cell]] = []
    for kr in kept:
        verdict = judged.verdicts.get(kr.id)
        progress = Percent(verdict.progress.raw) if verdict else None
        status = str(verdict.status) if verdict else STATES[kr.state]
        note = (notes or {}).get(kr.id, "")
        rows.append(
            [*whole, *_definition(kr, supports), *_standing(kr, policy), progress, status, kr.score, note]
        )
    return rows


def _definition(kr: KeyResult, supports: str) -> list[Cell]:
    measure = kr.measure
    metric = f"{kr.metric} 本人" if kr.metric and kr.metric_own else kr.metric
    return [
        kr.ref,
        kr.title,
        goal_cells.KINDS[measure.kind],
        str(measure.basis),
        measure.unit,
        measure.start,
        measure.target,
        measure.low,
        measure.high,
        measure.tolerance,
        goal_cells.steps_text(measure.milestones),
        goal_cells.rungs_text(measure.rungs),
        goal_cells.weight_text(kr.weight, kr.share),
        str(kr.commitment),
        str(kr.origin),
        "是" if kr.is_kpi else "",
        metric,
        supports,
        kr.due,
        goal_cells.stages_text(kr.stages),
    ]


def _standing(kr: KeyResult, policy: Policy) -> list[Cell]:
    """The last value, its day, who said it, and the confidence. Steps that are done say their own value."""
    reading = None if kr.measure.kind is Kind.MILESTONE else kr.reading
    return [
        reading.value if reading else None,
        day_of(reading.at, policy.zone) if reading else None,
        reading.source if reading else "",
        kr.confidence,
    ]


def check_in_row(line: CheckInLine, policy: Policy) -> list[Cell]:
    late = day_of(line.recorded_at, policy.zone) > line.objective.cycle.end
    return [
        line.objective.cycle.name,
        line.owner.number,
        line.owner.name,
        line.objective.ref,
        line.objective.title,
        line.kr.ref,
        line.kr.title,
        line.value,
        line.kr.measure.unit,
        line.confidence,
        line.note,
        day_of(line.on_at, policy.zone),
        _whole_seconds(line.recorded_at.astimezone(policy.zone)),
        line.source,
        _PLATFORMS.get(line.platform, line.platform),
        "是" if late else "",
        "是" if line.taken_back else "",
    ]


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
