"""目标进度预警: owners whose key results lag behind the calendar, and far behind their managers, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cards.in_groups import behind_card
from cards.progress_warning import facts, warning_card
from okr import masking
from okr.advice import advise, cause_of
from okr.cycle import days_left
from okr.experts import Expert
from okr.forecast import Forecast, forecast
from okr.moments import day_of
from okr.objectives import KeyResult, Objective, Status
from okr.people import Person
from okr.policy import Policy
from okr.reminding import Reminder, ReminderRule
from okr.scoring import Cause
from okr.status import Verdict, judge_objective
from scheduler import groups
from scheduler.reminder import Glance, Group, Nudge, Watch
from scheduler.reminders.subjects import chunks_of
from storage import candidates, check_ins, experts, help_requests, people

KEY = Reminder.PROGRESS_WARNING
LEVELS = {Status.BEHIND: 1, Status.AT_RISK: 2}
OVER = (Status.DUE, Status.ACHIEVED, Status.MISSED, Status.CANCELLED)
HISTORY = 60
NOTES = 3
"""Reports whose notes may say why."""


async def look(glance: Glance) -> list[Nudge]:
    """Every key result in force that is behind or at risk by its owner's thresholds."""
    nudges: list[Nudge] = []
    async for objectives in chunks_of(
        glance, candidates.lagging(glance.session, glance.today, _least(glance))
    ):
        owners = await people.by_ids(glance.session, sorted({objective.owner_id for objective in objectives}))
        for objective in objectives:
            nudges += await _about(glance, objective, owners[objective.owner_id])
    return nudges


def _least(glance: Glance) -> int:
    """The smallest gap that is anybody's threshold."""
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    said = [rule.numbers, *(one.numbers for one in rule.exceptions)]
    return min((int(numbers["behind_points"]) for numbers in said if "behind_points" in numbers), default=0)


def level_of(glance: Glance, objective: Objective, kr: KeyResult, owner: Person) -> int:
    """How serious it is: 0 where it says nothing."""
    rule = glance.rule(KEY, owner)
    if not rule.on or _is_early(glance, objective, rule):
        return 0
    verdicts = judge_objective(objective, glance.today, _policy(glance.policy, rule)).verdicts
    return _level(verdicts[kr.id], rule)


async def _about(glance: Glance, objective: Objective, owner: Person) -> list[Nudge]:
    rule = glance.rule(KEY, owner)
    objective = masking.opened(objective)  # it goes to the owner and his superior
    if not rule.on or not owner.active or _is_early(glance, objective, rule):
        return []
    verdicts = judge_objective(objective, glance.today, _policy(glance.policy, rule)).verdicts
    found: list[Nudge] = []
    for kr in objective.counting:
        verdict = verdicts[kr.id]
        level = _level(verdict, rule)
        if level and glance.only in ("", kr.ref):
            found += await _nudges(glance, objective, kr, owner, verdict, level)
    return found


def _level(verdict: Verdict, rule: ReminderRule) -> int:
    """How serious it is: by the gap, also of what nobody reports; what has no pace by its light."""
    if not verdict.paced or verdict.status in OVER:
        return LEVELS.get(verdict.status, 0)
    return sum(verdict.gap_points >= int(rule[name]) for name in ("behind_points", "at_risk_points"))


def _is_early(glance: Glance, objective: Objective, rule: ReminderRule) -> bool:
    passed = (glance.today - objective.cycle.start).days
    return passed < int(rule["silent_days"])


def _policy(policy: Policy, rule: ReminderRule) -> Policy:
    return replace(
        policy,
        behind_points=int(rule["behind_points"]),
        at_risk_points=int(rule["at_risk_points"]),
        silent_share=float(rule["silent_share"]),
    )


