"""修改: a draft at once. What is in force is changed with a decision, which is not open yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from cards.notices import Choice, notice, question
from cards.sayings import kr_name, say_goal
from chat.answers import Answer
from handlers import goals, roll_up
from handlers.asking import Asking, Misunderstood, shown
from handlers.drafts import LONGEST_TITLE, draft_shown
from handlers.reading.dates import read_date
from handlers.reading.ids import take_ref
from handlers.reading.lines import read_key_result
from handlers.reading.numbers import read_number
from handlers.route import Route
from okr.moments import say_day
from okr.numbers import say_number
from okr.objectives import Basis, KeyResult, Kind, Objective, State
from okr.refusals import StartEqualsTarget
from okr.writing import Code
from storage import cycles, objectives

_INTO = re.compile(
    r"^把?(?P<ref>[A-Za-z]{1,2}\s*\d+)\s*(?P<field>目标值?|起始值?|标题|截止|单位|口径|权重)?\s*(?:改成|改为|改到|降到|提到)\s*(?P<new>.+)$"
)
_FIELDS = {
    "目标值": "target", "目标": "target", "起始值": "start", "起点": "start", "起始": "start", "截止": "due", "截止日": "due",
    "权重": "weight", "标题": "title", "名字": "title", "单位": "unit", "口径": "basis", "统计口径": "basis", "按": "reading",
    "没写错": "keep", "负责人": "owner", "周期": "cycle", "对齐": "parent",
}  # fmt: skip
_NAMES = {
    "target": "目标值", "start": "起始值", "due": "截止", "weight": "权重", "title": "标题", "unit": "单位", "basis": "口径",
    "reading": "算法", "keep": "写法", "owner": "负责人", "cycle": "周期", "parent": "对齐",
}  # fmt: skip
_SETTLES: Mapping[str, tuple[Code, ...]] = {
    "unit": (Code.UNIT_MISSING, Code.PERCENT_OR_POINTS),
    "basis": (Code.BASIS_ASSUMED,),
    "start": (Code.BASELINE_MISSING,),
    "target": (Code.TARGET_MISSING, Code.RELATIVE_OR_POINTS, Code.PERCENT_SCALE),
    "keep": (Code.PERCENT_OR_POINTS, Code.PERCENT_SCALE, Code.BASIS_ASSUMED),
}
LONGEST_UNIT = 8


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a draft and its new words."""

    objective: Objective
    kr: KeyResult | None
    field: str
    words: str

    @property
    def ref(self) -> str:
        return self.kr.ref if self.kr else self.objective.ref


async def revise(asking: Asking) -> Answer:
    """修改 KR34 目标值 1200 · 修改 O12 标题 …"""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective, kr = await goals.objective_by_number(asking, ref.number), None
    else:
        (objective, kr), rest = await goals.meant(asking, "修改")
    if rest.startswith(roll_up.WORD):
        return await roll_up.change(asking, objective, kr.id if kr else None, rest)
    name, _, words = rest.partition(" ")
    field, words = _field(name, words)
    shown_ref = kr.ref if kr else objective.ref
    await goals.require_draft_owner(asking, objective, shown_ref)
    if objective.state is not State.DRAFT:
        return shown(
            notice(
                "change_not_open_yet",
                about=shown_ref,
                ref=shown_ref,
                field=_NAMES.get(field, "它") if field else "它",
            )
        )
    if not field:
        return await draft_shown(asking, objective.id)
    return await _apply(asking, Change(objective, kr, field, words.strip()))


def _field(name: str, words: str) -> tuple[str, str]:
    """The field that is named; `目标值1200` has its value in the same word."""
    for known in sorted(_FIELDS, key=len, reverse=True):
        if name.startswith(known):
            return _FIELDS[known], f"{name[len(known) :]} {words}".strip()
    return "", words


async def _apply(asking: Asking, change: Change) -> Answer:
    if change.field != "keep" and not change.words:
        return _ask_for(change)
    if change.kr is None:
        return await _apply_to_objective(asking, change)
    setter = _SETTERS.get(change.field)
    if setter is None:
        return _ask_for(change)
    fields = setter(asking, change, change.kr)
    if fields is None:
        raise Misunderstood(_ask_for(change).card or notice("never_mind"))
    doubts = (await objectives.doubts_of(asking.session, change.objective.id)).get(change.kr.id, ())
    left = [code for code in doubts if code not in _SETTLES.get(_settled_as(change), ())]
    await objectives.change_key_result(asking.session, change.kr, left, **fields)
    news = f"{change.ref} {_NAMES[change.field]}改好了" if change.field != "keep" else ""
    return await draft_shown(asking, change.objective.id, news=news)


def _settled_as(change: Change) -> str:
    return "target" if change.field == "reading" else change.field


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
            return _ask_for(change)
        await goals.key_result(asking, ref.number)
        await objectives.set_parent(asking.session, objective.id, ref.number, asking.now, asking.asker.id)
    elif change.field == "cycle":
        cycle = await cycles.by_name(asking.session, change.words.upper())
        if cycle is None:
            return _ask_for(change)
        await objectives.set_cycle(asking.session, objective.id, cycle.id)
    else:
        return _ask_for(change)
    return await draft_shown(asking, objective.id, news=f"{_NAMES[change.field]}改好了")


