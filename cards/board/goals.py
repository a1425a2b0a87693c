"""Goals as a page of the board shows them: a block an objective, a row a key result, with what reports on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from cards.drawing.goal_rows import KINDS
from cards.goal import is_stale
from cards.sayings import kr_name, say_goal, say_stage, say_value
from okr.cycle import days_left
from okr.moments import say_moment
from okr.numbers import percent, say_pace
from okr.objectives import KeyResult, Kind, Objective, RollUp, State, Status
from okr.people import Person
from okr.policy import Policy
from okr.stages import current_stage, stage_targets
from okr.status import ObjectiveVerdict, Verdict, judge_objective
from okr.weights import percentages

GRAVE = (Status.AT_RISK, Status.DUE, Status.BEHIND, Status.STALE)


@dataclass(frozen=True, slots=True)
class Light:
    """`kind`: what its colour and shape are called in drawings."""

    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its label and the command it means. `done`: it has been chosen already."""

    label: str
    say: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of a goal; `way`: past, current or ahead."""

    said: str
    way: str


@dataclass(frozen=True, slots=True)
class Row:
    """A key result. `choices` are what is tapped instead of a number; `typed`: a number is typed.

    `stage` is the one that is being worked on. `stale`: since when its data have been silent; `override`: which
    figure somebody has typed over.
    """

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
    steps: tuple[Step, ...]
    stale: str
    override: str
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
    return Light(KINDS[status], str(status))


def block(
    objective: Objective,
    owner: Person,
    now: datetime,
    policy: Policy,
    *,
    reports: bool,
    stale: Collection[str] = (),
    verdict: ObjectiveVerdict | None = None,
) -> Block:
    """`reports`: whether who looks may report on it. `stale`: sources in trouble. `verdict`: where it is known."""
    verdict = verdict or judge_objective(objective, now.astimezone(policy.zone).date(), policy)
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
            _row(
                objective,
                kr,
                verdict.verdicts[kr.id],
                shares[kr.id],
                now,
                policy,
                reports=reports,
                stale=stale,
            )
            for kr in objective.counting
        ),
        status=verdict.status,
    )


def stale_goals(source: str, when: str, count: int) -> str:
    """A source that says nothing any more, and how many key results wait for it."""
    return f"{source} {when}以后没有新数据,{count} 个关键结果先按那时的数算"


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
    stale: Collection[str],
) -> Row:
    paced = verdict.paced and verdict.status not in (Status.ACHIEVED, Status.NOT_STARTED)
    steps = _steps(kr, objective, now.astimezone(policy.zone).date())
    when = say_moment(kr.reading.at, now, policy.zone) if kr.reading else ""
    reports = reports and kr.state is State.ACTIVE and objective.state is State.ACTIVE
    fed = policy.metrics[kr.metric].name if kr.metric in policy.metrics else kr.metric
    by_hand = reports and not fed and kr.roll_up is RollUp.MANUAL
    override = bool(fed) and kr.reading is not None and kr.reading.typed
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
        when=when,
        source=kr.reading.source if kr.reading else "",
        stage=_current(steps),
        steps=steps,
        stale=when if is_stale(kr, stale) else "",
        override=fed if override else "",
        typed=by_hand and kr.measure.kind in (Kind.NUMBER, Kind.MAINTAIN, Kind.BASELINE),
        unit=kr.measure.unit,
        choices=_choices(kr) if by_hand else _back_to_data(kr) if override and reports else (),
        fed=fed,
    )


def _steps(kr: KeyResult, objective: Objective, today: date) -> tuple[Step, ...]:
    """Its stages; amounts that are not for the reader as parts of the way."""
    stages = stage_targets(kr, objective.cycle)
    now = current_stage(stages, today)
    return tuple(
        Step(
            say_stage(replace(stage, value=None) if kr.measure.sealed else stage, kr.measure.unit),
            "current" if stage is now else "past" if now is not None and stage.day < now.day else "ahead",
        )
        for stage in stages
    )


def _current(steps: Sequence[Step]) -> str:
    """`第 2/3 段:11月底 1,066 人`; of a goal in one piece nothing."""
    place = next((at for at, step in enumerate(steps, 1) if step.way == "current"), 0)
    return f"第 {place}/{len(steps)} 段:{steps[place - 1].said}" if len(steps) > 1 and place else ""


def _back_to_data(kr: KeyResult) -> tuple[Choice, ...]:
    return (Choice("用回数据", f"用数据 {kr.ref}"),)


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
