"""A change that somebody asked for: old and new side by side, the reason, and what it does to the goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from cards.notices import notice
from cards.sayings import COVERED, kr_name, o_name, say_amount, say_goal, say_stage
from cards.templating import render
from chat.card import Card
from okr import masking
from okr.approvals import ChangeField, RequestState
from okr.expected import expected_of
from okr.moments import day_of, say_day, say_moment
from okr.numbers import say_percent
from okr.objectives import KeyResult, Kind, Objective
from okr.people import Person
from okr.policy import Policy
from okr.progress import key_result_progress, objective_progress
from okr.requests import ChangeRequest, FieldChange, RequestKind, is_easier
from okr.stages import StageTarget, stage_targets
from okr.weights import kr_weights, percentages

NAMES: Mapping[ChangeField, str] = {
    ChangeField.CREATE: "新目标",
    ChangeField.ADD: "关键结果",
    ChangeField.TITLE: "标题",
    ChangeField.TARGET: "目标值",
    ChangeField.START: "起始值",
    ChangeField.UNIT: "单位",
    ChangeField.BASIS: "口径",
    ChangeField.DEADLINE: "截止",
    ChangeField.WEIGHT: "权重",
    ChangeField.OWNER: "负责人",
    ChangeField.CYCLE: "周期",
    ChangeField.PARENT: "对齐",
    ChangeField.COMMITMENT: "类型",
    ChangeField.ORIGIN: "来源",
    ChangeField.STAGES: "阶段",
    ChangeField.KPI: "日常指标",
    ChangeField.CANCEL: "取消",
}
TOUCHED = 3
"""So many are named of those who are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Upwards:
    """The key result that is supported, and its percents before and after; None where it does not follow from below."""

    ref: str
    owner: str
    was: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request with all that a card says about it.

    `names`: people by their ids and cycles by theirs, as the changes name them. `told`: who else hears of it.
    """

    request: ChangeRequest
    before: Objective
    after: Objective
    applicant: Person
    owner: Person
    approvers: Sequence[str] = ()
    upwards: Upwards | None = None
    told: Sequence[str] = ()
    below: Sequence[tuple[int, int]] = ()
    """Who is told of those below, by their ids, each with the key result of those that change which he is nearest to."""
    people: Mapping[int, str] = field(default_factory=dict)
    cycles: Mapping[int, str] = field(default_factory=dict)

    @property
    def kr(self) -> KeyResult | None:
        return next((kr for kr in self.before.key_results if kr.id == self.request.kr_id), None)

    @property
    def easier(self) -> bool:
        kr = self.kr
        return kr is not None and is_easier(kr, self.request.changes)

    @property
    def ref(self) -> str:
        return self.request.about

    def opened(self) -> Proposal:
        """For who decides about it, whose it is, and the record: with every amount."""
        return replace(self, before=masking.opened(self.before), after=masking.opened(self.after))

    def covered(self) -> Proposal:
        """For who may see the goal but not its amounts."""
        return replace(self, before=masking.covered(self.before), after=masking.covered(self.after))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would be another, as people say it: `1,100`, `1,200 人`."""

    name: str
    old: str
    new: str

    @property
    def line(self) -> str:
        return f"{self.old} → {self.new}" if self.old else self.new


def change_request_card(
    proposal: Proposal, now: datetime, policy: Policy, *, decides: bool = True, news: str = "", why: str = ""
) -> Card:
    """The card of who is to decide (`decides`), or of who may look at it. `news`: what is different since the last time."""
    return render(
        "change_request",
        live=True,
        about=proposal.request.ref,
        **_values(proposal, now, policy),
        decides=decides,
        news=news,
        why=why,
    )


def asked_card(proposal: Proposal, now: datetime, policy: Policy, replaced: Sequence[str] = ()) -> Card:
    """The applicant's answer: who is asked, and that what was agreed holds until then."""
    return render(
        "change_asked",
        live=True,
        about=proposal.request.ref,
        **_values(proposal, now, policy),
        replaced=replaced,
    )


def changed_card(proposal: Proposal, now: datetime, policy: Policy) -> Card:
    """The applicant's answer where nobody has to agree: it holds at once."""
    return render("changed", about=proposal.ref, **_values(proposal, now, policy))


def decided_card(
    proposal: Proposal, now: datetime, policy: Policy, *, yes: bool, missing: Sequence[str] = ()
) -> Card:
    """What the card of who decided turns into. `missing`: whose yes it takes besides."""
    values = _values(proposal, now, policy)
    return render(
        "change_decided",
        live=True,
        about=proposal.request.ref,
        **values,
        yes=yes,
        missing=missing,
        at=f"{now.astimezone(policy.zone):%H:%M}",
    )


