"""The end of a cycle, a part of 截止与收官评分提醒: two weeks and three days before, on the day, and until it is scored.

The owner has one card for the whole cycle, and who leads him one for his people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards.deadline_due import Standing, closing_card, team_card
from okr.deadlines import days_over, nearness
from okr.masking import opened
from okr.objectives import Cycle, CycleState, Objective, State
from okr.people import Person
from okr.reminding import Reminder, ReminderRule
from okr.scoring import suggested_score
from scheduler.reminder import Glance, Nudge
from scheduler.reminders.subjects import each_of
from storage import candidates, cycles, people

KEY = Reminder.DEADLINE_DUE


async def look(glance: Glance) -> list[Nudge]:
    """The subject names whom it is for and the cycle, `12@2026Q4`."""
    who, _, name = glance.only.partition("@")
    nudges: list[Nudge] = []
    for cycle in await cycles.everything(glance.session):
        phase = "" if cycle.state is CycleState.CLOSED else _phase(glance, cycle)
        if phase and name in ("", cycle.name):
            nudges += await _of_cycle(glance, cycle, phase, int(who) if who else None)
    return nudges


def _phase(glance: Glance, cycle: Cycle) -> str:
    """Which of the reminders it is the time for, a word that is another for each; empty for none."""
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    if not rule.numbers:
        return ""
    left = (cycle.end - glance.today).days
    if left >= 0:
        level = nearness(left, [int(one) for one in rule["cycle_days"]])
        return f"-{level}" if level else ""
    over = days_over(cycle.end, glance.today, glance.policy.calendar)
    if over > int(rule["grace_days"]):
        return ""
    return f"+{over // int(rule['score_every'])}"


async def _of_cycle(glance: Glance, cycle: Cycle, phase: str, who: int | None) -> list[Nudge]:
    goals: dict[int, list[Objective]] = {}
    wanted = (
        None if who is None else [who, *(one.id for one in await people.reporting_to(glance.session, who))]
    )
    unscored = candidates.unscored(glance.session, cycle.id, wanted)
    async for chunk in each_of(glance.session, unscored):
        for objective in chunk:
            goals.setdefault(objective.owner_id, []).append(opened(objective))
    known = await people.by_ids(glance.session, sorted(goals))
    nudges: list[Nudge] = []
    teams: dict[int, list[Standing]] = {}
    for owner_id, own in goals.items():
        owner = known[owner_id]
        if not owner.active or not glance.rule(KEY, owner).on:
            continue
        standing = _standing(owner, own)
        if standing.missing or glance.today < cycle.end:
            nudges.append(_own(glance, cycle, phase, standing))
        if owner.manager_id is not None and glance.today >= cycle.end:
            teams.setdefault(owner.manager_id, []).append(standing)
    managers = await people.by_ids(glance.session, sorted(teams))
    nudges += [
        _team(glance, cycle, phase, managers[manager], team)
        for manager, team in teams.items()
        if managers[manager].active and glance.rule(KEY, managers[manager]).on
    ]
    return nudges


def _standing(owner: Person, goals: Sequence[Objective]) -> Standing:
    scoring = [(goal, kr) for goal in goals for kr in goal.counting if not kr.is_kpi]
    return Standing(
        owner,
        tuple(goals),
        missing=tuple(kr for _, kr in scoring if kr.score is None and kr.state is not State.CANCELLED),
        suggested={kr.id: suggested_score(kr) for _, kr in scoring},
    )


def _own(glance: Glance, cycle: Cycle, phase: str, standing: Standing) -> Nudge:
    card = closing_card(standing, cycle, glance.today)
    return Nudge(
        standing.owner.id,
        f"{standing.owner.id}@{cycle.name}",
        card,
        variant="cycle",
        period=f"{cycle.name}{phase}",
        facts=_why(cycle, glance.today, standing.missing),
    )


def _team(glance: Glance, cycle: Cycle, phase: str, manager: Person, team: Sequence[Standing]) -> Nudge:
    missing = [kr for one in team for kr in one.missing]
    return Nudge(
        manager.id,
        f"{manager.id}@{cycle.name}",
        team_card(team, cycle, glance.today),
        variant="team",
        period=f"{cycle.name}{phase}",
        facts=_why(cycle, glance.today, missing),
    )


def _why(cycle: Cycle, today: date, missing: Sequence[object]) -> tuple[str, ...]:
    left = (cycle.end - today).days
    when = f"还有 {left} 天结束" if left >= 0 else f"结束了 {-left} 天"
    return (
        f"{cycle.name} {when},没评分的 {len(missing)} 个",
        "门槛:结束前 14、3、0 天,之后每 3 个工作日,最多 10 个工作日",
    )