def _ask_for(change: Change) -> Answer:
    """Ask for the new value; the next words are taken for it."""
    kr, objective = change.kr, change.objective
    field = _NAMES.get(change.field, change.field)
    return shown(
        question(
            "field",
            [],
            about=change.ref,
            awaits=f"修改 {change.ref} {field}",
            ref=change.ref,
            title=kr.title if kr else objective.title,
            field=field,
            now=_now(change),
        ),
        restricted=True,
    )


def _now(change: Change) -> str:
    kr, objective = change.kr, change.objective
    if kr is None:
        return {"title": objective.title, "cycle": objective.cycle.name}.get(change.field, "还没写")
    measure = kr.measure
    if change.field in ("target", "start"):
        value = measure.target if change.field == "target" else measure.start
        return say_number(value, measure.unit) if value is not None else "还没写"
    return {
        "title": kr.title,
        "unit": measure.unit or "还没写",
        "basis": str(measure.basis),
        "due": say_day(kr.due, objective.cycle.end) if kr.due else "周期末",
        "weight": f"{kr.share:.0%}" if kr.share is not None else f"{kr.weight:f}",
    }.get(change.field, say_goal(measure))


# --- what each field takes; None where the words are not understood ---


def _number(key: str) -> Callable[[Asking, Change, KeyResult], dict[str, object] | None]:
    def setter(_: Asking, change: Change, kr: KeyResult) -> dict[str, object] | None:
        quantity = read_number(change.words.split(" ")[0]) or read_number(change.words)
        if quantity is None:
            return None
        other = kr.measure.start if key == "target" else kr.measure.target
        if other is not None and quantity.value == other:
            raise StartEqualsTarget(other, kr.ref)
        fields: dict[str, object] = {key: quantity.value}
        unit = "%" if quantity.percent else quantity.unit
        if unit and not kr.measure.unit:
            fields["unit"] = unit
        if kr.measure.kind is Kind.BOOLEAN:
            fields["kind"] = Kind.NUMBER
        return fields

    return setter


def _due(asking: Asking, change: Change, _: KeyResult) -> dict[str, object] | None:
    due = read_date(change.words, asking.today, "future")
    return {"due": due} if due else None


def _weight(_: Asking, change: Change, __: KeyResult) -> dict[str, object] | None:
    quantity = read_number(change.words)
    if quantity is None or quantity.value < 0 or (quantity.percent and quantity.value > 100):
        return None
    return {"share": quantity.value / 100} if quantity.percent else {"weight": quantity.value, "share": None}


def _title(_: Asking, change: Change, __: KeyResult) -> dict[str, object] | None:
    return {"title": change.words[:LONGEST_TITLE]}


def _unit(_: Asking, change: Change, __: KeyResult) -> dict[str, object] | None:
    return {"unit": change.words} if len(change.words) <= LONGEST_UNIT else None


def _basis(_: Asking, change: Change, __: KeyResult) -> dict[str, object] | None:
    return {"basis": Basis(change.words)} if change.words in set(Basis) else None


def _reading(asking: Asking, change: Change, kr: KeyResult) -> dict[str, object] | None:
    """How typed numbers were meant: 按 个点, 按 百分比 (a change of so much), 按 百分数 (0.1 is 10%)."""
    measure = kr.measure
    if change.words == "百分数":
        scaled = {
            key: value * 100
            for key, value in (("start", measure.start), ("target", measure.target))
            if value is not None
        }
        return {**scaled, "unit": "%"}
    by = _typed_change(asking, kr)
    if by is None:
        return None
    if measure.start is None:
        raise Misunderstood(_ask_for(replace(change, field="start")).card or notice("never_mind"))
    if change.words == "个点":
        return {"target": measure.start + by, "unit": "%"}
    if change.words == "百分比":
        return {"target": measure.start + measure.start * by / 100}
    return None


def _typed_change(asking: Asking, kr: KeyResult) -> Decimal | None:
    """By how much a value is to move: as the title says (降低损耗率5%), else from start to target."""
    said = read_key_result(kr.title, asking.today, asking.policy.metrics).change
    if said is not None:
        return said.value
    measure = kr.measure
    return None if measure.start is None or measure.target is None else measure.target - measure.start


def _keep(_: Asking, __: Change, ___: KeyResult) -> dict[str, object] | None:
    return {}


_SETTERS: Mapping[str, Callable[[Asking, Change, KeyResult], dict[str, object] | None]] = {
    "target": _number("target"),
    "start": _number("start"),
    "due": _due,
    "weight": _weight,
    "title": _title,
    "unit": _unit,
    "basis": _basis,
    "reading": _reading,
    "keep": _keep,
}


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
        does="改草稿里的数、单位、标题、截止",
        examples=(
            "修改 {kr} 目标值 1200",
            "修改 {kr} 口径 日均",
            "修改 {kr} 截止 12月20日",
            "修改 {kr} 权重 30%",
        ),
    ),
)
