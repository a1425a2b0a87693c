"""截止提醒: a deadline, or a step's, that comes near and is not met. The end of the cycle: `cycle_end`."""

from __future__ import annotations

from datetime import timedelta

from cards.deadline_due import deadline_card
from okr.deadlines import nearness, next_day
from okr.progress import key_result_progress
from okr.reminding import Reminder, ReminderRule
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders import cycle_end
from scheduler.reminders.subjects import Case, cases_of
from storage import candidates

KEY = Reminder.DEADLINE_DUE


async def look(glance: Glance) -> list[Nudge]:
    if "@" in glance.only:
        return await cycle_end.look(glance)
    last = glance.today + timedelta(days=_farthest(glance))
    nudges: list[Nudge] = []
    async for cases in cases_of(glance, KEY, candidates.due_between(glance.session, glance.today, last)):
        nudges += [nudge for case in cases if (nudge := _about(glance, case)) is not None]
    return nudges + (await cycle_end.look(glance) if not glance.only else [])


def _farthest(glance: Glance) -> int:
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    said = [rule.numbers, *(one.numbers for one in rule.exceptions)]
    return max((int(day) for numbers in said for day in numbers.get("days", ())), default=0)


def _about(glance: Glance, case: Case) -> Nudge | None:
    """A nearer day is a worse level, so each step is said once."""
    found = next_day(case.kr, glance.today)
    if found is None or key_result_progress(case.kr).raw >= 1:
        return None
    day, step = found
    left = (day - glance.today).days
    level = nearness(left, [int(one) for one in case.rule["days"]])
    if not level:
        return None
    why = (
        f"截止 {day:%m月%d日},还有 {left} 天",
        "门槛:还有 " + "、".join(f"{one}" for one in case.rule["days"]) + " 天",
    )
    card = deadline_card(case.kr, day, step=step, today=glance.today)
    return Nudge(case.owner.id, case.kr.ref, card, variant=f"{day:%m%d}", level=level, facts=why)


WATCH = Watch(KEY, "30 9 * * *", look)
