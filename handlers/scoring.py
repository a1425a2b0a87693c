"""评分: suggested from the numbers, said by the owner, confirmed by the superior, locked with the cycle."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from cards.notices import notice
from cards.sayings import STATES, o_name
from cards.scores import Sheet, cause_card, overview_card, say_score, say_scores, what_score_card
from chat.answers import Answer, Letter
from handlers import goals, on_record, periods, score_sheets
from handlers.asking import Asking, Misunderstood, shown
from handlers.examples import examples_for
from handlers.reading.ids import take_ref
from handlers.reading.numbers import read_number
from handlers.reading.periods import take_period
from handlers.route import Role, Route
from okr import permissions
from okr.lifecycle import state_on
from okr.objectives import Cycle, CycleState, KeyResult, Objective
from okr.people import Person
from okr.refusals import CycleClosed, NoSuchGoal, NotYoursToScore, ReasonNeeded
from okr.scoring import Cause, asks_for_cause, final_score, mean_scores, scored
from storage import cycles, in_force, people, scores
from storage.scores import LONGEST_REASON, Mark

_REASON = re.compile(r"^(?:原因|理由|因为)[ :,]*")
_OPEN = (CycleState.REVIEWING, CycleState.REOPENED)


async def score(asking: Asking) -> Answer:
    """评分 · 评分 2026Q4 · 评分 O12 · 评分 O12 建议 · 评分 KR34 0.8 原因 … · 评分 KR34 原因 人手不够"""
    if asking.confirmed:
        return await confirm(asking)
    period, rest = take_period(asking.rest, asking.today, "past")
    if (period is not None and not rest) or not (asking.rest or asking.about):
        return await _overview(asking, period.name if period else "")
    ref, rest = take_ref(asking.rest or asking.about, "O")
    if ref is None or ref.kind not in ("O", "KR"):
        raise NoSuchGoal(asking.rest.split(" ")[0])
    if ref.kind == "KR":
        return await _key_result(asking, ref.number, rest)
    inner, after = take_ref(rest)
    if inner is not None and inner.kind == "KR":
        return await _key_result(asking, inner.number, after)
    owner, objective = await score_sheets.owner_and_objective(asking, ref.number)
    if rest.startswith("建议"):
        return await _as_suggested(asking, objective, owner)
    _require_in_force(objective)
    return shown(await score_sheets.shown_sheet(asking, objective, owner), in_place=asking.pressed)


async def _key_result(asking: Asking, number: int, words: str) -> Answer:
    objective, kr = await goals.key_result(asking, number, lock=True)
    owner = await _require_scorer(asking, objective, kr)
    _require_scored(objective, kr)
    sheet = await score_sheets.sheet_of(asking, objective)
    number_word, _, reason = words.partition(" ")
    quantity = read_number(number_word.removesuffix("分"))
    if _REASON.match(words):
        return await _cause(asking, owner, sheet, kr, _REASON.sub("", words))
    if quantity is None and words:
        return await _cause(asking, owner, sheet, kr, words)
    if quantity is None:
        return shown(what_score_card(kr, sheet.suggested[kr.id]), in_place=asking.pressed)
    value = quantity.value / 100 if quantity.percent else quantity.value
    cause, reason = _cause_in(_REASON.sub("", reason.strip()))
    try:
        kept = final_score(value, sheet.suggested[kr.id], reason=reason or (str(cause) if cause else ""))
    except ReasonNeeded as needed:
        example = f"评分 {kr.ref} {say_score(value)} 原因 最后一周补上了"
        raise ReasonNeeded(needed.what, example) from None
    before = sheet.given.get(kr.id)
    cause = cause or (before.cause if before else None)
    mark = Mark(kr.id, kept, reason[:LONGEST_REASON], cause if asks_for_cause(kept) else None)
    return await _given(asking, objective, owner, [mark])


async def _cause(asking: Asking, owner: Person, sheet: Sheet, kr: KeyResult, words: str) -> Answer:
    """Why a score is low: one of eight, by its name or its place, and a word more."""
    mark = sheet.given.get(kr.id)
    if mark is None:
        return shown(what_score_card(kr, sheet.suggested[kr.id]))
    cause, reason = _cause_in(words)
    if cause is None:
        raise Misunderstood(cause_card(kr, mark.score))
    kept = Mark(kr.id, mark.score, (reason or mark.reason)[:LONGEST_REASON], cause)
    return await _given(asking, sheet.objective, owner, [kept])


def _cause_in(words: str) -> tuple[Cause | None, str]:
    """The cause that words begin with, by its name or its place in the list, and what follows."""
    word, _, rest = words.strip().partition(" ")
    causes = list(Cause)
    if word.rstrip(".、,") in {str(number) for number in range(1, len(causes) + 1)}:
        return causes[int(word.rstrip(".、,")) - 1], rest.strip()
    for cause in causes:
        if words.startswith(cause):
            return cause, words.removeprefix(cause).strip(" ,;:。")
    return None, words.strip()


async def _as_suggested(asking: Asking, objective: Objective, owner: Person) -> Answer:
    """评分 O12 建议: what has no score yet gets what its numbers suggest."""
    _require_in_force(objective)
    await _require_scorer(asking, objective)
    await in_force.lock(asking.session, objective.id)
    sheet = await score_sheets.sheet_of(asking, objective)
    marks = [Mark(kr.id, sheet.suggested[kr.id]) for kr in sheet.unscored]
    if not marks:
        return await _next(asking, objective, owner)
    return await _given(asking, objective, owner, marks)


async def _given(asking: Asking, objective: Objective, owner: Person, marks: list[Mark]) -> Answer:
    """Keep scores, which takes a confirmation back, and go on with what is still open."""
    before = {kr.id: kr.score for kr in objective.key_results}
    for mark in marks:
        await scores.give(asking.session, mark)
    await scores.confirm(asking.session, objective.id, None)
    answer = await _next(asking, replace(objective, score=None), owner)
    for mark in marks:
        await on_record.put(
            asking,
            "评分",
            objective,
            mark.kr_id,
            old=_say(before[mark.kr_id]),
            new=_say(mark.score),
            reason=" ".join(part for part in (str(mark.cause or ""), mark.reason) if part),
        )
    return answer


def _say(value: Decimal | None) -> str:
    return "" if value is None else say_score(value)


async def _next(asking: Asking, objective: Objective, owner: Person) -> Answer:
    """The owner is asked for the next cause; when all is said his superior is asked to confirm."""
    sheet = await score_sheets.sheet_of(asking, objective)
    own = owner.id == asking.asker.id
    if own and sheet.unexplained:
        first = sheet.unexplained[0]
        return shown(cause_card(first, sheet.given[first.id].score), in_place=True)
    letters: tuple[Letter, ...] = ()
    if own and not sheet.unscored:
        letters = await score_sheets.to_confirm(asking, owner, sheet)
    card = await score_sheets.shown_sheet(asking, objective, owner)
    return replace(shown(card, in_place=True), letters=letters)


async def confirm(asking: Asking) -> Answer:
    """确认评分 O12"""
    ref, _ = take_ref(asking.rest or asking.about, "O")
    if ref is None or ref.kind != "O":
        return await _overview(asking, "")
    owner, objective = await score_sheets.owner_and_objective(asking, ref.number)
    _require_in_force(objective)
    if not await score_sheets.may_confirm(asking, owner):
        await on_record.attempted(asking, "确认评分", objective)
        raise NotYoursToScore(objective.ref, await _superior_of(asking, owner), confirming=True)
    if objective.cycle.state is CycleState.CLOSED:
        raise CycleClosed(objective.cycle.name)
    await in_force.lock(asking.session, objective.id)
    owner, objective = await score_sheets.owner_and_objective(asking, ref.number)
    name = o_name(objective)
    if objective.score is not None:
        return shown(
            notice(
                "score_confirmed_before",
                about=objective.ref,
                ref=objective.ref,
                name=name,
                score=say_score(objective.score),
            )
        )
    sheet = await score_sheets.sheet_of(asking, objective)
    if sheet.unscored or not sheet.scoring:
        refs = [kr.ref for kr in sheet.unscored]
        return shown(notice("score_first", about=objective.ref, ref=objective.ref, name=name, refs=refs))
    total = mean_scores(scored(objective, {kr_id: mark.score for kr_id, mark in sheet.given.items()})).all
    assert total is not None, "something is scored"
    await scores.confirm(asking.session, objective.id, total)
    alone = owner.id == asking.asker.id
    letters = () if alone else (score_sheets.told(asking, sheet),)
    await on_record.put(
        asking, "确认评分", objective, new=say_score(total), reason="没有上级,本人确认" if alone else ""
    )
    card = notice(
        "score_confirmed",
        about=objective.ref,
        ref=objective.ref,
        name=name,
        scores=say_scores(sheet.scores),
        owner=owner.name,
        alone=alone,
        cycle=objective.cycle.name,
    )
    return replace(shown(card, in_place=True), letters=letters)


async def _overview(asking: Asking, name: str) -> Answer:
    """My objectives of a cycle and those of who reports to me."""
    cycle = await periods.known(asking, name) if name else await _cycle_to_score(asking)
    team = await people.reporting_to(asking.session, asking.asker.id)
    return shown(
        overview_card(
            cycle,
            await score_sheets.lines_of(asking, [asking.asker], cycle.id),
            await score_sheets.lines_of(asking, team, cycle.id),
            await examples_for(asking),
            locked=cycle.state is CycleState.CLOSED,
        ),
        in_place=asking.pressed,
        restricted=True,
    )


async def _cycle_to_score(asking: Asking) -> Cycle:
    """The cycle that waits to be scored, the latest first; else the running one."""
    running = await cycles.running(asking.session, asking.today)
    waiting = [
        cycle
        for cycle in await cycles.everything(asking.session)
        if state_on(cycle.state, cycle, asking.today) in _OPEN
    ]
    return waiting[0] if waiting else running


# --- who may, and what can be scored ---


async def _require_scorer(asking: Asking, objective: Objective, kr: KeyResult | None = None) -> Person:
    owner = await goals.owner_of(asking, objective)
    if not permissions.may_score(asking.asker, owner):
        await on_record.attempted(asking, "评分", objective, kr.id if kr else None)
        raise NotYoursToScore(kr.ref if kr else objective.ref, await _superior_of(asking, owner))
    if objective.cycle.state is CycleState.CLOSED:
        raise CycleClosed(objective.cycle.name)
    return owner


async def _superior_of(asking: Asking, owner: Person) -> str:
    manager = await people.by_id(asking.session, owner.manager_id) if owner.manager_id else None
    return f"上级{manager.name}" if manager else "上级"


def _require_in_force(objective: Objective) -> None:
    if objective.state not in score_sheets.SCORED_STATES:
        raise Misunderstood(
            notice(
                "not_to_be_scored",
                about=objective.ref,
                ref=objective.ref,
                name=o_name(objective),
                state=STATES[objective.state],
            )
        )


def _require_scored(objective: Objective, kr: KeyResult) -> None:
    _require_in_force(objective)
    if kr.is_kpi or kr not in objective.counting:
        raise Misunderstood(
            notice(
                "not_scored",
                about=kr.ref,
                ref=kr.ref,
                name=kr.title,
                daily=kr.is_kpi,
                objective=objective.ref,
            )
        )


ROUTES = (
    Route(
        words=("评分", "打分"),
        handle=score,
        topic="周期",
        does="季末给目标评分,按进度先建议一个",
        examples=("评分", "评分 {o}", "评分 {kr} 0.8 原因 最后一周补上了", "评分 {last}"),
    ),
    Route(
        words=("确认评分",),
        handle=confirm,
        topic="周期",
        does="上级确认下属的评分",
        examples=("确认评分 {o}",),
        role=Role.MANAGER,
    ),
)
