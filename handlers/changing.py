"""修改, 加KR and 取消 on what is in force: each becomes a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cards.notices import notice, question
from chat.answers import Answer
from handlers import goals, periods
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import colleague
from handlers.fields import NAMES, Change, Said, ask_for, ask_which, read_sentence, read_values, say_now
from handlers.on_record import attempted
from handlers.reading.ids import take_ref
from handlers.requesting import request
from handlers.route import Route
from okr import permissions
from okr.approvals import ChangeField
from okr.objectives import KeyResult, Objective, State
from okr.people import Person
from okr.refusals import KindFixed, NotANumberGoal, NotInForce, NotYourGoal
from okr.requests import FieldChange, RequestKind, applied_values, known, made
from okr.weights import require_whole
from storage import in_force, objectives
from storage.changes import Wish

LONGEST_REASON = 200
_FIELDS: Mapping[str, ChangeField] = {
    "target": ChangeField.TARGET,
    "start": ChangeField.START,
    "due": ChangeField.DEADLINE,
    "weight": ChangeField.WEIGHT,
    "title": ChangeField.TITLE,
    "unit": ChangeField.UNIT,
    "basis": ChangeField.BASIS,
    "commitment": ChangeField.COMMITMENT,
    "origin": ChangeField.ORIGIN,
    "stages": ChangeField.STAGES,
    "kpi": ChangeField.KPI,
    "owner": ChangeField.OWNER,
    "cycle": ChangeField.CYCLE,
}
_OF_THE_WHOLE = ("owner", "cycle")
"""A key result has its objective's."""


async def change(asking: Asking, objective: Objective, kr: KeyResult | None, said: Said) -> Answer:
    """修改 KR34 目标值 1200 截止 12月20日 原因 新店开业"""
    ref = kr.ref if kr else objective.ref
    what = " ".join(f"{NAMES[field]} {words}" for field, words in said.fields).strip()
    owner = await _require_line(asking, objective, kr, what)
    _require_in_force(objective, kr)
    if not said.fields:
        return ask_which(objective, kr)
    changes: list[FieldChange] = []
    after = kr
    for field, words in said.fields:
        wanted = Change(objective, after, field, words)
        if field not in _FIELDS or (kr is not None and field in _OF_THE_WHOLE):
            return _elsewhere(wanted)
        if not words:
            return ask_for(replace(wanted, kr=kr))
        values = await _values(asking, wanted)
        if isinstance(values, Answer):
            return values
        changes.append(values)
        after = made(after, values.new) if after is not None else None
    if kr is not None and after is not None:
        _require_possible(objective, kr, after)
    if all(one.old == one.new for one in changes):
        first = Change(objective, kr, *said.fields[0])
        return shown(notice("same_already", about=ref, ref=ref, field=NAMES[first.field], now=say_now(first)))
    changes = [one for one in changes if one.old != one.new]
    wish = Wish(
        RequestKind.CHANGE,
        objective.id,
        kr.id if kr else None,
        tuple(changes),
        objective.version,
        reason=said.reason[:LONGEST_REASON],
        interview=said.interview[:LONGEST_REASON],
        words=what,
    )
    return await request(asking, objective, owner, wish)


async def _values(asking: Asking, wanted: Change) -> FieldChange | Answer:
    """What the words of a field would set, and what stands there now."""
    field = _FIELDS[wanted.field]
    if wanted.kr is not None:
        new = read_values(asking, wanted)
        if new is None:
            raise Misunderstood(ask_for(wanted).card or notice("never_mind"))
        return FieldChange(field, known(wanted.kr, new), new)
    objective = wanted.objective
    match wanted.field:
        case "title":
            return FieldChange(field, {"title": objective.title}, {"title": wanted.words[:60]})
        case "owner":
            person = await colleague(asking, wanted.words, f"修改 {objective.ref} 负责人")
            return FieldChange(field, {"owner_id": objective.owner_id}, {"owner_id": person.id})
        case "cycle":
            cycle = await periods.to_write(asking, wanted.words)
            return FieldChange(field, {"cycle_id": objective.cycle.id}, {"cycle_id": cycle.id})
        case _:
            return _elsewhere(wanted)


def _elsewhere(wanted: Change) -> Answer:
    """What is no matter of this goal, and where it is one."""
    return shown(
        notice(
            "field_elsewhere",
            about=wanted.ref,
            ref=wanted.ref,
            field=NAMES[wanted.field],
            objective=wanted.objective.ref,
            kr=next((kr.ref for kr in wanted.objective.counting), ""),
            words=wanted.words,
            parent=wanted.field == "parent",
            whole=wanted.field in _OF_THE_WHOLE,
        )
    )


