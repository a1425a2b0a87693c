"""What is missing in goals that are in force, a part of 目标未制定/未对齐提醒: once a week, with a tap for each."""

from __future__ import annotations

from cards.alignment_gap import Gap, gaps_card
from okr.masking import opened
from okr.objectives import Objective
from okr.origin import origins_of
from okr.people import Person
from okr.reminding import Reminder
from okr.writing import Code, check_objective
from scheduler.reminder import Glance, Nudge
from storage import candidates, cycles, objectives, people

KEY = Reminder.ALIGNMENT_GAP
MONDAY = 0
TOLD = (
    Code.NO_KEY_RESULTS,
    Code.TARGET_MISSING,
    Code.BASELINE_MISSING,
    Code.SHARES_ABOVE_ONE,
    Code.NO_DIRECTION_PARENT,
)
"""Of what a draft is checked for, that which is a gap later, too; the most pressing first."""
TOGETHER = 200


async def look(glance: Glance) -> list[Nudge]:
    """On Mondays of everybody; the subject is whose they are, `gaps12`."""
    who = int(glance.only.removeprefix("gaps")) if glance.only.startswith("gaps") else None
    if who is None and (glance.only or glance.today.weekday() != MONDAY):
        return []
    cycle = await cycles.running(glance.session, glance.today)
    found: dict[int, list[Gap]] = {}
    parts: dict[int, list[float]] = {}
    tops: dict[int, Person] = {}
    owners = await candidates.with_gaps(glance.session, cycle.id) if who is None else [who]
    for begin in range(0, len(owners), TOGETHER):
        async for ids in candidates.unscored(glance.session, cycle.id, owners[begin : begin + TOGETHER]):
            chunk = await objectives.by_ids(glance.session, ids)
            tops |= await people.by_ids(glance.session, sorted({one.owner_id for one in chunk} - tops.keys()))
            for objective in map(opened, chunk):
                found.setdefault(objective.owner_id, []).extend(_gaps(objective, tops[objective.owner_id]))
                split = origins_of([objective])
                if split is not None:
                    parts.setdefault(objective.owner_id, []).append(float(split.top_down))
    nudges: list[Nudge] = []
    for owner_id, gaps in found.items():
        nudge = _nudge(glance, tops[owner_id], gaps, parts.get(owner_id, []))
        nudges += [nudge] if nudge is not None else []
    return nudges


def _gaps(objective: Objective, owner: Person) -> list[Gap]:
    findings = check_objective(objective, top=owner.manager_id is None)
    return [
        Gap(str(one.code), objective.ref, f"KR{one.kr_id}" if one.kr_id else objective.ref)
        for code in TOLD
        for one in findings
        if one.code is code
    ]


def _nudge(glance: Glance, owner: Person, gaps: list[Gap], parts: list[float]) -> Nudge | None:
    rule = glance.rule(KEY, owner)
    week = glance.today.isocalendar()
    if not rule.on or not owner.active or not gaps or week.week % max(1, int(rule["weeks_between"])):
        return None
    share = sum(parts) / len(parts) if parts else 0.0
    away = abs(share - float(glance.policy.top_down_share)) > float(glance.policy.origin_tolerance)
    card = gaps_card(gaps, top_down=round(share * 100) if away and parts else None)
    why = (f"缺 {len(gaps)} 处", f"门槛:每 {rule['weeks_between']} 周说一次")
    return Nudge(
        owner.id, f"gaps{owner.id}", card, variant="gaps", period=f"{week.year}-W{week.week:02}", facts=why
    )
