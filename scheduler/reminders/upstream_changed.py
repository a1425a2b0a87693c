"""上级目标变更提醒: who has not said whether he still supports a goal that has changed, and the owner of that goal.

The question itself goes out at once with the change (`handlers.upstream`); this is for after the days to confirm it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cards.upstream_changed import Supporting, asked_again_card, unanswered_card
from chat.answers import Urgency
from okr.moments import say_day
from okr.people import Person
from okr.reminding import Reminder, ReminderRule
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders import what_changed
from storage import alignment_duties, people
from storage.alignment_duties import Unconfirmed
from storage.alignments import Child

KEY = Reminder.UPSTREAM_CHANGED


async def look(glance: Glance) -> list[Nudge]:
    """The child's subject is its reference and the parent's, `O12@KR7`; the parent's its own."""
    found = await _found(glance)
    who = await people.by_ids(
        glance.session, sorted({one for case in found for one in (case.owner_id, case.parent_owner_id)})
    )
    nudges: list[Nudge] = []
    below: dict[int, list[Unconfirmed]] = {}
    for case in found:
        owner = who[case.owner_id]
        rule = glance.rule(KEY, owner)
        if case.owner_id != case.parent_owner_id:
            below.setdefault(case.owed.parent, []).append(case)
        if rule.on and owner.active:
            until = say_day(case.owed.confirm_by, glance.today) if case.owed.confirm_by else ""
            change = await what_changed.of_key_result(glance.session, case.owed.parent)
            card = asked_again_card(replace(_supporting(case, who), change=change), until=until)
            why = _why(case, rule)
            nudge = Nudge(owner.id, _subject(case), card, urgency=Urgency.COLLABORATION, facts=why)
            nudges.append(nudge)
    for parent, cases in below.items():
        above = who[cases[0].parent_owner_id]
        rule = glance.rule(KEY, above)
        if rule.on and above.active:
            waiting = [_supporting(case, who) for case in cases]
            card = unanswered_card(waiting, days=int(rule["confirm_days"]))
            nudge = Nudge(above.id, f"KR{parent}", card, variant="parent", facts=_why(cases[0], rule))
            nudges.append(nudge)
    return nudges


def _supporting(case: Unconfirmed, who: Mapping[int, Person]) -> Supporting:
    owed = case.owed
    return Supporting(
        owed.child.ref,
        owed.title,
        who[case.owner_id].name,
        f"KR{case.kr_id}" if case.kr_id else owed.child.ref,
        f"KR{owed.parent}",
        owed.parent_title,
        who[case.parent_owner_id].name,
    )


async def _found(glance: Glance) -> list[Unconfirmed]:
    child, _, parent = glance.only.rpartition("@")
    if child:
        kind = child.startswith("KR")
        of = Child(int(child[2:] if kind else child[1:]), is_kr=kind)
        found = await alignment_duties.unconfirmed(glance.session, glance.today, child=of)
        return [one for one in found if f"KR{one.owed.parent}" == parent]
    wanted = int(parent[2:]) if parent else None
    return await alignment_duties.unconfirmed(glance.session, glance.today, wanted)


def _subject(case: Unconfirmed) -> str:
    return f"{case.owed.child.ref}@KR{case.owed.parent}"


def _why(case: Unconfirmed, rule: ReminderRule) -> tuple[str, ...]:
    until = case.owed.confirm_by
    return (
        f"KR{case.owed.parent} 变了" + (f",该在{until:%m月%d日}前说一声" if until else ""),
        f"门槛:{rule['confirm_days']} 个工作日没确认",
    )


WATCH = Watch(KEY, "15 9 * * *", look)
