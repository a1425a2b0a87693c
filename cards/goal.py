"""One objective, or one key result, looked at closely; and the formula behind a number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cards.sayings import (
    ROLL_UPS,
    STATES,
    kr_name,
    light,
    o_name,
    say_goal,
    say_in_list,
    say_stages,
    say_value,
    say_verdict,
)
from cards.scores import say_grade, say_score, say_scores
from cards.templating import render
from chat.card import Card
from okr.cycle import days_left
from okr.expected import follows_days
from okr.metrics import Figure
from okr.moments import say_date, say_day, say_moment
from okr.numbers import TENTH, half_up, say_number, say_pace, say_part, say_percent
from okr.objectives import Cycle, KeyResult, Kind, Objective, RollUp, State, Visibility
from okr.people import Person
from okr.policy import MetricSpec, Policy
from okr.scoring import mean_scores, scored
from okr.stages import stage_targets
from okr.status import judge_objective
from okr.weights import kr_weights, percentages

CHAIN = 3
"""Goals above that are told one by one."""


def objective_card(  # a view has many sides
    objective: Objective,
    owner: Person,
    *,
    own: bool,
    association: int,
    now: datetime,
    policy: Policy,
    pending: Sequence[str] = (),
    together: Sequence[str] = (),
    praised: bool = False,
) -> Card:
    """An objective with all its key results: a line each from five on, folded after six. `pending`: what waits for a decision."""
    today = now.astimezone(policy.zone).date()
    verdict = judge_objective(objective, today, policy)
    shares = dict(zip(verdict.weights, percentages(list(verdict.weights.values())), strict=True))
    return render(
        "objective",
        about=objective.ref,
        ref=objective.ref,
        title=objective.title,
        owner=owner.name,
        unit=owner.unit,
        own=own,
        seen="" if objective.visibility is Visibility.PUBLIC else str(objective.visibility),
        cycle=objective.cycle.name,
        days=days_left(objective.cycle, today),
        score=_say_objective_score(objective),
        state=STATES[objective.state] if objective.state is not State.ACTIVE else "",
        share=verdict.progress.clamped,
        expected=verdict.expected,
        light=light(verdict.status),
        pace=say_pace(verdict.gap_points),
        parent=f"KR{objective.parent_kr}" if objective.parent_kr else "",
        association=association,
        key_results=[
            {
                "ref": kr.ref,
                "name": kr_name(kr),
                "weight": shares[kr.id],
                "value": say_in_list(kr),
                "share": verdict.verdicts[kr.id].progress.clamped,
                "verdict": say_verdict(verdict.verdicts[kr.id]),
            }
            for kr in objective.counting
        ],
        pending=pending,
        together=together,
        praised=praised,
    )


def key_result_card(  # a view has many sides
    objective: Objective,
    kr: KeyResult,
    owner: Person,
    *,
    can_report: bool,
    now: datetime,
    policy: Policy,
    pending: Sequence[str] = (),
    together: Sequence[str] = (),
    today_wants: str = "",
    own: bool = True,
    stale: frozenset[str] = frozenset(),
) -> Card:
    """A key result with its measure, its last value and what it weighs. `together`: what is in its way, likes and comments.

    `stale`: sources in trouble.
    """
    today = now.astimezone(policy.zone).date()
    judged = judge_objective(objective, today, policy)
    verdict = judged.verdicts.get(kr.id)
    return render(
        "key_result",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        goal=say_goal(kr.measure),
        owner=owner.name,
        unit=owner.unit,
        objective=o_name(objective),
        weight=say_percent(judged.weights[kr.id]) if kr.id in judged.weights else "",
        state=STATES[kr.state] if kr.state is not State.ACTIVE else "",
        value=say_value(kr, kr.value),
        when=say_moment(kr.reading.at, now, policy.zone) if kr.reading else "",
        source=kr.reading.source if kr.reading else "",
        below="" if kr.roll_up is RollUp.MANUAL else ROLL_UPS[kr.roll_up],
        confidence=kr.confidence,
        due=say_day(kr.due, today) if kr.due else "",
        metric=policy.metrics[kr.metric].name if kr.metric in policy.metrics else kr.metric,
        override=bool(kr.metric) and kr.reading is not None and kr.reading.typed,
        stale=is_stale(kr, stale),
        share=verdict.progress.clamped if verdict else Decimal(0),
        verdict=say_verdict(verdict) if verdict else "",
        score=f"{say_score(kr.score)} {say_grade(kr.score, kr)}" if kr.score is not None else "",
        is_kpi=kr.is_kpi,
        meant=f"{kr.commitment} · {kr.origin}",
        stages=say_stages(stage_targets(kr, objective.cycle), kr.measure, today),
        can_report=can_report and kr.state is State.ACTIVE,
        pending=pending,
        together=together,
        today_wants=today_wants,
        praised=not own and kr.state is State.ACTIVE and objective.state is State.ACTIVE,
    )


def is_stale(kr: KeyResult, stale: Collection[str]) -> bool:
    """Whether what it shows is the last good value of a source in trouble."""
    return bool(kr.metric) and kr.reading is not None and not kr.reading.typed and kr.reading.source in stale


def _say_objective_score(objective: Objective) -> str:
    """What was confirmed or locked, the promised and the dared apart."""
    if objective.score is None:
        return ""
    given = {kr.id: kr.score for kr in objective.key_results if kr.score is not None}
    return say_scores(mean_scores(scored(objective, given)))


@dataclass(frozen=True, slots=True)
class Rung:
    """A goal above: its name, whose it is, and how much of it the one below makes up, of 1; 0 where only aligned.

    `name` is empty where the asker may not know what it is. `company`: it is the company's.
    """

    ref: str
    name: str
    owner: str
    share: Decimal
    company: bool = False


def say_figure(kr: KeyResult, figure: Figure, spec: MetricSpec, today: date) -> str:
    """What data a number is computed from: 销售额 · 本季累计 10月1日–今天; a division with both sides."""
    days = f"{say_day(figure.window.first, today)}–{say_date(figure.window.last, today)}"
    text = f"数据 {spec.name} · {kr.measure.basis} {days}"
    if kr.measure.sealed or figure.total is None or figure.over is None:
        return text
    value = "—" if figure.value is None else say_number(figure.value, spec.shown_unit)
    times = " × 100%" if spec.is_percent else ""
    return f"{text}:{say_number(figure.total)} ÷ {say_number(figure.over)}{times} = {value}"


def why_card(  # a number has many reasons
    objective: Objective,
    kr: KeyResult,
    *,
    chain: Sequence[Rung],
    direction: str,
    data: str = "",
    own: bool,
    can_report: bool,
    now: datetime,
    policy: Policy,
    stale: frozenset[str] = frozenset(),
) -> Card:
    """Why a key result stands where it stands: the formula with its numbers, the rule for the light, the chain up.

    `chain`: the goals above, the nearest first; `direction`: the annual objective all of it belongs to, by its name.
    """
    today = now.astimezone(policy.zone).date()
    judged = judge_objective(objective, today, policy)
    verdict = judged.verdicts[kr.id]
    cycle = objective.cycle
    return render(
        "why",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        light=light(verdict.status),
        status=str(verdict.status),
        formula=_formula(kr),
        progress=say_percent(verdict.progress.clamped),
        value=say_value(kr, kr.value),
        when=say_moment(kr.reading.at, now, policy.zone) if kr.reading else "",
        source=kr.reading.source if kr.reading else "",
        below="" if kr.roll_up is RollUp.MANUAL else ROLL_UPS[kr.roll_up],
        data=data,
        stale=is_stale(kr, stale),
        paced=verdict.paced,
        curve=_say_days(kr, cycle, today),
        passed=(min(today, kr.due or cycle.end) - cycle.start).days,
        length=((kr.due or cycle.end) - cycle.start).days,
        expected=say_percent(verdict.expected),
        pace=say_pace(verdict.gap_points),
        behind=policy.behind_points,
        at_risk=policy.at_risk_points,
        rhythm=policy.rhythm_days,
        confidence=kr.confidence,
        objective=o_name(objective),
        o_progress=say_percent(judged.progress.clamped),
        parts=_parts(objective, judged.verdicts),
        weight=say_percent(judged.weights[kr.id]),
        shares=_shares(chain),
        own=own,
        can_report=can_report,
        chain=[{"ref": rung.ref, "name": rung.name, "owner": rung.owner} for rung in chain[:CHAIN]],
        more=max(0, len(chain) - CHAIN),
        direction=direction,
    )


def _say_days(kr: KeyResult, cycle: Cycle, today: date) -> str:
    """How much of the way the days before today carry, where they are not alike; empty for the straight line."""
    if kr.curve is None or not follows_days(kr, cycle):
        return ""
    first, last = kr.curve.span(today)
    before = Decimal(kr.curve.between(first, today - timedelta(days=1))) / 1000
    whole = Decimal(kr.curve.between(first, last)) / 1000
    return f"昨天为止 {half_up(before, TENTH)} ÷ {'本月' if kr.curve.monthly else '全程'} {half_up(whole, TENTH)} 个平常天"


def _shares(chain: Sequence[Rung]) -> list[str]:
    """How much of the nearest and of the company's: `KR7 的 12%`, `公司 KR1 的 0.4%`."""
    counted = [rung for rung in chain if rung.share]
    ends = [*counted[:1], *[rung for rung in counted[1:] if rung.company][:1]] or counted[:1]
    return [f"{'公司 ' if rung.company else ''}{rung.ref} 的 {say_part(rung.share)}" for rung in ends]


