"""Reporting: 更新, 撤销, 信心, 说一句. Writes are never guessed: what is doubtful is asked back once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from cards import actions
from cards.checked_in import Step, checked_in
from cards.notices import Choice, notice, question
from cards.sayings import kr_name, say_goal, say_step, say_value
from chat.answers import Answer
from handlers import goals
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.reading.amounts import read_amounts
from handlers.reading.dates import take_date
from handlers.reading.ids import take_ref
from handlers.reading.numbers import Meaning, Quantity
from handlers.reports import Report, read_report
from handlers.route import Route
from okr.moments import say_date, say_moment
from okr.numbers import say_number
from okr.objectives import KeyResult, Kind, Measure, Milestone, Objective, Reading, State
from okr.readings import RUNGS, Way, falls, is_jump, next_value
from okr.refusals import (
    NotADoneGoal,
    NotANumberGoal,
    NothingToTakeBack,
    NotInForce,
    OutOfRange,
    TooLateToTakeBack,
)
from storage import check_ins, objectives
from storage.check_ins import Entry

LONGEST_NOTE = 500
CONFIDENCE_WORDS = {"稳": 8, "很稳": 9, "有点悬": 5, "悬": 2, "很悬": 1}
ONE = Decimal(1)
MAIN = "是的,记上"


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


# --- 更新 ---


async def update(asking: Asking) -> Answer:
    """更新 KR34 1050 说明 · 报 34 +20 · 更新 KR34 昨天 980 · 更新 KR34 完成 · 更新 客流1050 客单48 损耗6.9"""
    if (several := await _several(asking)) is not None:
        return await write(asking, several)
    ref, rest = take_ref(asking.rest, "KR")
    if (quoted := await _quoted(asking, rest)) is not None:
        goal, rest = quoted, asking.rest
    elif ref is None:
        return await _without_id(asking)
    else:
        goal = await goals.key_result(asking, ref.number, lock=True)
    return await report_on(asking, goal, rest)


async def _quoted(asking: Asking, rest: str) -> Goal | None:
    """The key result that is quoted and nothing else named: then a number that stands alone is its value, no id."""
    if not asking.rest or not asking.about.startswith("KR") or take_ref(asking.rest)[0] is not None:
        return None
    goal = await goals.key_result(asking, int(asking.about[2:]), lock=True)
    alone = rest == asking.rest or read_report(rest, asking.today, goal[1].measure).empty
    return goal if alone else None


async def report_on(asking: Asking, goal: Goal, words: str) -> Answer:
    """Record what the words say about a key result, or ask for what they do not say."""
    _, kr = goal
    await _require_running(asking, goal)
    report = read_report(words, asking.today, kr.measure)
    if report.empty:
        if words and any(char.isdigit() for char in words):
            raise Misunderstood(notice("bad_number", about=kr.ref, said=words[:20], ref=kr.ref))
        return _what_value(kr)
    if isinstance(writing := await _value_of(asking, goal, report), Answer):
        return writing
    return await write(asking, [writing])


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
        steps.append(Step(writing.kr, changed, writing.old, writing.value, writing.note, writing.day))
    first = writings[0].objective.id
    return shown(checked_in(before[first], after[first], steps, asking.today, asking.policy), in_place=True)


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
                writing.kr, writing.old, writing.value, replace(writing.kr, measure=_marked(writing))
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
        )
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
    return note[:20].replace(";", ",")


async def _several(asking: Asking) -> list[Writing] | None:
    """Several at once by their ids: `KR34 1050; KR35 6.9`. None where it is one."""
    parts = [part.strip() for part in asking.rest.replace("\n", ";").split(";") if part.strip()]
    if len(parts) > 1 and all(take_ref(part, "KR")[0] for part in parts):
        writings = []
        for part in parts:
            ref, rest = take_ref(part, "KR")
            assert ref is not None
            goal = await goals.key_result(asking, ref.number, lock=True)
            await _require_running(asking, goal)
            report = read_report(rest, asking.today, goal[1].measure)
            if report.empty:
                raise Misunderstood(notice("bad_number", about=goal[1].ref, said=part[:20], ref=goal[1].ref))
            writing = await _value_of(asking, goal, report)
            if isinstance(writing, Answer):
                return None
            writings.append(writing)
        return writings
    return None


@dataclass(frozen=True, slots=True)
class Named:
    """Values whose key results were named by words of their titles, and the words that fit none."""

    writings: list[Writing]
    unknown: tuple[str, ...]


async def by_titles(asking: Asking, text: str, *, least: int = 2) -> Named | None:
    """Numbers with words of titles before them; None where the text is not that, or a word fits several."""
    day, text = take_date(text, asking.today, "past")
    amounts = read_amounts(text)
    if len(amounts) < least or not all(words for words, _ in amounts):
        return None
    writings: list[Writing] = []
    unknown: list[str] = []
    for words, quantity in amounts:
        fits = await goals.own_by_words(asking, words)
        if not fits:
            unknown.append(words)
            continue
        if len(fits) > 1:
            return None
        await _require_running(asking, fits[0])
        writing = await _value_of(asking, fits[0], Report(quantity=quantity, day=day))
        if isinstance(writing, Answer):
            return None
        writings.append(writing)
    return Named(writings, tuple(unknown)) if writings else None


async def _without_id(asking: Asking) -> Answer:
    """更新, 更新 客流 1050, 更新 1050: by the words of a title, else which of one's own is asked."""
    running = [(objective, kr) for objective in await goals.running(asking) for kr in objective.counting]
    if not running:
        return shown(notice("nothing_to_report"))
    named = await by_titles(asking, asking.rest, least=1)
    if named is not None:
        if named.unknown:
            return ask_first(asking, named.writings, unknown="、".join(named.unknown))
        return await write(asking, named.writings)
    word = asking.rest.split(" ")[0] if asking.rest else ""
    fits = await goals.own_by_words(asking, word) if word else []
    if len(fits) == 1:
        return await report_on(asking, fits[0], asking.rest.partition(" ")[2])
    if fits or not word or len(running) > 1:
        rest = asking.rest if not fits else asking.rest.partition(" ")[2]
        raise Misunderstood(goals.which_card(fits or running, "更新", rest))
    report = read_report(asking.rest, asking.today, running[0][1].measure)
    if report.empty:
        return _what_value(running[0][1])
    writing = await _value_of(asking, running[0], report)
    return writing if isinstance(writing, Answer) else ask_first(asking, [writing])


