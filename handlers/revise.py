"""修改: a draft at once; what is in force with a decision (`handlers.changing`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer
from handlers import changing, goals, periods, roll_up
from handlers.asking import Asking, Misunderstood, shown
from handlers.drafts import draft_shown
from handlers.fields import LONGEST_TITLE, NAMES, Change, ask_for, read_sentence, read_values
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.objectives import State
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
    "keep": (Code.PERCENT_OR_POINTS, Code.PERCENT_SCALE, Code.BASIS_ASSUMED),
}


async def revise(asking: Asking) -> Answer:
    """修改 KR34 目标值 1200 原因 新店开业 · 修改 O12 标题 …"""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective, kr = await goals.objective_by_number(asking, ref.number), None
    else:
        (objective, kr), rest = await goals.meant(asking, "修改")
    if rest.startswith(roll_up.WORD):
        return await roll_up.change(asking, objective, kr.id if kr else None, rest)
    said = read_sentence(rest)
    if objective.state is not State.DRAFT:
        return await changing.change(asking, objective, kr, said)
    await goals.require_draft_owner(asking, objective, kr.ref if kr else objective.ref)
    if not said.fields:
        return await draft_shown(asking, objective.id)
    answer: Answer | None = None
    for field, words in said.fields:
        change = Change(objective, kr, field, words)
        if field != "keep" and not words:
            return ask_for(change)
        answer = await _apply(asking, change)
    assert answer is not None
    return answer


async def _apply(asking: Asking, change: Change) -> Answer:
    if change.kr is None:
        return await _apply_to_objective(asking, change)
    fields = read_values(asking, change)
    if fields is None:
        raise Misunderstood(ask_for(change).card or notice("never_mind"))
    doubts = (await objectives.doubts_of(asking.session, change.objective.id)).get(change.kr.id, ())
    left = [code for code in doubts if code not in _SETTLES.get(change.field, ())]
    await objectives.change_key_result(asking.session, change.kr, left, **fields)
    news = f"{change.ref} {NAMES[change.field]}改好了" if change.field != "keep" else ""
    return await draft_shown(asking, change.objective.id, news=news)


async def _apply_to_objective(asking: Asking, change: Change) -> Answer:
    objective = change.objective
    if change.field == "title":
        await objectives.rename(asking.session, objective.id, change.words[:LONGEST_TITLE])
    elif change.field == "weight":
        doubts = await objectives.doubts_of(asking.session, objective.id)
        for kr in objective.counting:
            left = doubts.get(kr.id, ())
            await objectives.change_key_result(asking.session, kr, left, weight=Decimal(1), share=None)
    elif change.field == "parent":
        ref, _ = take_ref(change.words, "KR")
        if ref is None or ref.kind != "KR":
            return ask_for(change)
        await goals.key_result(asking, ref.number)
        await objectives.set_parent(asking.session, objective.id, ref.number, asking.now, asking.asker.id)
    elif change.field == "cycle":
        cycle = await periods.to_write(asking, change.words)
        await objectives.set_cycle(asking.session, objective.id, cycle.id)
    else:
        return ask_for(change)
    return await draft_shown(asking, objective.id, news=f"{NAMES[change.field]}改好了")


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
