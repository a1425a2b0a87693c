"""How goals and their numbers are said on every card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from okr.numbers import percent, say_number, say_pace, say_percent, say_progress
from okr.objectives import Basis, KeyResult, Kind, Measure, Objective, RollUp, State, Status
from okr.progress import is_inside, progress
from okr.stages import StageTarget, current_stage
from okr.status import Verdict

_LIGHTS = {
    Status.NOT_STARTED: "⚪",
    Status.ON_TRACK: "🟢",
    Status.BEHIND: "🟡",
    Status.AT_RISK: "🔴",
    Status.STALE: "🕒",
    Status.DUE: "⏰",
    Status.ACHIEVED: "✅",
    Status.MISSED: "❎",
    Status.CANCELLED: "🚫",
}
_RUNG_VALUES = (Decimal("0.3"), Decimal("0.7"), Decimal(1))
STATES = {
    State.DRAFT: "草稿",
    State.PENDING: "待审批",
    State.ACTIVE: "生效中",
    State.PAUSED: "已暂停",
    State.CLOSED: "已关闭",
    State.CANCELLED: "已取消",
    State.DELETED: "已删除",
}
ROLL_UPS = {
    RollUp.MANUAL: "自己填",
    RollUp.AVERAGE: "下级加权平均",
    RollUp.SUM: "下级相加",
}


def light(status: Status) -> str:
    """A light and a word: colour alone tells nothing to some people and in notifications."""
    return f"{_LIGHTS[status]} {status}"


def lamp(status: Status) -> str:
    """The light alone, where the word stands beside it."""
    return _LIGHTS[status]


def kr_name(kr: KeyResult) -> str:
    """The title with the period its number speaks of: 生鲜区客流量(日均)."""
    basis = kr.measure.basis
    if basis is Basis.LATEST or basis in kr.title:
        return kr.title
    return f"{kr.title}({basis})"


def o_name(objective: Objective) -> str:
    return f"{objective.ref}「{objective.title}」"


COVERED = "金额不公开"
"""Stands where an amount would, for who may not see it, and in groups."""


def say_amount(measure: Measure, value: Decimal, *, bare: bool = False) -> str:
    """A number of a key result with its unit (`bare`: without it, but for percents), or that it is not for everybody."""
    if measure.sealed:
        return COVERED
    return say_number(value, "" if bare and measure.unit != "%" else measure.unit)


def _percent_of(measure: Measure, value: Decimal) -> str:
    """What stands for a covered value: how far it is."""
    if measure.kind is Kind.MAINTAIN:
        return "在范围里" if is_inside(measure, value) else "出了范围"
    if measure.kind is Kind.BASELINE:
        return "摸清了"
    far = (
        progress(measure, value)
        if measure.start != measure.target or measure.kind is not Kind.NUMBER
        else None
    )
    return COVERED if far is None else say_progress(far)


def say_value(kr: KeyResult, value: Decimal | None) -> str:
    """A value as people say it, by the kind of the key result; the percent where its amounts are covered."""
    measure = kr.measure
    if measure.kind is Kind.MILESTONE:
        done = sum(milestone.done for milestone in measure.milestones)
        return f"{done}/{len(measure.milestones)} 步"
    if value is None:
        return "还没报过"
    if measure.sealed:
        return _percent_of(measure, value)
    if measure.kind in (Kind.BOOLEAN, Kind.BASELINE) and not measure.unit:
        return "完成" if value else "没完成"
    if measure.kind is Kind.ORDINAL and measure.rungs:
        return dict(zip(_RUNG_VALUES, measure.rungs, strict=True)).get(value, "还没到保底")
    return say_number(value, measure.unit)


def say_missing(kr: KeyResult) -> str:
    """How much is missing of a number: 60 家, 1.9 个点; empty where that may not be seen, or is no number."""
    measure = kr.measure
    if measure.kind is not Kind.NUMBER or measure.target is None or kr.value is None or measure.sealed:
        return ""
    return say_number(abs(measure.target - kr.value), "个点" if measure.unit == "%" else measure.unit)


def say_in_list(kr: KeyResult) -> str:
    """Its value beside its percent, where a covered one would only be the percent again."""
    return COVERED if kr.measure.sealed and kr.value is not None else say_value(kr, kr.value)


def say_step(kr: KeyResult, old: Decimal | None, new: Decimal | None, after: KeyResult | None = None) -> str:
    """`1,050 → 1,070 人`: the unit once. `after`: the key result as it is then, where its steps were ticked."""
    was, now = say_value(kr, old), say_value(after or kr, new)
    unit = kr.measure.unit
    if old is not None and unit not in ("", "%") and was.endswith(f" {unit}"):
        was = was.removesuffix(f" {unit}")
    return f"{was} → {now}"


def say_goal(measure: Measure) -> str:
    """Where a key result is to go: 从 1,000 到 1,100 人; what is unknown is said to be so."""
    if measure.sealed:
        return COVERED
    unit = measure.unit
    match measure.kind:
        case Kind.NUMBER:
            start = (
                say_number(measure.start, "" if unit != "%" else unit) if measure.start is not None else "?"
            )
            target = say_number(measure.target, unit) if measure.target is not None else f"? {unit}".strip()
            return f"从 {start} 到 {target}"
        case Kind.MAINTAIN:
            return _band(measure)
        case Kind.MILESTONE:
            return " → ".join(milestone.title for milestone in measure.milestones)
        case Kind.ORDINAL:
            return " / ".join(measure.rungs or ())
        case Kind.BASELINE:
            return "摸清现在是多少"
        case Kind.BOOLEAN:
            return "做成"


def _band(measure: Measure) -> str:
    unit = measure.unit
    if measure.low is not None and measure.high is not None:
        return f"保持在 {say_number(measure.low)}-{say_number(measure.high, unit)}"
    if measure.high is not None:
        return f"保持在 {say_number(measure.high, unit)} 以内"
    return f"保持在 {say_number(measure.low or Decimal(0), unit)} 以上"


_TICKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[Decimal]) -> str:
    """`▁▂▄▆█`: how a value went, oldest first; empty below three values, for they show nothing."""
    if len(values) < 3:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return _TICKS[3] * len(values)
    steps = len(_TICKS) - 1
    return "".join(_TICKS[int((value - low) / (high - low) * steps)] for value in values)


def say_standing(verdict: Verdict) -> str:
    """`70% 该到 58% 🟢`: how one of many stands, on one line of a phone."""
    progress = say_progress(verdict.progress)
    if not verdict.paced or verdict.status in (Status.ACHIEVED, Status.NOT_STARTED):
        return f"{progress} {light(verdict.status)}"
    shown = lamp(verdict.status) if verdict.status is Status.ON_TRACK else light(verdict.status)
    return f"{progress} 该到 {say_percent(verdict.expected)} {shown}"


def say_verdict(verdict: Verdict) -> str:
    """`70%   该到 58%   🟢 快 12 个百分点`, or without the pace where a kind has none."""
    progress = say_progress(verdict.progress)
    if not verdict.paced or verdict.status in (Status.ACHIEVED, Status.NOT_STARTED):
        return f"{progress}   {light(verdict.status)}"
    shown = lamp(verdict.status) if verdict.status is Status.ON_TRACK else light(verdict.status)
    return f"{progress}   该到 {say_percent(verdict.expected)}   {shown} {say_pace(verdict.gap_points)}"


def say_split(top_down: Decimal) -> str:
    """`70/30`: from above and from oneself."""
    share = percent(top_down)
    return f"{share}/{100 - share}"


STAGES_SHOWN = 4


def say_stages(stages: Sequence[StageTarget], measure: Measure, today: date | None = None) -> str:
    """`10月底 1,033 → 11月底 1,066(现在这段) → 12月底 1,100 人`; of many those around the current one and the last."""
    if not stages:
        return "不分阶段"
    if measure.sealed:
        stages = [replace(stage, value=None) for stage in stages]
    now = current_stage(stages, today) if today is not None else None
    place = stages.index(now) if now is not None else 0
    first = max(0, min(place - 1, len(stages) - STAGES_SHOWN))
    shown = list(stages[first : first + STAGES_SHOWN])
    unit = measure.unit if measure.unit == "%" else ""
    said = [
        say_stage(stage, measure.unit if stage is stages[-1] else unit)
        + ("(现在这段)" if stage is now else "")
        for stage in shown
    ]
    if shown[-1] is not stages[-1]:
        said += ["…", say_stage(stages[-1], measure.unit)]
    return " → ".join(said)


def say_stage(stage: StageTarget, unit: str) -> str:
    """`11月底 1,066 人`, or a percent of the way where it is no number."""
    day = stage.day
    is_end = (day + timedelta(days=1)).month != day.month
    when = f"{day.month}月底" if is_end else f"{day.month}月{day.day}日"
    far = say_percent(stage.share) if stage.value is None else say_number(stage.value, unit)
    return f"{when} {far}"
