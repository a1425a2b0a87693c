"""From what a report says to the value it means, or to the question it raises. Nothing is written here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from cards import actions
from cards.notices import Choice, notice, question
from cards.sayings import kr_name, say_amount, say_goal, say_value
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.reading.numbers import Meaning, Quantity
from handlers.reports import Report
from okr.lifecycle import is_late
from okr.moments import say_date, say_day, say_moment
from okr.numbers import say_number
from okr.objectives import KeyResult, Kind, Measure, Milestone, Objective, State
from okr.readings import RUNGS, Way, next_value
from okr.refusals import NotADoneGoal, NotANumberGoal, NotInForce
from okr.rollup import check_typed
from storage import check_ins

LONGEST_NOTE = 500
_REASON = re.compile(r"^(?:原因|因为|理由)\s*[::]?\s*\S")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Writing:
    """One value about to be written: on what, from what it was to what it will be."""

    objective: Objective
    kr: KeyResult
    value: Decimal
    old: Decimal | None = None
    """What was known of that day before."""
    note: str = ""
    day: date | None = None
    milestones: tuple[Milestone, ...] = ()
    change: bool = False
    """Whether it was said as a change of `old`, such as `+20`: then it comes after `old`, whenever it was said."""

    @property
    def why(self) -> str:
        """The note as it is kept: wherever it is shown it stands behind a word of its own."""
        return self.note.removeprefix("原因").strip(" :,")


async def require_running(asking: Asking, goal: Goal) -> None:
    """Raises NotYours, CycleClosed, NotInForce. After the end of a cycle it goes on until its scores are locked."""
    objective, kr = goal
    await goals.require_reporter(asking, objective, kr.ref)
    is_late(objective.cycle.state, objective.cycle, asking.today, name=objective.cycle.name)
    if objective.state is not State.ACTIVE or kr.state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(objective.state if objective.state is not State.ACTIVE else kr.state))


async def value_of(asking: Asking, goal: Goal, report: Report) -> Writing | Answer:
    """The value a report means, or the question it raises."""
    objective, kr = goal
    check_typed(kr.ref, kr.roll_up)
    over_data = kr.metric and kr.reading is not None and not kr.reading.typed
    reasoned = _REASON.match(report.note) is not None
    if report.day is not None and report.day > asking.today:
        raise Misunderstood(
            notice("future_day", about=kr.ref, day=say_date(report.day, asking.today), ref=kr.ref)
        )
    if report.day is not None and report.day < objective.cycle.start:
        said, start = (say_day(one, asking.today) for one in (report.day, objective.cycle.start))
        raise Misunderstood(notice("before_cycle", about=kr.ref, day=said, start=start, ref=kr.ref))
    day = None if report.day == asking.today else report.day
    old = kr.value if day is None else await _value_on(asking, kr, day)
    done = Writing(objective, kr, ONE, old, report.note[:LONGEST_NOTE], day)
    if over_data and report.quantity is None:
        return fed(asking, kr)
    if report.done:
        return _done(done, report)
    if report.same:
        return what_value(kr) if old is None else replace(done, value=old)
    if report.rung:
        return replace(done, value=_rung(kr.measure, report.rung))
    quantity = report.quantity
    assert quantity is not None
    if quantity.percent and kr.measure.unit not in ("%", "") and kr.measure.kind is Kind.NUMBER:
        return progress_or_value(kr, quantity)
    if kr.measure.kind in (Kind.BOOLEAN, Kind.BASELINE) and quantity.meaning is Meaning.CHANGE:
        raise NotANumberGoal(kr.ref, str(kr.measure.kind))
    change = quantity.meaning is Meaning.CHANGE
    way = Way.ADD if change else Way.SET
    value = next_value(kr.measure, old, quantity.value, way, ref=kr.ref)
    if over_data and not reasoned:
        return over_data_card(asking, kr, value)
    return replace(done, value=value, change=change)


async def _value_on(asking: Asking, kr: KeyResult, day: date) -> Decimal | None:
    held = await check_ins.latest_value(asking.session, kr.id, until=moment_of(asking, day))
    return held.value if held is not None else None


def moment_of(asking: Asking, day: date) -> datetime:
    """A day that is over speaks of its last moment."""
    return datetime.combine(day + timedelta(days=1), time(), asking.policy.zone) - timedelta(seconds=1)


def _done(writing: Writing, report: Report) -> Writing | Answer:
    """完成 ticks a yes/no, one step of a list, or is asked about where a number is wanted."""
    kr = writing.kr
    match kr.measure.kind:
        case Kind.BOOLEAN | Kind.BASELINE:
            return writing
        case Kind.MILESTONE:
            return _step_done(writing, report.step)
        case Kind.ORDINAL:
            return replace(writing, value=RUNGS[2])
        case Kind.MAINTAIN:
            raise NotADoneGoal(kr.ref)
        case Kind.NUMBER:
            assert kr.measure.target is not None
            target = "目标" if kr.measure.sealed else say_amount(kr.measure, kr.measure.target)
            return shown(
                question(
                    "what_value",
                    [Choice(f"到 {target} 了", actions.update(kr.ref, kr.measure.target))],
                    about=kr.ref,
                    awaits=f"更新 {kr.ref}",
                    ref=kr.ref,
                    name=kr_name(kr),
                    old=say_value(kr, kr.value),
                    goal=say_goal(kr.measure),
                ),
                restricted=kr.measure.sealed,  # its button says the target
            )


def _step_done(writing: Writing, step: str) -> Writing | Answer:
    kr = writing.kr
    open_steps = [m for m in kr.measure.milestones if not m.done]
    meant = [m for m in open_steps if step and step in m.title] or (
        open_steps if len(open_steps) == 1 and not step else []
    )
    if len(meant) != 1:
        return what_value(kr)
    milestones = tuple(replace(m, done=True) if m is meant[0] else m for m in kr.measure.milestones)
    total = sum((m.weight for m in milestones), Decimal(0))
    share = sum((m.weight for m in milestones if m.done), Decimal(0)) / total
    return replace(
        writing, value=share.quantize(Decimal("0.000001")), note=meant[0].title, milestones=milestones
    )


def _rung(measure: Measure, word: str) -> Decimal:
    named = dict(zip(measure.rungs or (), RUNGS[1:], strict=True))
    return named.get(word) or dict(zip(("保底", "目标", "挑战"), RUNGS[1:], strict=True))[word]


def what_value(kr: KeyResult) -> Answer:
    """Where does it stand? The next words are taken for the number."""
    choices: list[Choice] = []
    if kr.measure.kind in (Kind.BOOLEAN, Kind.BASELINE):
        choices = [Choice("完成了", f"更新 {kr.ref} 完成")]
    elif kr.measure.kind is Kind.MILESTONE:
        choices = [
            Choice(f"完成 {m.title}"[:10], f"更新 {kr.ref} 完成 {m.title}")
            for m in kr.measure.milestones
            if not m.done
        ][:4]
    elif kr.measure.kind is Kind.ORDINAL:
        choices = [Choice(word, f"更新 {kr.ref} {word}") for word in ("保底", "目标", "挑战")]
    if kr.value is not None:
        choices.append(Choice("没变化", f"更新 {kr.ref} 不变"))
    return shown(
        question(
            "what_value",
            choices,
            about=kr.ref,
            awaits=f"更新 {kr.ref}",
            ref=kr.ref,
            name=kr_name(kr),
            old=say_value(kr, kr.value),
            goal=say_goal(kr.measure),
        )
    )


def progress_or_value(kr: KeyResult, quantity: Quantity) -> Answer:
    """KR34完成80%: eighty percent of the way, or the value eighty?"""
    choices = []
    measure = kr.measure
    if measure.start is not None and measure.target is not None:
        value = measure.start + (measure.target - measure.start) * quantity.value / 100
        choices.append(Choice(f"进度 {quantity.value:f}%", actions.update(kr.ref, value)))
    choices.append(
        Choice(f"数值 {say_number(quantity.value, measure.unit)}", actions.update(kr.ref, quantity.value))
    )
    return shown(
        question(
            "progress_or_value",
            choices,
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            said=f"{quantity.value:f}%",
        ),
        restricted=measure.sealed,  # its buttons say amounts
    )


def over_data_card(asking: Asking, kr: KeyResult, value: Decimal) -> Answer:
    """Typing over what a source feeds asks for a reason, which completes the command."""
    reading = kr.reading
    assert reading is not None
    command = actions.update(kr.ref, value)
    return shown(
        question(
            "over_data",
            [Choice("不改了", actions.NEVER_MIND)],
            about=kr.ref,
            awaits=f"{command} 原因",
            ref=kr.ref,
            name=kr_name(kr),
            source=reading.source,
            old=say_value(kr, kr.value),
            new=say_value(kr, value),
            typed=f"{value:f}",
            when=say_moment(reading.at, asking.now, asking.policy.zone),
        ),
        restricted=kr.measure.sealed,
    )


def fed(asking: Asking, kr: KeyResult) -> Answer:
    """A key result that a source feeds is shown with what the source said last; nothing is written."""
    reading = kr.reading
    metric = asking.policy.metrics.get(kr.metric)
    return shown(
        notice(
            "fed_by_data",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            value=say_value(kr, kr.value),
            source=reading.source if reading else metric.name if metric else kr.metric,
            when=say_moment(reading.at, asking.now, asking.policy.zone) if reading else "",
        )
    )
