"""进展停滞提醒: what has not moved for two weeks, or two reports running, or goes slower with each step."""

from __future__ import annotations

from datetime import date, timedelta

from cards.kr_stalled import slowing_card, stalled_card
from okr.cycle import days_left
from okr.moments import day_of
from okr.reminding import Reminder, ReminderRule
from okr.stalling import SAME_AGAIN, STEPS, Point, by_day, may_stall, same_again, slowing, unmoved_since
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders.subjects import Case, begin_of, cases_of
from storage import candidates, histories

KEY = Reminder.KR_STALLED
LATELY = timedelta(days=2)
"""What has been recorded since may be the same once more, or a smaller step."""


async def look(glance: Glance) -> list[Nudge]:
    since = glance.now - timedelta(days=_fewest(glance))
    found = candidates.unmoved(glance.session, glance.today, since, glance.now - LATELY)
    nudges: list[Nudge] = []
    async for cases in cases_of(glance, KEY, found):
        open_ones = [case for case in cases if may_stall(case.kr, case.objective.cycle, glance.today)]
        if not open_ones:
            continue
        begin = min(begin_of(case, glance) for case in open_ones)
        history = await histories.values(glance.session, [case.kr.id for case in open_ones], begin)
        for case in open_ones:
            said = [(day_of(at, glance.policy.zone), value) for at, value in history.get(case.kr.id, ())]
            nudges += _about(glance, case, by_day(said))
    return nudges


def _fewest(glance: Glance) -> int:
    """The smallest number of days that is anybody's threshold."""
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    said = [rule.numbers, *(one.numbers for one in rule.exceptions)]
    return min((int(numbers["days"]) for numbers in said if "days" in numbers), default=0)


def _about(glance: Glance, case: Case, points: list[Point]) -> list[Nudge]:
    since = unmoved_since(points)
    if since is None:
        return []
    days = (glance.today - since).days
    again = same_again(points)
    if days >= int(case.rule["days"]) or again >= SAME_AGAIN:
        return _stalled(glance, case, points, since, days)
    end = case.objective.cycle.end if case.kr.due is None else case.kr.due
    paces = slowing(case.kr, points, (end - glance.today).days)
    if not paces:
        return []
    card = slowing_card(case.kr, paces, days=days_left(case.objective.cycle, glance.today))
    why = (f"最近 {STEPS} 步一步比一步小", "门槛:连着 3 步变慢,而且照这样到不了目标")
    return [Nudge(case.owner.id, case.kr.ref, card, variant="slowing", facts=why)]


def _stalled(glance: Glance, case: Case, points: list[Point], since: date, days: int) -> list[Nudge]:
    kr, owner, limit = case.kr, case.owner, int(case.rule["days"])
    late = days >= int(case.rule["manager_days"])
    values = [value for _, value in points[-3:]]
    why = (f"从 {since:%m月%d日} 起没变过,{days} 天了", f"门槛:{limit} 天没变,或者连着两次报的数一样")
    card = stalled_card(kr, values, since=since, today=glance.today, limit=limit)
    found = [Nudge(owner.id, kr.ref, card, level=2 if late else 1, facts=why)]
    if late and owner.manager_id is not None:
        told = stalled_card(
            kr,
            values,
            since=since,
            today=glance.today,
            limit=int(case.rule["manager_days"]),
            owner=owner,
        )
        found.append(Nudge(owner.manager_id, kr.ref, told, variant="manager", level=2, facts=why))
    return found


WATCH = Watch(KEY, "0 10 * * *", look)