def _what_value(kr: KeyResult) -> Answer:
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


async def ask_about(asking: Asking, goal: Goal, report: Report) -> Answer:
    """What a sentence says about one key result, confirmed before it is written."""
    await _require_running(asking, goal)
    writing = await _value_of(asking, goal, report)
    return writing if isinstance(writing, Answer) else ask_first(asking, [writing])


# --- from words to a value ---


async def _require_running(asking: Asking, goal: Goal) -> None:
    objective, kr = goal
    await goals.require_reporter(asking, objective, kr.ref)
    if objective.state is not State.ACTIVE or kr.state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(objective.state if objective.state is not State.ACTIVE else kr.state))


async def _value_of(asking: Asking, goal: Goal, report: Report) -> Writing | Answer:
    """The value a report means, or the question it raises."""
    objective, kr = goal
    if report.day is not None and report.day > asking.today:
        raise Misunderstood(
            notice("future_day", about=kr.ref, day=say_date(report.day, asking.today), ref=kr.ref)
        )
    if kr.metric and kr.reading is not None and not kr.reading.typed:
        return _fed(asking, kr)
    day = None if report.day == asking.today else report.day
    old = kr.value if day is None else await _value_on(asking, kr, day)
    done = Writing(objective, kr, ONE, old, report.note[:LONGEST_NOTE], day)
    if report.done:
        return _done(done, report)
    if report.same:
        return _what_value(kr) if old is None else replace(done, value=old)
    if report.rung:
        return replace(done, value=_rung(kr.measure, report.rung))
    quantity = report.quantity
    assert quantity is not None
    if quantity.percent and kr.measure.unit not in ("%", "") and kr.measure.kind is Kind.NUMBER:
        return progress_or_value(kr, quantity)
    if kr.measure.kind in (Kind.BOOLEAN, Kind.BASELINE) and quantity.meaning is Meaning.CHANGE:
        raise NotANumberGoal(kr.ref, str(kr.measure.kind))
    way = Way.ADD if quantity.meaning is Meaning.CHANGE else Way.SET
    return replace(done, value=next_value(kr.measure, old, quantity.value, way, ref=kr.ref))


