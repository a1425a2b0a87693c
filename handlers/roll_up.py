"""修改 … 汇总: how a key result's number follows from below, and whether a goal is counted in what it supports."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cards.notices import Choice, notice, question
from cards.sayings import ROLL_UPS, kr_name, say_value
from chat.answers import Answer
from chat.card import Card
from handlers import goals, on_record
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from okr.objectives import Kind, Objective, RollUp, State
from okr.refusals import SupportsNothing
from okr.rollup import can_be_summed, check_mode
from storage import alignments, objectives, roll_ups
from storage.alignments import Child

WORD = "汇总"
FIELD = "roll_up"
_MODES: Mapping[str, RollUp] = {
    "手动": RollUp.MANUAL, "手工": RollUp.MANUAL, "自己填": RollUp.MANUAL,
    "加权": RollUp.AVERAGE, "加权平均": RollUp.AVERAGE, "平均": RollUp.AVERAGE,
    "求和": RollUp.SUM, "相加": RollUp.SUM, "合计": RollUp.SUM,
}  # fmt: skip
_COUNTED: Mapping[str, bool] = {"不计": False, "不算": False, "不计入": False, "计入": True, "算": True}
_REASON = re.compile(r"(?:^|\s)原因\s*:?\s*(?P<reason>\S.*)$")


async def change(asking: Asking, objective: Objective, kr_id: int | None, words: str) -> Answer:
    """修改 KR7 汇总 手动 原因 门店数据停了 · 修改 KR7 汇总 求和 · 修改 O12 汇总 不计"""
    said = words.removeprefix(WORD).strip()
    reason = _REASON.search(said)
    why = reason["reason"].strip() if reason else ""
    word = (said[: reason.start()] if reason else said).split(" ")[0]
    if word in _COUNTED:
        child = alignments.objective(objective.id) if kr_id is None else alignments.key_result(kr_id)
        return await _count(asking, objective, child, why, counted=_COUNTED[word])
    if kr_id is None:
        raise Misunderstood(_which_way(objective, None))
    kr = next(kr for kr in objective.key_results if kr.id == kr_id)
    if word not in _MODES:
        raise Misunderstood(_which_way(objective, kr_id))
    return await _compute(asking, (objective, kr), _MODES[word], why)


async def _compute(asking: Asking, goal: Goal, mode: RollUp, why: str) -> Answer:
    objective, kr = goal
    await goals.require_reporter(asking, objective, kr.ref)
    if objective.state is State.ACTIVE:
        check_mode(kr.ref, kr.measure, kr.roll_up, mode, reason=why)
    else:
        check_mode(kr.ref, kr.measure, RollUp.MANUAL, mode)
    doubts = (await objectives.doubts_of(asking.session, objective.id)).get(kr.id, ())
    if mode is not kr.roll_up:
        await objectives.change_key_result(asking.session, kr, doubts, roll_up=mode)
        await roll_ups.recount(asking.session, kr.id, asking.now)
    _, now = await goals.key_result(asking, kr.id)
    if mode is not kr.roll_up and objective.state is not State.DRAFT:
        old, new = ROLL_UPS[kr.roll_up], ROLL_UPS[mode]
        await on_record.put(asking, "修改", objective, kr.id, field=FIELD, old=old, new=new, reason=why)
    return shown(
        notice(
            "roll_up_set",
            about=kr.ref,
            ref=kr.ref,
            name=kr_name(kr),
            mode=str(mode),
            below=len(await alignments.children_of(asking.session, kr.id)),
            value=say_value(now, now.value),
        ),
        in_place=True,
    )


async def _count(asking: Asking, objective: Objective, child: Child, why: str, *, counted: bool) -> Answer:
    """Whoever's number it goes into says whether it does: nobody takes his own bad figures out of it."""
    edges = await alignments.parents_of(asking.session, child)
    if not edges:
        raise SupportsNothing(child.ref)
    parents = []
    for edge in edges:
        above, kr = await goals.key_result(asking, edge.parent)
        await goals.require_reporter(asking, above, kr.ref)
        parents.append((edge, above, kr))
    for edge, _, kr in parents:
        await alignments.set_weights(asking.session, edge.id, rolls=counted)
        await roll_ups.recount(asking.session, kr.id, asking.now)
    said = ("计入", "不计") if not counted else ("不计", "计入")
    if any(edge.rolls is not counted for edge, _, _ in parents):
        kr_id = child.id if child.is_kr else None
        await on_record.put(
            asking, "修改", objective, kr_id, field=FIELD, old=said[0], new=said[1], reason=why
        )
    return shown(
        notice(
            "counted_in",
            about=child.ref,
            ref=child.ref,
            counted=counted,
            parents=[kr.ref for _, _, kr in parents],
        )
    )


def _which_way(objective: Objective, kr_id: int | None) -> Card:
    """What can be said after 汇总."""
    kr = next((kr for kr in objective.key_results if kr.id == kr_id), None)
    ref = objective.ref if kr is None else kr.ref
    choices = [Choice("不计入上级", f"修改 {ref} 汇总 不计"), Choice("计入上级", f"修改 {ref} 汇总 计入")]
    if kr is not None and kr.measure.kind is Kind.NUMBER:
        choices = [Choice("下级加权平均", f"修改 {ref} 汇总 加权")]
        if can_be_summed(kr.measure):
            choices.insert(0, Choice("下级相加", f"修改 {ref} 汇总 求和"))
    mode = "" if kr is None else ROLL_UPS[kr.roll_up]
    return question("roll_up", choices, about=ref, ref=ref, mode=mode)