def _require_possible(objective: Objective, kr: KeyResult, after: KeyResult) -> None:
    """Raises KindFixed, NotANumberGoal, and SharesAboveOne where the weights would be more than the whole."""
    if after.measure.kind is not kr.measure.kind:
        if kr.reading is not None:
            raise KindFixed(kr.ref, str(kr.measure.kind))
        if after.measure.start is None:
            raise NotANumberGoal(kr.ref, str(kr.measure.kind))
    require_whole(applied_values(objective, after))


async def _require_line(asking: Asking, objective: Objective, kr: KeyResult | None, what: str) -> Person:
    """The owner. Raises NotYourGoal, with a line in the trail, where the asker is neither he nor his superior."""
    owner = await goals.owner_of(asking, objective)
    if not permissions.may_change(asking.asker, owner):
        await attempted(asking, "修改", objective, kr.id if kr else None)
        raise NotYourGoal(kr.ref if kr else objective.ref, owner.name, what)
    return owner


def _require_in_force(objective: Objective, kr: KeyResult | None) -> None:
    if objective.state is not State.ACTIVE:
        raise NotInForce(kr.ref if kr else objective.ref, str(objective.state))
    if kr is not None and kr.state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(kr.state))


# --- 加KR, 取消 ---


async def submit(asking: Asking, objective: Objective) -> Answer:
    """A draft that is ready: it waits as a whole."""
    owner = await goals.owner_of(asking, objective)
    await in_force.set_objective(asking.session, objective.id, State.PENDING)
    wish = Wish(
        RequestKind.CREATE,
        objective.id,
        None,
        (FieldChange(ChangeField.CREATE, {}, {"state": str(State.ACTIVE)}),),
        objective.version + 1,
    )
    waiting = replace(objective, state=State.PENDING, version=objective.version + 1)
    return await request(asking, waiting, owner, wish)


async def add(asking: Asking, objective_id: int, kr_id: int, reason: str) -> Answer:
    """A key result more in what is in force; it is kept as a draft in it until somebody agrees."""
    objective = await objectives.by_id(asking.session, objective_id)
    assert objective is not None
    owner = await goals.owner_of(asking, objective)
    wish = Wish(
        RequestKind.ADD,
        objective.id,
        kr_id,
        (FieldChange(ChangeField.ADD, {}, {"state": str(State.ACTIVE)}),),
        objective.version,
        reason=reason[:LONGEST_REASON],
    )
    return await request(asking, objective, owner, wish)


async def require_adding(asking: Asking, objective: Objective) -> None:
    """Whether the asker may have a key result added to what is in force."""
    await _require_line(asking, objective, None, "加一个关键结果")
    _require_in_force(objective, None)


async def cancel(asking: Asking) -> Answer:
    """取消 KR34 门店停业 · 取消 O12 原因 …"""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective, kr = await goals.objective_by_number(asking, ref.number), None
    else:
        (objective, kr), rest = await goals.meant(asking, "取消", goals.IN_FORCE)
    whole = kr.ref if kr else objective.ref
    if objective.state is State.DRAFT:
        return shown(notice("cancel_is_delete", about=whole, ref=whole), restricted=True)
    owner = await _require_line(asking, objective, kr, "取消")
    _require_in_force(objective, kr)
    said = read_sentence(rest)
    reason = " ".join(part for part in (said.unread, said.reason) if part) or rest
    if not reason:
        return shown(
            question(
                "cancel_reason",
                [],
                about=whole,
                awaits=f"取消 {whole} 原因",
                ref=whole,
                title=kr.title if kr else objective.title,
            )
        )
    wish = Wish(
        RequestKind.CANCEL,
        objective.id,
        kr.id if kr else None,
        (FieldChange(ChangeField.CANCEL, {}, {"state": str(State.CANCELLED)}),),
        objective.version,
        reason=reason[:LONGEST_REASON],
        interview=said.interview[:LONGEST_REASON],
    )
    return await request(asking, objective, owner, wish)


ROUTES = (
    Route(
        words=("取消",),
        handle=cancel,
        topic="定目标",
        does="不做了的目标,写明原因,上级同意了就取消",
        examples=("取消 {kr} 门店停业",),
    ),
)