def _formula(kr: KeyResult) -> str:
    """The progress formula with the numbers in it; empty where the kind has none."""
    measure, value = kr.measure, kr.value
    if measure.sealed:
        return "按起点、现在和目标算(金额不公开)"
    if (
        measure.kind is Kind.NUMBER
        and value is not None
        and measure.start is not None
        and measure.target is not None
    ):
        now, start, target = (say_number(number) for number in (value, measure.start, measure.target))
        return f"(现在 {now} − 起点 {start}) ÷ (目标 {target} − 起点 {start})"
    if measure.kind is Kind.MILESTONE:
        return "已完成的步骤的权重之和"
    if measure.kind is Kind.MAINTAIN:
        return "在范围里算 100%,出了范围按偏离多少往下扣"
    if measure.kind is Kind.ORDINAL:
        return "保底 30%,目标 70%,挑战 100%"
    return ""


def _parts(objective: Objective, verdicts: Any) -> str:
    """The objective's sum in words: `70%×25% + 37%×50% + 0%×25%`."""
    weights = kr_weights(objective)
    shares = dict(zip(weights, percentages(list(weights.values())), strict=True))
    return " + ".join(
        f"{say_percent(verdicts[kr.id].progress.clamped)}×{shares[kr.id]}%" for kr in objective.counting
    )
