"""进展更新提醒: once a week one card with everything that somebody has to report and has not lately."""

from __future__ import annotations

from datetime import timedelta

from cards.checkin_due import Due, due_card
from okr import masking
from okr.moments import day_of
from okr.objectives import KeyResult, Objective, RollUp, Status
from okr.people import Person
from okr.reminding import Reminder, ReminderRule, is_mandatory
from okr.status import judge_objective
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders.subjects import by_owner
from scheduler.reminders.weekly_report import speaks_to_stores
from storage import candidates, cycles, objectives, people, wishes

KEY = Reminder.CHECKIN_DUE
OVER = (Status.ACHIEVED, Status.MISSED, Status.CANCELLED)


async def look(glance: Glance) -> list[Nudge]:
    """One nudge a person, of the week. When it is about to go, what has been reported meanwhile is left out."""
    if glance.only:
        return await _again(glance)
    fresh = glance.now - timedelta(days=_fewest(glance))
    nudges: list[Nudge] = []
    async for goals in by_owner(glance.session, candidates.unreported(glance.session, glance.today, fresh)):
        owners = await people.by_ids(glance.session, sorted(goals))
        found = [
            _nudge(glance, owner, goals[owner.id])
            for owner in owners.values()
            if not await _is_in_the_report(glance, owner)
        ]
        nudges += [nudge for nudge in found if nudge is not None]
    return nudges


def _fewest(glance: Glance) -> int:
    """The smallest number of days for which a report is fresh, by anybody's rule."""
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    said = [rule.numbers, *(one.numbers for one in rule.exceptions)]
    return min((int(numbers["fresh_days"]) for numbers in said if "fresh_days" in numbers), default=0)


async def _again(glance: Glance) -> list[Nudge]:
    """The subject names the person and the week."""
    owner = await people.by_id(glance.session, int(glance.only.partition("@")[0]))
    if owner is None:
        return []
    cycle = await cycles.running(glance.session, glance.today)
    goals = [masking.opened(one) for one in await objectives.of_owner(glance.session, owner.id, cycle.id)]
    nudge = _nudge(glance, owner, goals)
    return [nudge] if nudge is not None else []


async def _is_in_the_report(glance: Glance, owner: Person) -> bool:
    """Whether the weekly report of a store comes on the same day: it asks for the numbers, too."""
    report = glance.policy.reminders.get(Reminder.WEEKLY_REPORT, ReminderRule())
    policy = glance.policy.timed_for(Reminder.WEEKLY_REPORT, report.times_of(owner))
    if not owner.store or not report.of(owner).on or not speaks_to_stores(glance.now, policy):
        return False
    if is_mandatory(Reminder.WEEKLY_REPORT, report, owner):
        return True
    said = await wishes.of(glance.session, owner.id, glance.now)
    return wishes.silences(said, Reminder.WEEKLY_REPORT, "") is None


def _nudge(glance: Glance, owner: Person, goals: list[Objective]) -> Nudge | None:
    rule = glance.rule(KEY, owner)
    year, week, _ = glance.today.isocalendar()
    if not rule.on or not owner.active or week % int(rule["weeks"]):
        return None
    fresh = glance.now - timedelta(days=int(rule["fresh_days"]))
    due: list[Due] = []
    for objective in goals:
        verdicts = judge_objective(objective, glance.today, glance.policy).verdicts
        for kr in objective.counting:
            old = kr.reading is None or kr.reading.at < fresh
            if _is_typed(kr) and old and verdicts[kr.id].status not in OVER:
                last = day_of(kr.reading.at, glance.policy.zone) if kr.reading else None
                due.append(Due(kr, verdicts[kr.id], last))
    if not due:
        return None
    why = (f"这周还没报的有 {len(due)} 个", f"门槛:{rule['fresh_days']} 天里报过的不提醒")
    return Nudge(
        owner.id,
        f"{owner.id}@{year}-W{week:02}",
        due_card(due, glance.today, fresh_days=int(rule["fresh_days"])),
        period=f"{year}-W{week:02}",
        facts=why,
    )


def _is_typed(kr: KeyResult) -> bool:
    """Somebody says it: neither a source nor what is below it."""
    return not kr.metric and kr.roll_up is RollUp.MANUAL


WATCH = Watch(KEY, "0 9 * * mon", look, grace=timedelta(days=2), brief="checkin_due_brief")