async def _value_on(asking: Asking, kr: KeyResult, day: date) -> Decimal | None:
    held = await check_ins.latest_value(asking.session, kr.id, until=_moment_of(asking, day))
    return held.value if held is not None else None


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
            target = say_number(kr.measure.target, kr.measure.unit)
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
                )
            )


def _step_done(writing: Writing, step: str) -> Writing | Answer:
    kr = writing.kr
    open_steps = [m for m in kr.measure.milestones if not m.done]
    meant = [m for m in open_steps if step and step in m.title] or (
        open_steps if len(open_steps) == 1 and not step else []
    )
    if len(meant) != 1:
        return _what_value(kr)
    milestones = tuple(replace(m, done=True) if m is meant[0] else m for m in kr.measure.milestones)
    total = sum((m.weight for m in milestones), Decimal(0))
    share = sum((m.weight for m in milestones if m.done), Decimal(0)) / total
    return replace(
        writing, value=share.quantize(Decimal("0.000001")), note=meant[0].title, milestones=milestones
    )


def _rung(measure: Measure, word: str) -> Decimal:
    named = dict(zip(measure.rungs or (), RUNGS[1:], strict=True))
    return named.get(word) or dict(zip(("保底", "目标", "挑战"), RUNGS[1:], strict=True))[word]


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
        )
    )


def _fed(asking: Asking, kr: KeyResult) -> Answer:
    assert kr.reading is not None
    return shown(
        notice(
            "fed_by_data",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            value=say_value(kr, kr.value),
            source=kr.reading.source,
            when=say_moment(kr.reading.at, asking.now, asking.policy.zone),
        )
    )


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
    return shown(
        question(
            template,
            [Choice(MAIN, actions.confirmed(say([writing]))), Choice("打错了", actions.NEVER_MIND)],
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            step=say_step(kr, known, writing.value),
            goal=say_goal(kr.measure),
        )
    )


# --- writing ---


async def _record(asking: Asking, writing: Writing) -> KeyResult:
    """Write one value and return the key result as it is now."""
    kr = writing.kr
    at = asking.now if writing.day is None else _moment_of(asking, writing.day)
    entry = _entry(asking, kr, at, writing.note)
    await check_ins.record_value(asking.session, kr, replace(entry, value=writing.value))
    if writing.milestones:
        await objectives.mark_milestones(asking.session, kr, writing.milestones)
    newest = kr.reading is None or at >= kr.reading.at
    reading = Reading(writing.value, at, asking.asker.name) if newest else kr.reading
    return replace(kr, reading=reading, measure=_marked(writing))


def _marked(writing: Writing) -> Measure:
    if not writing.milestones:
        return writing.kr.measure
    return replace(writing.kr.measure, milestones=writing.milestones)


def _entry(asking: Asking, kr: KeyResult, at: datetime, note: str = "") -> Entry:
    return Entry(
        kr_id=kr.id,
        on_at=at,
        recorded_at=asking.now,
        author_id=asking.asker.id,
        source=asking.asker.name,
        platform=str(asking.event.sender.platform),
        note=note,
    )


def _moment_of(asking: Asking, day: date) -> datetime:
    """A day that is over speaks of its last moment."""
    return datetime.combine(day + timedelta(days=1), time(), asking.policy.zone) - timedelta(seconds=1)


def _with(objective: Objective, changed: KeyResult) -> Objective:
    return replace(
        objective, key_results=tuple(changed if kr.id == changed.id else kr for kr in objective.key_results)
    )


# --- 撤销 ---


async def take_back(asking: Asking) -> Answer:
    """撤销 KR34; without an id my newest report."""
    since = asking.now - timedelta(hours=asking.policy.undo_hours)
    if not asking.rest and not asking.about:
        newest = await check_ins.newest_of(asking.session, asking.asker.id, since)
        if newest is None:
            _, _ = await goals.own_refs(asking)
            return shown(notice("nothing_recent", mine=(await goals.own_refs(asking))[0]))
        goal = await goals.key_result(asking, newest.kr_id, lock=True)
    else:
        goal, _ = await goals.meant(asking, "撤销")
        newest = await check_ins.latest_by(asking.session, goal[1].id, asking.asker.id)
    kr = goal[1]
    if newest is None:
        raise NothingToTakeBack(kr.ref)
    if newest.recorded_at < since:
        raise TooLateToTakeBack(kr.ref, newest.recorded_at, asking.policy.undo_hours)
    await check_ins.take_back(
        asking.session, newest, replace(_entry(asking, kr, asking.now), takes_back=newest.id)
    )
    if kr.measure.kind is Kind.MILESTONE and newest.note:
        undone = tuple(replace(m, done=False) if m.title == newest.note else m for m in kr.measure.milestones)
        await objectives.mark_milestones(asking.session, kr, undone)
    _, now = await goals.key_result(asking, kr.id)
    what = f"信心 {newest.confidence}/10" if newest.value is None else say_value(kr, newest.value)
    return shown(
        notice(
            "taken_back",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            what=what if newest.value is not None or newest.confidence is not None else "说明",
            now=say_value(now, now.value),
            redo=newest.value is not None,
        ),
        in_place=True,
    )