def outcome_card(proposal: Proposal, now: datetime, policy: Policy, *, by: str, mine: bool) -> Card:
    """To who asked (`mine`), or to whose goal it is: what was decided."""
    return render(
        "change_outcome",
        about=proposal.ref,
        **_values(proposal, now, policy),
        yes=proposal.request.state is RequestState.APPROVED,
        by=by,
        mine=mine,
        decision=proposal.request.decision,
    )


def changed_above_card(proposal: Proposal, nearest: str) -> Card:
    """To somebody whose goal supports `nearest`, which is what has changed or leads up to it."""
    request = proposal.request
    return notice(
        "changed_above",
        about=proposal.ref,
        ref=proposal.ref,
        name=kr_name(proposal.kr) if proposal.kr else proposal.before.title,
        owner=proposal.owner.name,
        cancelled=request.kind is RequestKind.CANCEL,
        steps=steps_of(proposal),
        reason=request.reason,
        nearest=nearest,
    )


def wish_of(proposal: Proposal) -> str:
    """What is wanted, in a few words: 改 KR34 的目标值."""
    request, ref = proposal.request, proposal.ref
    match request.kind:
        case RequestKind.CREATE:
            return f"定新目标 {ref}「{proposal.before.title}」"
        case RequestKind.ADD:
            return f"给 {proposal.before.ref} 加 {ref}"
        case RequestKind.CANCEL:
            return f"取消 {ref}"
        case RequestKind.CHANGE:
            names = "和".join(NAMES[change.field] for change in request.changes)
            return f"改 {ref} 的{names}"


def steps_of(proposal: Proposal) -> list[Step]:
    """Each change, old and new."""
    request, kr = proposal.request, proposal.kr
    if request.kind is RequestKind.CREATE:
        shares = _shares(proposal.after)
        return [
            Step(each.ref, "", f"{kr_name(each)} {say_goal(each.measure)} · {shares.get(each.id, 0)}%")
            for each in proposal.after.counting
        ]
    if request.kind is RequestKind.ADD and kr is not None:
        share = _shares(proposal.after).get(kr.id, 0)
        return [Step(kr.ref, "", f"{kr_name(kr)} {say_goal(kr.measure)} · 占 {share}%")]
    if request.kind is RequestKind.CANCEL:
        return [Step(proposal.ref, "", kr_name(kr) if kr else proposal.before.title)]
    return [_step(proposal, change) for change in request.changes]


def step_line(proposal: Proposal) -> str:
    """The only change in brackets, where there is one with an old and a new: `(1,100 → 1,200 人)`."""
    steps = steps_of(proposal)
    return f"({steps[0].line})" if len(steps) == 1 and steps[0].old else ""


def _step(proposal: Proposal, change: FieldChange) -> Step:
    kr = proposal.kr
    name = NAMES[change.field]
    after = next((each for each in proposal.after.key_results if kr and each.id == kr.id), kr)
    match change.field:
        case ChangeField.OWNER:
            return Step(
                name, *(proposal.people.get(_id(side, "owner_id"), "") for side in (change.old, change.new))
            )
        case ChangeField.CYCLE:
            return Step(
                name, *(proposal.cycles.get(_id(side, "cycle_id"), "") for side in (change.old, change.new))
            )
        case ChangeField.WEIGHT if kr is not None:
            was, will = _shares(proposal.before), _shares(proposal.after)
            return Step(name, f"{was.get(kr.id, 0)}%", f"{will.get(kr.id, 0)}%")
        case ChangeField.TARGET | ChangeField.START if kr is not None and after is not None:
            return Step(name, *_ends(kr, after, change))
        case ChangeField.DEADLINE:
            end = proposal.before.cycle.end
            return Step(
                name, *(say_day(_day(side.get("due"), end), end) for side in (change.old, change.new))
            )
        case ChangeField.STAGES if kr is not None and after is not None:
            return Step(name, *_stages(kr, after, proposal.before))
        case ChangeField.KPI:
            return Step(name, *("是" if side.get("is_kpi") else "否" for side in (change.old, change.new)))
        case _:
            return Step(name, *(_words(side) for side in (change.old, change.new)))