async def _nudges(
    glance: Glance, objective: Objective, kr: KeyResult, owner: Person, verdict: Verdict, level: int
) -> Iterable[Nudge]:
    rule = glance.rule(KEY, owner)
    at_risk = int(rule["at_risk_points"])
    threshold = at_risk if level > 1 else int(rule["behind_points"])
    ahead = await _ahead(glance, objective, kr)
    days = days_left(
        objective.cycle if kr.due is None else replace(objective.cycle, end=kr.due), glance.today
    )
    advice = advise(kr, int(verdict.gap_points), at_risk, await _cause(glance, kr))
    why = facts(verdict, threshold, glance.today)
    card = warning_card(
        kr,
        verdict,
        forecast=ahead,
        days=days,
        advice=advice,
        threshold=threshold,
        level=level,
        experts=await _experts(glance, objective, kr, owner),
    )
    found = [Nudge(owner.id, kr.ref, card, level=level, facts=why)]
    if level > 1 and owner.manager_id is not None:
        told = warning_card(
            kr,
            verdict,
            forecast=ahead,
            days=days,
            advice=advice,
            threshold=threshold,
            level=level,
            owner=owner,
        )
        found.append(Nudge(owner.manager_id, kr.ref, told, variant="manager", level=level, facts=why))
    return found


async def _cause(glance: Glance, kr: KeyResult) -> Cause | None:
    """What is written of it: what is in the way now, then the newest notes. Looked for only when a letter is about to go."""
    if not glance.only:
        return None
    blockers = await help_requests.open_on(glance.session, kr.id)
    entries = await check_ins.of(glance.session, kr.id, NOTES)
    return cause_of([*(one.words for one in blockers), *(entry.note for entry in entries)])


async def _experts(glance: Glance, objective: Objective, kr: KeyResult, owner: Person) -> list[Expert]:
    """Who could help; it takes several statements, so nobody is looked for before a letter is about to go."""
    if not glance.only:
        return []
    blockers = await help_requests.open_on(glance.session, kr.id)
    words = " ".join(one.words for one in blockers)
    return await experts.find(glance.session, objective, kr, words, owner, glance.today, glance.policy)


async def _ahead(glance: Glance, objective: Objective, kr: KeyResult) -> Forecast | None:
    """Where it is heading; looked at only when a letter is about to go, for a digest tells the title."""
    if not glance.only:
        return None
    entries = await check_ins.of(glance.session, kr.id, HISTORY)
    zone = glance.policy.zone
    points = [
        (day_of(entry.on_at, zone), entry.value)
        for entry in reversed(entries)
        if entry.value is not None and not entry.taken_back
    ]
    return forecast(kr, points, objective.cycle, glance.today)


async def to_group(glance: Glance, group: Group) -> list[Nudge]:
    """Once something of the unit is at risk: how many lag, of whom nobody is named."""
    if not glance.policy.reminders.get(KEY, ReminderRule()).on:
        return []
    levels: list[int] = []
    paced: list[Verdict] = []
    owners = 0
    async for owner, goals in groups.goals_of(glance, group):
        rule = glance.rule(KEY, owner)
        owners += 1
        for objective in goals:
            if not rule.on or _is_early(glance, objective, rule):
                continue
            verdicts = judge_objective(objective, glance.today, _policy(glance.policy, rule)).verdicts
            levels += [_level(verdicts[kr.id], rule) for kr in objective.counting]
            paced += [verdicts[kr.id] for kr in objective.counting if verdicts[kr.id].paced]
    at_risk, lagging = levels.count(2), sum(map(bool, levels))
    if owners < groups.FEWEST or not at_risk:
        return []
    card = behind_card(
        group.unit,
        lagging,
        at_risk,
        _mean([one.progress.clamped for one in paced]),
        _mean([one.expected for one in paced]),
    )
    why = (f"{lagging} 个偏慢,{at_risk} 个告急", "门槛:有一个告急")
    return [Nudge(group.where, group.unit, card, variant="group", facts=why)]


def _mean(shares: list[Decimal]) -> Decimal:
    return sum(shares, Decimal(0)) / len(shares) if shares else Decimal(0)


WATCH = Watch(KEY, "30 9 * * *", look, to_group=to_group)