# --- 信心, 说一句 ---


async def confidence(asking: Asking) -> Answer:
    """信心 KR34 7 供应商未定 · 把握 KR34 有点悬"""
    (objective, kr), rest = await goals.meant(asking, "信心")
    await _require_running(asking, (objective, kr))
    word, _, note = rest.partition(" ")
    level = _confidence(word)
    if level is None:
        if word and any(char.isdigit() for char in word):
            raise Misunderstood(notice("bad_number", about=kr.ref, said=word[:20], ref=kr.ref))
        choices = [
            Choice(f"{said} {number}", f"信心 {kr.ref} {number}")
            for said, number in (("稳", 8), ("有点悬", 5), ("悬", 2))
        ]
        return shown(
            question(
                "confidence",
                choices,
                about=kr.ref,
                awaits=f"信心 {kr.ref}",
                ref=kr.ref,
                name=kr_name(kr),
                now=kr.confidence,
            )
        )
    if not 0 <= level <= 10:
        raise OutOfRange(Decimal(level), Decimal(0), Decimal(10), "信心")
    note = note.strip()[:LONGEST_NOTE]
    await check_ins.record(asking.session, replace(_entry(asking, kr, asking.now, note), confidence=level))
    await objectives.set_confidence(asking.session, kr.id, level)
    return shown(
        notice(
            "confidence_kept",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            old=kr.confidence,
            new=level,
            note=note,
        ),
        in_place=True,
    )


def _confidence(word: str) -> int | None:
    word = word.removesuffix("/10").removesuffix("分").strip(",。")
    if word in CONFIDENCE_WORDS:
        return CONFIDENCE_WORDS[word]
    quantity = read_report(word, date.min).quantity
    if quantity is None or quantity.value != quantity.value.to_integral_value() or abs(quantity.value) > 1000:
        return None
    return int(quantity.value)


async def note(asking: Asking) -> Answer:
    """说一句 KR34 …: a word on a key result, its value as it is."""
    (objective, kr), rest = await goals.meant(asking, "说一句")
    await _require_running(asking, (objective, kr))
    if not rest:
        return shown(
            question(
                "note",
                [],
                about=kr.ref,
                awaits=f"说一句 {kr.ref}",
                ref=kr.ref,
                name=kr_name(kr),
                old=say_value(kr, kr.value),
            )
        )
    await check_ins.record(asking.session, _entry(asking, kr, asking.now, rest[:LONGEST_NOTE]))
    return shown(notice("note_kept", about=kr.ref, ref=kr.ref, name=kr_name(kr), note=rest[:LONGEST_NOTE]))


ROUTES = (
    Route(
        words=("更新", "报", "报数", "填"),
        handle=update,
        topic="报进度",
        does="报一个数,马上看到进度",
        examples=(
            "更新 {kr} 1050 周末活动带来客流",
            "报 {kr} +20",
            "更新 {kr} 昨天 980",
            "更新 {kr} 不变",
            "更新 {kr} 完成",
            "更新 客流1050 客单48 损耗6.9",
        ),
    ),
    Route(
        words=("撤销", "报错了"),
        handle=take_back,
        topic="报进度",
        does="24 小时内收回我刚报的数",
        examples=("撤销 {kr}",),
        alone=True,
    ),
    Route(
        words=("信心", "把握"),
        handle=confidence,
        topic="报进度",
        does="到期前能不能做到,0 到 10",
        examples=("信心 {kr} 7 供应商未定", "把握 {kr} 有点悬"),
    ),
    Route(
        words=("说一句",),
        handle=note,
        topic="报进度",
        does="补一句说明,数不变",
        examples=("说一句 {kr} 周末下雨",),
    ),
)
