"""修改: a draft at once; what is in force with a decision (`handlers.changing`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer, Letter
from handlers import changing, co_writing, goals, periods, roll_up
from handlers.asking import Asking, Misunderstood, shown
from handlers.co_writing import Save
from handlers.drafts import draft_shown, supported
from handlers.fields import LONGEST_TITLE, NAMES, Change, ask_for, read_sentence, read_values
from handlers.reading.ids import Ref, take_ref
from handlers.route import Route
from okr.objectives import State
from okr.refusals import NoSuchGoal
from okr.writing import Code
from storage import objectives

_INTO = re.compile(
    r"^把?(?P<ref>[A-Za-z]{1,2}\s*\d+)\s*(?:的\s*)?(?P<field>目标值?|起始值?|标题|截止|单位|口径|权重)?\s*"
    r"(?:改成|改为|改到|降到|提到)\s*(?P<new>.+)$"
)
_SETTLES: Mapping[str, tuple[Code, ...]] = {
    "unit": (Code.UNIT_MISSING, Code.PERCENT_OR_POINTS),
    "basis": (Code.BASIS_ASSUMED,),
    "start": (Code.BASELINE_MISSING,),
    "target": (Code.TARGET_MISSING, Code.RELATIVE_OR_POINTS, Code.PERCENT_SCALE),
    "reading": (Code.TARGET_MISSING, Code.RELATIVE_OR_POINTS, Code.PERCENT_SCALE),
    "keep": (
        Code.PERCENT_OR_POINTS,
        Code.PERCENT_SCALE,
        Code.BASIS_ASSUMED,
        Code.SHOULD_RISE,
        Code.SHOULD_FALL,
    ),
}


async def revise(asking: Asking) -> Answer:
    """修改 KR34 目标值 1200 原因 新店开业 · 修改 O12 标题 …"""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective, kr = await goals.objective_by_number(asking, ref.number), None
    else:
        (objective, kr), rest = await _meant(asking, ref)
    if rest.startswith(roll_up.WORD):
        return await roll_up.change(asking, objective, kr.id if kr else None, rest)
    said = read_sentence(rest)
    if objective.state is not State.DRAFT:
        return await changing.change(asking, objective, kr, said)
    await goals.require_draft_owner(asking, objective, kr.ref if kr else objective.ref)
    if not said.fields:
        return await draft_shown(asking, objective.id)
    changes = [Change(objective, kr, field, words) for field, words in said.fields]
    for change in changes:
        if change.field != "keep" and not change.words:
            return ask_for(change)
    saves = [_save(change) for change in changes]
    settled = await co_writing.settle(asking, objective, saves, f"修改 {changes[0].ref} {rest}")
    news: list[str] = []
    note = ""
    letters: tuple[Letter, ...] = ()
    for change, save in zip(changes, saves, strict=True):
        if save in settled and change.field == "parent" and change.kr is None:
            instead = "换成 " if objective.parent_kr is not None else ""
            note, letters = await supported(asking, objective.id, f"{instead}{change.words}")
        elif save in settled:
            await _apply(asking, change)
            news += [f"{change.ref} {NAMES[change.field]}改好了"] if change.field != "keep" else []
        else:
            news.append(f"{save.name}没动")
    await co_writing.saved(asking, objective, settled)
    return replace(await draft_shown(asking, objective.id, news="、".join(news), note=note), letters=letters)


async def _meant(asking: Asking, ref: Ref | None) -> tuple[goals.Goal, str]:
    """Raises Misunderstood where somebody who writes the draft too has deleted what is meant."""
    try:
        return await goals.meant(asking, "修改")
    except NoSuchGoal:
        if ref is not None and ref.kind == "KR":
            await co_writing.tell_deleted(asking, ref.number)
        raise


def _save(change: Change) -> Save:
    """The parts of the draft that a field sets; one of the whole objective may set parts of all its key results."""
    if change.kr is not None:
        keys = tuple(f"{change.ref}.{part}" for part in co_writing.SETS.get(change.field, ()))
    elif change.field == "weight":
        keys = tuple(f"{kr.ref}.weight" for kr in change.objective.counting)
    else:
        keys = (change.field,)
    return Save(keys, f"{change.ref} {NAMES[change.field]}", change.words)


async def _apply(asking: Asking, change: Change) -> None:
    """Raises Misunderstood where the words are not understood."""
    if change.kr is None:
        await _apply_to_objective(asking, change)
        return
    fields = read_values(asking, change)
    if fields is None:
        raise _unread(change)
    doubts = (await objectives.doubts_of(asking.session, change.objective.id)).get(change.kr.id, ())
    left = [code for code in doubts if code not in _SETTLES.get(change.field, ())]
    await objectives.change_key_result(asking.session, change.kr, left, **fields)


def _unread(change: Change) -> Misunderstood:
    return Misunderstood(ask_for(change).card or notice("never_mind"))


async def _apply_to_objective(asking: Asking, change: Change) -> None:
    objective = change.objective
    if change.field == "title":
        await objectives.rename(asking.session, objective.id, change.words[:LONGEST_TITLE])
    elif change.field == "weight":
        doubts = await objectives.doubts_of(asking.session, objective.id)
        for kr in objective.counting:
            left = doubts.get(kr.id, ())
            await objectives.change_key_result(asking.session, kr, left, weight=Decimal(1), share=None)
    elif change.field == "cycle":
        cycle = await periods.to_write(asking, change.words)
        await objectives.set_cycle(asking.session, objective.id, cycle.id)
    else:
        raise _unread(change)


async def change_into(asking: Asking) -> Answer | None:
    """把KR34改成1050: the number of today, or the target? None where the text says nothing of the kind."""
    match = _INTO.match(asking.text)
    if match is None:
        return None
    ref, _ = take_ref(match["ref"])
    if ref is None or ref.kind != "KR":
        return None
    _, kr = await goals.key_result(asking, ref.number)
    if match["field"]:
        return await revise(asking.rested(f"{kr.ref} {match['field']} {match['new']}"))
    return shown(
        question(
            "value_or_target",
            [
                Choice(f"今天的数是 {match['new']}"[:20], f"更新 {kr.ref} {match['new']}"),
                Choice(f"目标改成 {match['new']}"[:20], f"修改 {kr.ref} 目标值 {match['new']}"),
            ],
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            new=match["new"],
        )
    )


ROUTES = (
    Route(
        words=("修改", "改"),
        handle=revise,
        topic="定目标",
        does="改草稿;生效了的,请上级同意再改",
        examples=(
            "修改 {kr} 目标值 1200 原因 新店开业",
            "修改 {kr} 口径 日均",
            "修改 {kr} 截止 12月20日",
            "修改 {kr} 权重 30%",
        ),
    ),
)
