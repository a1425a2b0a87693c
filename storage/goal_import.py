"""A file of goals, taken in whole: new ones become drafts, drafts are changed, what is in force stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from decimal import Decimal

from okr.alignment import End, check_alignment
from okr.cycle import cycle_of
from okr.goal_lines import GoalLine, LineProblem
from okr.objectives import KeyResult, Kind, Objective, State
from okr.people import Person
from okr.policy import MetricSpec
from okr.progress import progress
from okr.refusals import Loop, PeriodsDoNotOverlap, SelfAlignment
from okr.workdays import OfficeCalendar
from okr.writing import Code, blocking, check_objective
from storage import alignments, check_ins, cycles, day_curves, fed, objectives, people, roll_ups, trail, units
from storage.check_ins import Entry
from storage.fed import Scales
from storage.objectives import Draft
from storage.session import Session
from storage.trail import Deed

SOURCE = "导入"
_LIVE = (State.DRAFT, State.PENDING, State.ACTIVE, State.PAUSED, State.CLOSED)
_WHY = {
    Code.START_EQUALS_TARGET: "起点和目标一样",
    Code.TARGET_MISSING: "没有目标值",
    Code.SHARES_ABOVE_ONE: "权重加起来超过 100%",
    Code.NO_KEY_RESULTS: "没有关键结果",
    Code.LOOP: "支撑关系绕成了圈",
}


class Unimportable(Exception):
    """Nothing was taken in, because of these."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many objectives were new, changed, the same; how many of them are in force now."""

    new: int = 0
    changed: int = 0
    same: int = 0
    published: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is taken in. `publish`: drafts are put in force at once."""

    at: datetime
    today: date
    zone: tzinfo
    publish: bool = False
    metrics: Mapping[str, MetricSpec] = field(default_factory=dict)
    """What the company counts, for goals in force that data move."""
    calendar: OfficeCalendar = field(default_factory=OfficeCalendar)


@dataclass
class _Work:
    """What has come of the lines so far."""

    problems: list[LineProblem] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    same: int = 0
    places: dict[int, GoalLine] = field(default_factory=dict)
    """The first line of each objective that was written, by its id."""


async def take_in(
    session: Session, lines: Sequence[GoalLine], terms: Terms, done: Callable[[int], None]
) -> TakenIn:
    """Take in lines in which every number and cycle is known; `done` hears of so many more. Raises Unimportable."""
    work = _Work()
    groups: dict[tuple[str, str, str], list[GoalLine]] = {}
    for line in lines:
        groups.setdefault((line.number, line.cycle, line.objective), []).append(line)
    for group in groups.values():
        await _objective(session, group, terms, work)
        done(len(group))
    for objective_id, first in work.places.items():
        await _support(session, objective_id, first, groups, terms, work)
    published = await _publish(session, terms, work) if terms.publish else 0
    if work.problems:
        raise Unimportable(sorted(work.problems, key=lambda problem: problem.line))
    for objective_id in (*work.new, *work.changed):
        action = "导入" if objective_id in work.new else "导入修改"
        await trail.record(session, Deed(action, terms.at, None, "", objective_id=objective_id))
    return TakenIn(len(work.new), len(work.changed), work.same, published)


async def _objective(session: Session, group: Sequence[GoalLine], terms: Terms, work: _Work) -> None:
    first = group[0]
    owner = await people.by_number(session, first.number)
    if owner is None:
        work.problems.append(LineProblem(first.line, "工号", f"{first.number} 不在职"))
        return
    cycle = await cycles.opened(session, cycle_of(first.cycle), terms.today)
    found = await objectives.of_owner(session, owner.id, cycle.id, _LIVE)
    known = next((objective for objective in found if objective.title == first.objective), None)
    if known is None:
        objective_id = await objectives.create(session, owner.id, cycle, first.objective, [], None, terms.at)
        work.new.append(objective_id)
        known = await objectives.by_id(session, objective_id)
        assert known is not None
    if known.state is not State.DRAFT:
        _compare(known, group, work)
        return
    work.places[known.id] = first
    changed = await _key_results(session, known, group, owner, terms)
    if known.id not in work.new:
        if changed:
            work.changed.append(known.id)
        else:
            work.same += 1


def _compare(known: Objective, group: Sequence[GoalLine], work: _Work) -> None:
    """What is in force is never changed by a file: a line that says something else is a problem."""
    by_title = {kr.title: kr for kr in known.key_results}
    for line in group:
        kr = by_title.get(line.title)
        if line.title and (kr is None or not _is_same(kr, line)):
            hint = f"修改 {kr.ref} …" if kr else f"加KR {known.ref} …"
            reason = f"{known.ref} 已经生效,导入不能改它;要改请在聊天里发:{hint}"
            work.problems.append(LineProblem(line.line, "关键结果", reason))
    work.same += 1


def _is_same(kr: KeyResult, line: GoalLine) -> bool:
    """Whether a line says what is there; what was reported and how sure somebody is are no part of it."""
    there = objectives.draft_of(kr)
    said = _draft(line, kr)
    steps = tuple(replace(step, done=False) for step in there.measure.milestones)
    again = tuple(replace(step, done=False) for step in said.measure.milestones)
    return replace(there, measure=replace(there.measure, milestones=steps)) == replace(
        said, measure=replace(said.measure, milestones=again)
    )


def _draft(line: GoalLine, known: KeyResult | None) -> Draft:
    draft = Draft(
        title=line.title,
        measure=line.measure,
        weight=line.weight,
        share=line.share,
        due=line.due,
        metric=line.metric,
        metric_own=line.metric_own,
        commitment=line.commitment,
        origin=line.origin,
        is_kpi=line.is_kpi,
        stages=line.stages,
    )
    return draft if known is None else replace(draft, roll_up=known.roll_up)


async def _key_results(
    session: Session, known: Objective, group: Sequence[GoalLine], owner: Person, terms: Terms
) -> bool:
    """Add what is new and change what is another; whether anything was. What the file leaves out stays."""
    by_title = {kr.title: kr for kr in known.key_results}
    changed = False
    for line in group:
        if not line.title:
            continue
        kr = by_title.get(line.title)
        draft = _draft(line, kr)
        if kr is None:
            await objectives.add_key_result(session, known.id, draft)
            changed = True
        elif objectives.draft_of(kr) != draft:
            await objectives.redefine(session, kr, draft)
            changed = True
        changed = await _reported(session, known.id, line, owner, terms) or changed
    return changed


async def _reported(session: Session, objective_id: int, line: GoalLine, owner: Person, terms: Terms) -> bool:
    """Record the value and the confidence of a line where they are new."""
    whole = await objectives.by_id(session, objective_id)
    assert whole is not None
    kr = next(one for one in whole.key_results if one.title == line.title)
    value = line.value
    if kr.measure.kind is Kind.MILESTONE:
        done = progress(kr.measure, None)
        value = done.raw.quantize(Decimal("0.000001")) if done is not None and done.raw else None
    changed = value is not None and value != kr.value
    if value is not None and changed:
        at = terms.at
        if line.value_day is not None and line.value_day < terms.today:
            at = datetime.combine(line.value_day, time(23, 59, 59), terms.zone)
        entry = Entry(kr.id, at, terms.at, owner.id, SOURCE, "", value=value)
        await check_ins.record_value(session, kr, entry)
    if line.confidence is not None and line.confidence != kr.confidence:
        await check_ins.record(
            session, Entry(kr.id, terms.at, terms.at, owner.id, SOURCE, "", confidence=line.confidence)
        )
        await objectives.set_confidence(session, kr.id, line.confidence)
        changed = True
    return changed


# --- what supports what ---


async def _support(
    session: Session,
    objective_id: int,
    first: GoalLine,
    groups: dict[tuple[str, str, str], list[GoalLine]],
    terms: Terms,
    work: _Work,
) -> None:
    """Align a draft with the key result that its lines name; the first that names one counts."""
    group = groups[first.number, first.cycle, first.objective]
    line = next((one for one in group if one.supports), None)
    if line is None:
        return
    objective = await objectives.by_id(session, objective_id)
    assert objective is not None
    above = await _named(session, line)
    if above is None:
        work.problems.append(LineProblem(line.line, "对齐", f"没找到 {line.supports}"))
        return
    parent, kr = above
    if objective.parent_kr == kr.id:
        return
    try:
        check_alignment(
            End(objective.ref, objective.cycle, objective.cycle.name),
            End(kr.ref, parent.cycle, parent.cycle.name),
            await alignments.graph_above(session, kr.id),
        )
    except (SelfAlignment, Loop):
        work.problems.append(LineProblem(line.line, "对齐", f"{line.supports} 会绕成圈"))
        return
    except PeriodsDoNotOverlap:
        work.problems.append(
            LineProblem(line.line, "对齐", f"{line.supports} 是 {parent.cycle.name} 的,时间对不上")
        )
        return
    await objectives.set_parent(session, objective_id, kr.id, terms.at)
    if objective_id not in (*work.new, *work.changed):
        work.changed.append(objective_id)
        work.same -= 1


async def _named(session: Session, line: GoalLine) -> tuple[Objective, KeyResult] | None:
    """The key result that `KR7` or `E0101/西湖店销售额` means; of several that have the title the cycle's own."""
    words = line.supports.replace("／", "/")
    number, slash, title = words.partition("/")
    if not slash:
        bare = words.upper().removeprefix("KR").strip()
        if not bare.isdecimal() or len(bare) > 9:
            return None
        objective = await objectives.with_key_result(session, int(bare))
        found = [objective] if objective is not None else []
        return next(((one, kr) for one in found for kr in one.key_results if kr.id == int(bare)), None)
    owner = await people.by_number(session, number.strip())
    if owner is None:
        return None
    for cycle in sorted(await cycles.everything(session), key=lambda one: one.name != line.cycle):
        for objective in await objectives.of_owner(session, owner.id, cycle.id, _LIVE):
            for kr in objective.key_results:
                if kr.title == title.strip():
                    return objective, kr
    return None


# --- in force ---


async def _publish(session: Session, terms: Terms, work: _Work) -> int:
    """Put the drafts of the file in force. One that cannot be is a problem."""
    for objective_id, first in work.places.items():
        objective = await objectives.by_id(session, objective_id)
        assert objective is not None
        for finding in blocking(check_objective(objective, ())):
            reason = f"{objective.title}:{_WHY.get(finding.code, str(finding.code))},不能生效"
            work.problems.append(LineProblem(first.line, "目标", reason))
        await objectives.activate(session, objective_id, terms.at)
    for objective_id in work.places:
        if await fed.has_any(session, objective_id):
            known = await units.known(session)
            scales = Scales(terms.metrics, known, terms.zone, terms.at, terms.calendar)
            await day_curves.settle(session, objective_id, scales)
            await fed.settle(session, objective_id, scales)
        await roll_ups.follow_goal(session, objective_id, terms.at)
    return len(work.places)
