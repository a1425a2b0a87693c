"""Writing values down, or asking first about what looks like a slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from cards import actions
from cards.checked_in import Step, checked_in
from cards.notices import Choice, question
from cards.sayings import kr_name, say_goal, say_step, say_value
from chat.answers import Answer
from handlers.asking import Asking, shown
from handlers.goals import Goal
from handlers.meaning import Writing, moment_of, require_running, value_of
from handlers.reports import Report
from okr.moments import say_date
from okr.objectives import KeyResult, Measure, Objective, Reading
from okr.readings import falls, in_ten_thousands, is_jump
from storage import check_ins, objectives, roll_ups
from storage.check_ins import Entry

MAIN = "是的,记上"
NOTE_ON_A_BUTTON = 20
"""Characters: a button holds 512 bytes, and several values may be on one."""


async def write(asking: Asking, writings: Sequence[Writing]) -> Answer:
    """Write the values, in one transaction, or ask back first what looks like a slip."""
    if asking.spoken and not asking.confirmed:
        return ask_first(asking, writings)
    for writing in writings:
        if not asking.confirmed and (doubt := _doubt(writing)) is not None:
            return doubt
    before = {writing.objective.id: writing.objective for writing in writings}
    after = dict(before)
    steps: list[Step] = []
    for writing in writings:
        changed = await _record(asking, writing)
        objective = after[writing.objective.id]
        after[objective.id] = _with(objective, changed)
        steps.append(Step(writing.kr, changed, writing.old, writing.value, writing.why, writing.day))
    for objective in after.values():
        await roll_ups.follow(asking.session, objective, asking.now)
    first = writings[0].objective.id
    return shown(checked_in(before[first], after[first], steps, asking.today, asking.policy), in_place=True)


async def ask_about(asking: Asking, goal: Goal, report: Report) -> Answer:
    """What a sentence says about one key result, confirmed before it is written."""
    await require_running(asking, goal)
    writing = await value_of(asking, goal, report)
    return writing if isinstance(writing, Answer) else ask_first(asking, [writing])


def ask_first(asking: Asking, writings: Sequence[Writing], *, unknown: str = "") -> Answer:
    """What a sentence would write is confirmed by one tap; a slip is not asked about a second time.

    `unknown`: words whose key result was not found.
    """
    if len(writings) == 1 and (doubt := _doubt(writings[0])) is not None:
        return doubt
    changes = [
        {
            "ref": writing.kr.ref,
            "name": kr_name(writing.kr),
            "step": say_step(
                writing.kr, writing.old, writing.value, replace(writing.kr, measure=marked(writing))
            ),
            "day": say_date(writing.day, asking.today) if writing.day else "",
        }
        for writing in writings
    ]
    return shown(
        question(
            "confirm_update",
            [Choice(MAIN, say(writings)), Choice("不是", actions.NEVER_MIND)],
            about=writings[0].kr.ref,
            changes=changes,
            unknown=unknown,
        ),
        restricted=any(_tells(writing) for writing in writings),
    )


def say(writings: Sequence[Writing]) -> str:
    """The command that writes these values."""
    return "更新 " + "; ".join(
        actions.update(
            writing.kr.ref,
            writing.value,
            writing.day.isoformat() if writing.day else "",
            _brief(writing.note),
        ).removeprefix("更新 ")
        if not writing.milestones
        else f"{writing.kr.ref} 完成 {writing.note}"
        for writing in writings
    )


def _brief(note: str) -> str:
    """A note as a button can carry it."""
    return note[:NOTE_ON_A_BUTTON].replace(";", ",")


def _doubt(writing: Writing) -> Answer | None:
    """A question about what looks like a slip: more than half the way at once, a sum that became smaller."""
    kr = writing.kr
    if falls(kr.measure, writing.old, writing.value):
        template = "falls"
    elif is_jump(kr.measure, writing.old, writing.value):
        template = "jump"
    else:
        return None
    known = writing.old if writing.old is not None else kr.measure.start
    choices = [Choice(MAIN, actions.confirmed(say([writing]))), Choice("打错了", actions.NEVER_MIND)]
    meant = None if writing.change else in_ten_thousands(kr.measure, writing.old, writing.value)
    if meant is not None:
        likely = replace(writing, value=meant)
        choices.insert(0, Choice(f"是 {say_value(kr, meant)}", actions.confirmed(say([likely]))))
    return shown(
        question(
            template,
            choices,
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            step=say_step(kr, known, writing.value),
            goal=say_goal(kr.measure),
            likely=choices[0].label.removeprefix("是 ") if meant is not None else "",
        ),
        restricted=_tells(writing),
    )


def _tells(writing: Writing) -> bool:
    """Whether the button that writes it would say an amount that its asker has not said: what +20 comes to."""
    return writing.kr.measure.sealed and writing.change


async def _record(asking: Asking, writing: Writing) -> KeyResult:
    """Write one value and return the key result as it is now."""
    kr = writing.kr
    at = _speaks_of(asking, writing)
    entry = entry_of(asking, kr, at, writing.why, value=writing.value)
    await check_ins.record_value(asking.session, kr, entry)
    if writing.milestones:
        await objectives.mark_milestones(asking.session, kr, writing.milestones)
    newest = kr.reading is None or at >= kr.reading.at
    reading = Reading(writing.value, at, asking.asker.name) if newest else kr.reading
    return replace(kr, reading=reading, measure=marked(writing), overdue=False)


def _speaks_of(asking: Asking, writing: Writing) -> datetime:
    """A change is of what was known: heard late, after something newer, it still counts on top of that."""
    if writing.day is not None:
        return moment_of(asking, writing.day)
    known = writing.kr.reading
    return max(asking.now, known.at) if writing.change and known is not None else asking.now


def marked(writing: Writing) -> Measure:
    if not writing.milestones:
        return writing.kr.measure
    return replace(writing.kr.measure, milestones=writing.milestones)


def entry_of(
    asking: Asking, kr: KeyResult, at: datetime, note: str = "", *, value: Decimal | None = None
) -> Entry:
    return Entry(
        kr_id=kr.id,
        on_at=at,
        recorded_at=asking.now,
        author_id=asking.asker.id,
        source=asking.asker.name,
        platform=str(asking.event.sender.platform),
        value=value,
        note=note,
    )


def _with(objective: Objective, changed: KeyResult) -> Objective:
    return replace(
        objective, key_results=tuple(changed if kr.id == changed.id else kr for kr in objective.key_results)
    )
