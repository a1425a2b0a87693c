"""Goals as a page of the board shows them: a block an objective, a row a key result, with what reports on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cards.sayings import kr_name, lamp, say_goal, say_value
from okr.cycle import days_left
from okr.moments import say_moment
from okr.numbers import percent, say_pace
from okr.objectives import KeyResult, Kind, Objective, RollUp, State, Status
from okr.people import Person
from okr.policy import Policy
from okr.stages import current_stage, stage_targets
from okr.status import ObjectiveVerdict, Verdict, judge_objective
from okr.weights import percentages

KINDS = {
    Status.ON_TRACK: "well",
    Status.ACHIEVED: "done",
    Status.BEHIND: "slow",
    Status.AT_RISK: "risk",
    Status.DUE: "risk",
    Status.STALE: "stale",
    Status.NOT_STARTED: "idle",
    Status.MISSED: "idle",
    Status.CANCELLED: "idle",
}
"""The few colours that lights have on a page; the word stands beside each."""
GRAVE = (Status.AT_RISK, Status.DUE, Status.BEHIND, Status.STALE)


@dataclass(frozen=True, slots=True)
class Light:
    kind: str
    lamp: str
    word: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its label and the command it means. `done`: it has been chosen already."""

    label: str
    say: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A key result. `choices` are what is tapped instead of a number; `typed`: a number is typed."""

    ref: str
    name: str
    value: str
    goal: str
    done: int
    expected: int | None
    light: Light
    pace: str
    weight: int
    when: str
    source: str
    stage: str
    typed: bool
    unit: str
    choices: tuple[Choice, ...]
    fed: str


@dataclass(frozen=True, slots=True)
class Block:
    """An objective with its key results. `number` is what is watched for changes."""

    ref: str
    number: int
    title: str
    owner: str
    owner_number: str
    unit: str
    done: int
    expected: int
    light: Light
    pace: str
    rows: tuple[Row, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Total:
    """Several objectives together: the mean, what is expected, and how many have each light."""

    done: int
    expected: int
    pace: str
    counts: tuple[tuple[Light, int], ...]
    goals: int
    rows: int
    cycle: str
    days: int


def light_of(status: Status) -> Light:
    return Light(KINDS[status], lamp(status), str(status))


def block(objective: Objective, owner: Person, now: datetime, policy: Policy, *, reports: bool) -> Block:
    """`reports`: whether who looks may report on it."""
    today = now.astimezone(policy.zone).date()
    verdict = judge_objective(objective, today, policy)
    shares = dict(zip(verdict.weights, percentages(list(verdict.weights.values())), strict=True))
    return Block(
        ref=objective.ref,
        number=objective.id,
        title=objective.title,
        owner=owner.name,
        owner_number=owner.number,
        unit=owner.unit,
        done=percent(verdict.progress.clamped),
        expected=percent(verdict.expected),
        light=light_of(verdict.status),
        pace=say_pace(verdict.gap_points),
        rows=tuple(
            _row(objective, kr, verdict.verdicts[kr.id], shares[kr.id], now, policy, reports=reports)
            for kr in objective.counting
        ),
        status=verdict.status,
    )


def total(objectives: Sequence[Objective], verdicts: Sequence[ObjectiveVerdict], today: date) -> Total | None:
    """None where there are none; `verdicts` in their order."""
    if not objectives:
        return None
    done = sum((one.progress.clamped for one in verdicts), Decimal(0)) / len(verdicts)
    cycle = objectives[0].cycle
    return Total(
        done=percent(done),
        expected=percent(verdicts[0].expected),
        pace=say_pace(percent(verdicts[0].expected) - percent(done)),
        counts=_counts(verdicts),
        goals=len(objectives),
        rows=sum(len(one.verdicts) for one in verdicts),
        cycle=cycle.name,
        days=days_left(cycle, today),
    )


def _counts(verdicts: Sequence[ObjectiveVerdict]) -> tuple[tuple[Light, int], ...]:
    """Key results by their lights, the gravest first."""
    found = [one.status for verdict in verdicts for one in verdict.verdicts.values()]
    order = (*GRAVE, Status.NOT_STARTED, Status.ON_TRACK, Status.MISSED, Status.ACHIEVED)
    return tuple((light_of(status), found.count(status)) for status in order if status in found)


def _row(
    objective: Objective,
    kr: KeyResult,
    verdict: Verdict,
    weight: int,
    now: datetime,
    policy: Policy,
    *,
    reports: bool,
) -> Row:
    paced = verdict.paced and verdict.status not in (Status.ACHIEVED, Status.NOT_STARTED)
    stage = current_stage(stage_targets(kr, objective.cycle), now.astimezone(policy.zone).date())
    reports = reports and kr.state is State.ACTIVE and objective.state is State.ACTIVE
    fed = policy.metrics[kr.metric].name if kr.metric in policy.metrics else kr.metric
    by_hand = reports and not fed and kr.roll_up is RollUp.MANUAL
    return Row(
        ref=kr.ref,
        name=kr_name(kr),
        value=say_value(kr, kr.value),
        goal=say_goal(kr.measure),
        done=percent(verdict.progress.clamped),
        expected=percent(verdict.expected) if verdict.paced else None,
        light=light_of(verdict.status),
        pace=say_pace(verdict.gap_points) if paced else "",
        weight=weight,
        when=say_moment(kr.reading.at, now, policy.zone) if kr.reading else "",
        source=kr.reading.source if kr.reading else "",
        stage=f"{stage.day.month}月{stage.day.day}日前到 {percent(stage.share)}%" if stage else "",
        typed=by_hand and kr.measure.kind in (Kind.NUMBER, Kind.MAINTAIN, Kind.BASELINE),
        unit=kr.measure.unit,
        choices=_choices(kr) if by_hand else (),
        fed=fed,
    )


def _choices(kr: KeyResult) -> tuple[Choice, ...]:
    """What a key result without a number is reported with."""
    match kr.measure.kind:
        case Kind.BOOLEAN:
            return () if kr.value else (Choice("做成了", f"完成 {kr.ref}"),)
        case Kind.MILESTONE:
            return tuple(
                Choice(step.title, f"更新 {kr.ref} 完成 {step.title}", done=step.done)
                for step in kr.measure.milestones
            )
        case Kind.ORDINAL:
            return tuple(Choice(rung, f"更新 {kr.ref} {rung}") for rung in kr.measure.rungs or ())
    return ()
