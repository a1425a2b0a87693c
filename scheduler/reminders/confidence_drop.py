"""信心下滑提醒: the owner is asked first; his superior hears of it when the owner agrees (`handlers.unsure`), or after a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cards.confidence_drop import differs_card, dropped_card
from okr.doubting import Doubt, doubt_of
from okr.objectives import Status
from okr.reminding import Reminder, ReminderRule
from okr.status import judge
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.reminders.subjects import Case, begin_of, cases_of
from storage import candidates, histories
from storage.histories import Sure

KEY = Reminder.CONFIDENCE_DROP
LATELY = timedelta(days=7)
"""What fell longer ago is no news."""
_SLOW = (Status.BEHIND, Status.AT_RISK)


async def look(glance: Glance) -> list[Nudge]:
    nudges: list[Nudge] = []
    chosen = candidates.doubtful(glance.session, glance.today, glance.now - LATELY, *_edges(glance))
    async for cases in cases_of(glance, KEY, chosen):
        ids = [case.kr.id for case in cases if case.kr.confidence is not None]
        if not ids:
            continue
        begin = min(begin_of(case, glance) for case in cases)
        history = await histories.confidence(glance.session, ids, begin)
        for case in cases:
            said = history.get(case.kr.id)
            if said:
                nudges += _about(glance, case, said)
    return nudges


def _edges(glance: Glance) -> tuple[int, int]:
    """At most how sure is low, and at least how sure is high, by anybody's rule."""
    rule = glance.policy.reminders.get(KEY, ReminderRule())
    said = [rule.numbers, *(one.numbers for one in rule.exceptions)]
    low = max(
        (int(numbers[name]) for numbers in said for name in ("low", "shaky") if name in numbers), default=10
    )
    return low, min((int(numbers["sure"]) for numbers in said if "sure" in numbers), default=0)


def _about(glance: Glance, case: Case, said: Sequence[Sure]) -> list[Nudge]:
    verdict = judge(case.kr, case.objective.cycle, glance.today, glance.policy)
    if verdict.progress.raw >= 1:
        return []
    low, drop = int(case.rule["low"]), int(case.rule["drop"])
    lately = said[-1].at >= glance.now - LATELY
    doubt = doubt_of([one.level for one in said], low=low, drop=drop if lately else 0)
    if doubt is not None:
        return _dropped(glance, case, said, doubt)
    on_track = verdict.status is Status.ON_TRACK and verdict.paced
    level = said[-1].level
    if on_track and level <= int(case.rule["shaky"]):
        limit = f"进度正常,信心到 {case.rule['shaky']}"
    elif verdict.status in _SLOW and verdict.paced and level >= int(case.rule["sure"]):
        limit = f"进度慢了,信心还有 {case.rule['sure']}"
    else:
        return []
    card = differs_card(case.kr, verdict, said[-1].note, limit=limit, behind=not on_track)
    why = (f"{case.kr.ref} {verdict.status},信心 {level}", f"门槛:{limit}")
    return [Nudge(case.owner.id, case.kr.ref, card, variant="differs", facts=why)]


def _dropped(glance: Glance, case: Case, said: Sequence[Sure], doubt: Doubt) -> list[Nudge]:
    kr, owner, rule = case.kr, case.owner, case.rule
    low = int(rule["low"])
    verdict = judge(kr, case.objective.cycle, glance.today, glance.policy)
    is_low = said[-1].level <= low
    limit = f"信心到 {low},或者一次掉 {rule['drop']}、连掉两次"
    why = (" → ".join(str(one.level) for one in said[-3:]), f"门槛:{limit}")
    has_superior = owner.manager_id is not None
    card = dropped_card(
        kr,
        verdict,
        before=said[-2].level if len(said) > 1 else None,
        note=said[-1].note,
        limit=limit,
        days=int(rule["manager_days"]) if is_low and has_superior else 0,
        falling=doubt is Doubt.FALLING,
    )
    found = [Nudge(owner.id, kr.ref, card, level=2 if is_low else 1, facts=why)]
    since = _low_since(said, low)
    if owner.manager_id is None or since is None:
        return found
    if (glance.now - since.at).days >= int(rule["manager_days"]):
        told = dropped_card(
            kr, verdict, before=None, note=said[-1].note, limit=f"低了 {rule['manager_days']} 天", owner=owner
        )
        found.append(Nudge(owner.manager_id, kr.ref, told, variant="manager", level=2, facts=why))
    return found


def _low_since(said: Sequence[Sure], low: int) -> Sure | None:
    """The first of the low ones at the end; None where the last is none."""
    first: Sure | None = None
    for one in reversed(said):
        if one.level > low:
            break
        first = one
    return first


WATCH = Watch(KEY, "45 * * * *", look)
