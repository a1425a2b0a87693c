"""目标未制定/未对齐提醒: around a cycle's first day who has no goals yet; once a week what is missing in those in force (`defects`)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from cards.alignment_gap import team_card, total_card, unset_card
from chat.card import Card
from okr.cycle import quarter_of
from okr.objectives import Cycle
from okr.people import Person
from okr.reminding import Reminder, ReminderRule
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders import defects
from storage import cycles, lessons, missing_goals, people

KEY = Reminder.ALIGNMENT_GAP
AFTER = timedelta(days=7)
"""So long after the last of the days it still may be said, where a holiday was in between."""


async def look(glance: Glance) -> list[Nudge]:
    """The subject names whom it is for and the cycle (`12@2026Q4`), or the goal with its gaps."""
    if glance.only and "@" not in glance.only:
        return await defects.look(glance)
    nudges: list[Nudge] = []
    for cycle, step in await _beginning(glance):
        nudges += await _without(glance, cycle, step)
    return nudges + (await defects.look(glance) if not glance.only else [])


async def _beginning(glance: Glance) -> list[tuple[Cycle, int]]:
    """The quarters that begin these days, and which of the days has come, counted from 1."""
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    days = sorted(int(day) for day in rule.numbers.get("days", ()))
    if not days:
        return []
    found: list[tuple[Cycle, int]] = []
    running = quarter_of(glance.today)
    for period in (running, quarter_of(running.end + timedelta(days=1))):
        passed = (glance.today - period.start).days
        cycle = await cycles.by_name(glance.session, period.name)
        if cycle is not None and days[0] <= passed <= days[-1] + AFTER.days:
            found.append((cycle, sum(day <= passed for day in days)))
    return found


async def _without(glance: Glance, cycle: Cycle, step: int) -> list[Nudge]:
    who = int(glance.only.partition("@")[0]) if glance.only else None
    hr = await people.by_numbers(glance.session, sorted(glance.policy.hr or glance.policy.admins))
    if who is None or who in {one.id for one in hr}:
        missing = await missing_goals.everybody(glance.session, cycle.id)
    else:
        led = await people.reporting_to(glance.session, who)
        missing = await missing_goals.among(glance.session, cycle.id, [who, *(one.id for one in led)])
    wanted = [one for one in missing if glance.rule(KEY, one).on]
    left = (cycle.start - glance.today).days
    nudges = []
    for one in wanted:
        card = unset_card(cycle, left, await lessons.before(glance.session, one.id, cycle.start))
        nudges.append(_nudge(glance, cycle, step, one, "unset", card))
    teams: dict[int, list[Person]] = {}
    for one in missing:
        if one.manager_id is not None:
            teams.setdefault(one.manager_id, []).append(one)
    superiors = await people.by_ids(glance.session, sorted(teams))
    for one in superiors.values():
        if one.active and glance.rule(KEY, one).on:
            card = team_card(cycle, [each.name for each in teams[one.id]])
            nudges.append(_nudge(glance, cycle, step, one, "team", card))
    if missing:
        units = Counter(one.unit or "没有部门" for one in missing).most_common()
        nudges += [
            _nudge(glance, cycle, step, one, "total", total_card(cycle, units))
            for one in hr
            if glance.rule(KEY, one).on
        ]
    return nudges


def _nudge(glance: Glance, cycle: Cycle, step: int, to: Person, variant: str, card: Card) -> Nudge:
    passed = (glance.today - cycle.start).days
    when = f"{cycle.name} 开始 {passed} 天了" if passed >= 0 else f"{cycle.name} 还有 {-passed} 天开始"
    return Nudge(
        to.id,
        f"{to.id}@{cycle.name}",
        card,
        variant=variant,
        period=f"{cycle.name}#{step}",
        facts=(when, "门槛:开始前 7 天,开始后 1、3、7 天还没有生效的目标"),
    )


WATCH = Watch(KEY, "10 10 * * *", look)
