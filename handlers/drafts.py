"""Drafts: 新建目标, 加KR, 修改, 删除, 提交. A draft is always made; what is doubtful stands on its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from cards.draft import draft_card
from cards.lessons import say_lessons
from cards.notices import Choice, notice, question, refusal
from cards.scores import say_score
from cards.templating import render
from chat.answers import Answer, Letter
from chat.card import Card
from handlers import aligning, belonging, changing, co_writing, goals, on_record, periods
from handlers.asking import Asking, Misunderstood, shown
from handlers.co_writing import Save
from handlers.fields import LONGEST_TITLE, split_reason
from handlers.reading.ids import take_ref
from handlers.reading.lines import KrDraft, ObjectiveDraft, read_key_result, read_objective
from handlers.reading.periods import take_period
from handlers.route import Route
from okr import masking
from okr.objectives import Cycle, KeyResult, Objective, State
from okr.permissions import Right
from okr.refusals import (
    DraftHasErrors,
    NeedsKeyResult,
    NoSuchGoal,
    Refusal,
    StartEqualsTarget,
)
from okr.weights import require_whole
from okr.writing import Code, Finding, blocking, check_key_result, check_objective
from storage import alignments, carrying, cycles, directions, lessons, objectives

MOST_LINES = 20


async def new_objective(asking: Asking) -> Answer:
    """新建目标 … with its key results on the lines below."""
    return await new_in(asking, None)


async def new_in(asking: Asking, cycle: Cycle | None) -> Answer:
    """A draft of what was said, in the cycle that it names, else in this one, else in the running quarter."""
    if not asking.rest:
        return shown(_how_to())
    period, rest = take_period(asking.rest, asking.today)
    if period is not None and not rest.strip():
        cycle = await cycle_named(asking, period.name)
        learnt = await lessons.before(asking.session, asking.asker.id, cycle.start)
        return shown(_how_to(cycle.name, say_lessons(learnt)), restricted=True)
    read = read_objective(asking.rest, asking.today, asking.policy.metrics)
    if cycle is None or read.cycle:
        cycle = await cycle_named(asking, read.cycle)
    made = [drafted(draft) for draft in read.key_results[:MOST_LINES]]
    return (await made_of(asking, read, made, cycle))[0]


async def made_of(
    asking: Asking, read: ObjectiveDraft, key_results: Sequence[objectives.Draft], cycle: Cycle
) -> tuple[Answer, int]:
    """A draft with these key results, and what was said beside them; the answer that shows it, and its number."""
    objective_id = await objectives.create(
        asking.session,
        asking.asker.id,
        cycle,
        read.title[:LONGEST_TITLE] or "还没写标题",
        key_results,
        None,
        asking.now,
    )
    note, letters = await supported(asking, objective_id, read.align or "")
    unread = unread_of(read.key_results, read.unread)
    answer = await draft_shown(asking, objective_id, unread=unread, note=note)
    return replace(answer, letters=letters), objective_id


async def supported(asking: Asking, objective_id: int, align: str) -> tuple[str, tuple[Letter, ...]]:
    """Let a draft support a goal, and return what is to be said about it on its card, and letters.

    What the rules refuse and what is not understood is told; the draft is made all the same.
    """
    if not align:
        return "", ()
    objective = await objectives.by_id(asking.session, objective_id)
    assert objective is not None
    try:
        answer = await aligning.align(asking.saying("").rested(f"{objective.ref} {align}"))
    except Misunderstood as puzzled:
        return puzzled.card.face.title, ()
    except Refusal as reason:
        return refusal(reason.code, mine=align, **reason.facts).face.title, ()
    assert answer.card is not None
    return (answer.card.face.title if answer.letters else ""), answer.letters


async def cycle_named(asking: Asking, name: str) -> Cycle:
    """The period that was named, or the running quarter. Raises NoSuchCycle, CycleClosed."""
    if not name:
        return await cycles.running(asking.session, asking.today)
    cycle = await periods.to_write(asking, name)
    if directions.is_annual(cycle):
        await belonging.require_leader(asking)
    return cycle


_PROBLEMS = {"unknown_metric": "数据名", "bad_weight": "权重", "bad_date": "日期"}


def unread_of(drafts: Sequence[KrDraft], lines: Sequence[str] = ()) -> str:
    """What nothing was made of, so that no word is lost in silence."""
    parts = [*lines]
    for draft in drafts:
        parts += [draft.unread] if draft.unread else []
        parts += [f"{draft.title}的{_PROBLEMS.get(problem, problem)}" for problem in draft.problems]
    return "、".join(parts)[:80]


def _how_to(cycle: str = "", learnt: Sequence[str] = ()) -> Card:
    """`learnt`: what the cycle before has taught."""
    return render(
        "help",
        title=f"新建目标{f' {cycle}' if cycle else ''}:一行方向,下面每行一个能数的结果",
        lines=[
            *learnt,
            f"新建目标 {f'{cycle} ' if cycle else ''}提升门店季度业绩",
            "KR 生鲜区客流量 日均 从 1000 到 1100 人",
            "KR 损耗率 从 8% 到 5% 权重 2",
            "KR 上线会员日",
        ],
        choices=[],
        hint="照着改一改,一次发给我",
    )


def drafted(read: KrDraft) -> objectives.Draft:
    return objectives.Draft(
        title=read.title[:LONGEST_TITLE],
        measure=read.measure,
        weight=Decimal(1) if read.weight is None else read.weight,
        share=read.share,
        due=read.due,
        metric=read.metric,
        metric_own=read.metric_own,
        doubts=read.doubts,
        commitment=read.commitment,
        origin=read.origin,
    )


async def add_key_result(asking: Asking) -> Answer:
    """加KR O12 日均客单价 从 42 到 48 元"""
    ref, rest = take_ref(asking.rest or asking.about, "O")
    drafts = await goals.running(asking, (State.DRAFT,))
    if ref is None and len(drafts) == 1:
        objective, rest = drafts[0], asking.rest
    elif ref is None:
        raise NoSuchGoal("草稿")
    else:
        objective = await goals.objective_by_number(asking, ref.number)
    in_force = objective.state is not State.DRAFT
    if in_force:
        await changing.require_adding(asking, objective)
    else:
        await goals.require_draft_owner(asking, objective, objective.ref)
    if not rest:
        return shown(_ask_for_key_result(objective))
    rest, reason = split_reason(rest) if in_force else (rest, "")
    read = read_key_result(rest, asking.today, asking.policy.metrics)
    if in_force:
        _require_measurable(objective, read)
    kr_id = await objectives.add_key_result(asking.session, objective.id, drafted(read))
    if in_force:
        return await changing.add(asking, objective.id, kr_id, reason)
    await co_writing.saved(asking, objective, [Save((f"KR{kr_id}",), f"KR{kr_id}", read.title)])
    return await draft_shown(asking, objective.id, news=f"加了 KR{kr_id}", unread=unread_of([read]))


def _require_measurable(objective: Objective, read: KrDraft) -> None:
    """What is to be added to a goal in force has no draft on which its errors could stand.

    Raises StartEqualsTarget, SharesAboveOne, or Misunderstood with the question where the target is missing.
    """
    draft = drafted(read)
    kr = KeyResult(0, objective.id, draft.title, draft.measure, weight=draft.weight, share=draft.share)
    codes = {finding.code for finding in check_key_result(kr, objective.cycle)}
    if Code.START_EQUALS_TARGET in codes:
        raise StartEqualsTarget(draft.measure.target or Decimal(0))
    if Code.TARGET_MISSING in codes:
        raise Misunderstood(_ask_for_key_result(objective))
    require_whole(replace(objective, key_results=(*objective.key_results, kr)))


def _ask_for_key_result(objective: Objective) -> Card:
    return question(
        "new_key_result",
        [],
        about=objective.ref,
        awaits=f"加KR {objective.ref}",
        ref=objective.ref,
        title=objective.title,
    )


async def delete(asking: Asking) -> Answer:
    """删除 O12 · 删除 KR34, of drafts; asked back once."""
    ref, _ = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective = await goals.objective_by_number(asking, ref.number)
        return await _delete(asking, objective, None)
    objective, kr = (await goals.meant(asking, "删除", (State.DRAFT,)))[0]
    return await _delete(asking, objective, kr.id)


async def _delete(asking: Asking, objective: Objective, kr_id: int | None) -> Answer:
    kr = next((kr for kr in objective.key_results if kr.id == kr_id), None)
    ref, title = (kr.ref, kr.title) if kr else (objective.ref, objective.title)
    right = Right.SUBMIT if kr is None and objective.state is State.DRAFT else Right.EDIT_DRAFT
    await goals.require_draft_owner(asking, objective, ref, right)
    if objective.state is not State.DRAFT:
        return shown(notice("delete_is_cancel", about=ref, ref=ref, pending=objective.state is State.PENDING))
    if not asking.confirmed:
        choices = [Choice("删掉", f"确认 删除 {ref}"), Choice("留着", "算了")]
        return shown(
            question("delete", choices, about=ref, ref=ref, title=title, whole=kr is None), restricted=True
        )
    if kr is not None:
        deletion = [Save((ref,), ref, "删掉")]
        if await co_writing.settle(asking, objective, deletion, f"确认 删除 {ref}"):
            await objectives.delete_key_result(asking.session, kr)
            await co_writing.saved(asking, objective, deletion)
            return await draft_shown(asking, objective.id, news=f"删掉了 {ref}")
        return await draft_shown(asking, objective.id, news=f"留着 {ref}")
    told = await co_writing.letters_to_writers(asking, objective, "draft_deleted")
    await objectives.delete_draft(asking.session, objective.id)
    await on_record.put(asking, "删除草稿", objective)
    return Answer(card=notice("deleted", ref=ref, title=title), in_place=True, restricted=True, letters=told)


async def submit(asking: Asking) -> Answer:
    """提交 O12: to whoever has to agree, or in force at once."""
    ref, _ = take_ref(asking.rest or asking.about, "O")
    drafts = await goals.running(asking, (State.DRAFT,))
    if ref is None and len(drafts) == 1:
        objective = drafts[0]
    elif ref is None and drafts:
        choices = [Choice(f"{draft.ref} {draft.title}"[:20], f"提交 {draft.ref}") for draft in drafts[:6]]
        return shown(question("which", choices, what="提交哪一个草稿?"), restricted=True)
    elif ref is None:
        raise NoSuchGoal("要提交的草稿")
    elif ref.kind == "KR":
        objective, _ = await goals.key_result(asking, ref.number)
    else:
        objective = await goals.objective_by_number(asking, ref.number)
    await goals.require_draft_owner(asking, objective, objective.ref, Right.SUBMIT)
    if objective.state is not State.DRAFT:
        waits = objective.state is State.PENDING
        return shown(notice("submitted_before", about=objective.ref, ref=objective.ref, waits=waits))
    await co_writing.require_unchanged(asking, objective)
    stopping = blocking(await findings_on(asking, objective))
    if any(finding.code is Code.NO_KEY_RESULTS for finding in stopping):
        raise NeedsKeyResult(objective.ref)
    if stopping:
        if asking.pressed:
            return await draft_shown(asking, objective.id, news="还差一点")
        raise DraftHasErrors(objective.ref, tuple(str(finding.code) for finding in stopping))
    told = await co_writing.letters_to_writers(asking, objective, "draft_submitted")
    answer = await changing.submit(asking, objective)
    return replace(answer, letters=(*answer.letters, *told))


async def findings_on(asking: Asking, objective: Objective) -> Sequence[Finding]:
    """What the check of a good OKR finds on a draft."""
    cycle_id = objective.cycle.id
    above = await alignments.upwards(asking.session, alignments.objective(objective.id))
    annual = directions.is_annual(objective.cycle)
    others = await objectives.of_owner(
        asking.session, objective.owner_id, cycle_id, (State.ACTIVE, State.DRAFT)
    )
    return check_objective(
        objective,
        others,
        doubts=await objectives.doubts_of(asking.session, objective.id),
        upwards=[each.kr_id for each in above],
        direction_missing=await belonging.is_missing(asking, objective),
        origins=None if annual else (asking.policy.top_down_share, asking.policy.origin_tolerance),
        top=annual or (await goals.owner_of(asking, objective)).manager_id is None,
    )


async def draft_shown(
    asking: Asking, objective_id: int, *, news: str = "", unread: str = "", note: str = ""
) -> Answer:
    """The draft as it stands now, in the place of the card that was pressed."""
    objective = await objectives.by_id(asking.session, objective_id)
    assert objective is not None
    objective = masking.opened(objective)  # who writes it reads it, alone
    findings = await findings_on(asking, objective)
    others = await co_writing.shown(asking, objective)
    owner = "" if objective.owner_id == asking.asker.id else (await goals.owner_of(asking, objective)).name
    card = draft_card(
        objective,
        findings,
        news=news,
        unread=unread,
        others=others,
        owner=owner,
        note=note,
        direction=await belonging.name_of(asking, objective),
        lessons=await _lessons(asking, objective_id),
        top_down=asking.policy.top_down_share,
    )
    return shown(card, in_place=True, restricted=True)


async def _lessons(asking: Asking, objective_id: int) -> str:
    """What was said with the scores of the objective that this draft goes on with, the lowest first."""
    before, said = await carrying.lessons(asking.session, objective_id)
    if before is None or not said:
        return ""
    parts = [
        f"{lesson.title} {say_score(lesson.mark.score)}:"
        + "、".join(part for part in (str(lesson.mark.cause or ""), lesson.mark.reason) if part)
        for lesson in said[:2]
    ]
    return f"O{before} 上次 " + ";".join(parts)


ROUTES = (
    Route(
        words=("新建目标",),
        handle=new_objective,
        topic="定目标",
        does="写一个目标,我帮你查漏补缺",
        examples=(
            "新建目标 提升门店季度业绩\nKR 生鲜区客流量 日均 从 1000 到 1100 人\nKR 损耗率 从 8% 到 5% 权重 2\nKR 上线会员日",
        ),
    ),
    Route(
        words=("加KR",),
        handle=add_key_result,
        topic="定目标",
        does="给草稿加一个关键结果",
        examples=("加KR {o} 日均客单价 从 42 到 48 元",),
    ),
    Route(
        words=("删除",),
        handle=delete,
        topic="定目标",
        does="删掉草稿,或者草稿里的一个关键结果",
        examples=("删除 {kr}", "删除 {o}"),
    ),
    Route(words=("提交",), handle=submit, topic="定目标", does="草稿写好了,让它生效", examples=("提交 {o}",)),
)