def _stages(kr: KeyResult, after: KeyResult, objective: Objective) -> tuple[str, str]:
    """The stages that would be others, before and after: `11月底 1,066 人`, `11月底 1,040 人`."""
    if kr.measure.sealed:
        return "", COVERED
    was = {stage.day: stage for stage in stage_targets(kr, objective.cycle)}
    will = {stage.day: stage for stage in stage_targets(after, objective.cycle)}
    days = [day for day in sorted(was | will) if _told(was.get(day), will.get(day))][:STAGES_SHOWN]
    old, new = (
        "、".join(say_stage(side[day], kr.measure.unit) for day in days if day in side) or "匀着走"
        for side in (was, will)
    )
    return old, new


def _told(was: StageTarget | None, will: StageTarget | None) -> bool:
    """What somebody sets or takes away; what lies between the set ones moves along untold."""
    is_set = (was is not None and was.said) or (will is not None and will.said)
    same = was is not None and will is not None and was.share == will.share and was.said == will.said
    return is_set and not same


def _ends(kr: KeyResult, after: KeyResult, change: FieldChange) -> tuple[str, str]:
    if kr.measure.kind is not Kind.NUMBER or after.measure.kind is not Kind.NUMBER:
        was = say_goal(kr.measure)
        return "" if was == COVERED else was, say_goal(after.measure)
    key = "target" if change.field is ChangeField.TARGET else "start"
    old, new = getattr(kr.measure, key), getattr(after.measure, key)
    if kr.measure.sealed or after.measure.sealed:
        return "", COVERED
    was = say_amount(after.measure, old, bare=True) if old is not None else "没写"
    return was, say_amount(after.measure, new)


def _id(side: Mapping[str, Any], name: str) -> int:
    return int(side.get(name) or 0)


def _day(value: Any, end: Any) -> Any:
    return value or end


def _words(side: Mapping[str, Any]) -> str:
    return next((str(value) for value in side.values() if value), "没写")


STAGES_SHOWN = 4


def _shares(objective: Objective) -> dict[int, int]:
    weights = kr_weights(objective)
    return dict(zip(weights, percentages(list(weights.values())), strict=True))


def _values(proposal: Proposal, now: datetime, policy: Policy) -> dict[str, Any]:
    request = proposal.request
    told = list(proposal.told)
    return {
        "id": request.ref,
        "ref": proposal.ref,
        "kind": str(request.kind),
        "name": kr_name(proposal.kr) if proposal.kr else proposal.before.title,
        "first": next((kr.ref for kr in proposal.before.counting), proposal.ref),
        "objective": o_name(proposal.before),
        "applicant": proposal.applicant.name,
        "owner": proposal.owner.name if proposal.owner.id != proposal.applicant.id else "",
        "wish": wish_of(proposal),
        "steps": steps_of(proposal),
        "reason": request.reason,
        "interview": request.interview,
        "easier": proposal.easier,
        "effects": _effects(proposal),
        "pace": _pace(proposal, day_of(now, policy.zone)),
        "upwards": proposal.upwards,
        "approvers": "、".join(proposal.approvers),
        "told": "、".join(told[:TOUCHED]) + (f" 等 {len(told)} 人" if len(told) > TOUCHED else ""),
        "when": say_moment(request.asked_at, now, policy.zone),
        "today": day_of(now, policy.zone),
        "parent": f"KR{proposal.before.parent_kr}" if proposal.before.parent_kr else "",
    }


def _effects(proposal: Proposal) -> list[dict[str, str]]:
    """The percents that would be others: of the key result, of its objective."""
    if proposal.request.kind is RequestKind.CREATE:
        return []
    effects: list[dict[str, str]] = []
    kr = proposal.kr
    after = next((each for each in proposal.after.key_results if kr and each.id == kr.id), None)
    if kr is not None and after is not None and proposal.request.kind is RequestKind.CHANGE:
        effects += _effect(kr.ref, key_result_progress(kr).clamped, key_result_progress(after).clamped)
    if proposal.after.counting and proposal.before.counting:
        was, will = objective_progress(proposal.before).clamped, objective_progress(proposal.after).clamped
        effects += _effect(proposal.before.ref, was, will)
    return effects


def _pace(proposal: Proposal, today: date) -> str:
    """What would be expected today by other stages: `今天该到 58% → 35%`."""
    kr = proposal.kr
    after = next((each for each in proposal.after.key_results if kr and each.id == kr.id), None)
    if kr is None or after is None or kr.stages == after.stages:
        return ""
    cycle = proposal.before.cycle
    old, new = (say_percent(expected_of(each, cycle, today)) for each in (kr, after))
    return f"今天该到 {old} → {new}" if old != new else ""


def _effect(ref: str, was: Any, now: Any) -> list[dict[str, str]]:
    old, new = say_percent(was), say_percent(now)
    return [{"ref": ref, "was": old, "now": new}] if old != new else []
