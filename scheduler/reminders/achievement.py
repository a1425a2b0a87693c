"""达成喝彩: a quarter, half, three quarters or all of the way, each once; a best day. Who helped is thanked as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from cards.achievement import cheer_card, helped_card, record_card
from cards.in_groups import best_day_card, praise_card
from chat.answers import Urgency
from okr import masking
from okr.cheering import is_record, step_reached
from okr.objectives import Visibility
from okr.people import Person
from okr.reminding import Reminder
from scheduler import groups
from scheduler.reminder import Glance, Group, Nudge, Watch
from scheduler.reminders.subjects import Case, begin_of, cases_of
from storage import candidates, help_requests, histories, people

KEY = Reminder.ACHIEVEMENT
LATELY = timedelta(hours=6)
"""The look comes every ten minutes; this much is looked at again where the bot, or the clock of the sandbox, was away."""
FRESH = timedelta(days=7)
"""What was reached earlier is no news."""


async def look(glance: Glance) -> list[Nudge]:
    """A step has a period of its own that never comes again: nobody is cheered for it twice."""
    nudges: list[Nudge] = []
    shown: set[int] | None = None
    found = candidates.reported(glance.session, glance.today, glance.now - LATELY)
    async for cases in cases_of(glance, KEY, found):
        if not cases:
            continue
        if shown is None:
            shown = {one.id for group in await groups.listening(glance.session) for one in group.people}
        ids = [case.kr.id for case in cases]
        history = await histories.values(glance.session, ids, min(begin_of(case, glance) for case in cases))
        helpers = await help_requests.helpers(glance.session, ids)
        known = await people.by_ids(
            glance.session, sorted({one for each in helpers.values() for one in each})
        )
        for case in cases:
            who = [known[one] for one in helpers.get(case.kr.id, ()) if known[one].active]
            told = (
                case.owner.id in shown
                and case.objective.visibility is Visibility.PUBLIC
                and await groups.may_be_praised(glance, case.owner, case.kr.ref)
            )
            nudges += _about(glance, case, history.get(case.kr.id, []), who, in_groups=told)
    return nudges


def _about(
    glance: Glance,
    case: Case,
    history: Sequence[tuple[datetime, Decimal]],
    helpers: list[Person],
    *,
    in_groups: bool,
) -> list[Nudge]:
    kr, owner = case.kr, case.owner
    values = [value for _, value in history]
    old = sum(at < glance.now - FRESH for at, _ in history)
    steps = [int(one) for one in case.rule["steps"]]
    step = step_reached(kr, values[:old], values[old:], steps)
    if not step:
        return _record(case, values) if old < len(values) else []
    why = (
        f"{kr.ref} 第一次到 {step}%",
        "门槛:" + "、".join(f"{one}%" for one in steps) + " 各一次",
    )
    card = cheer_card(
        kr,
        step,
        helpers=[one.name for one in helpers if one.id != owner.id],
        in_groups=in_groups and step == DONE,
    )
    period = f"{step}%"
    found = [Nudge(owner.id, kr.ref, card, period=period, urgency=Urgency.PRAISE, facts=why)]
    return found + [
        Nudge(
            one.id,
            kr.ref,
            helped_card(kr, step, owner),
            variant="helper",
            period=period,
            urgency=Urgency.PRAISE,
            facts=why,
        )
        for one in helpers
        if one.id != owner.id and glance.rule(KEY, one).on
    ]


def _record(case: Case, values: list[Decimal]) -> list[Nudge]:
    if not is_record(case.kr, values):
        return []
    why = (f"{case.kr.ref} 这个周期报过 {len(values)} 次,这次最好", "门槛:至少报过 5 次")
    best = f"{values[-1].normalize():f}"
    card = record_card(case.kr, values)
    return [
        Nudge(
            case.owner.id,
            case.kr.ref,
            card,
            variant="record",
            period=best,
            urgency=Urgency.PRAISE,
            facts=why,
        )
    ]


DONE = 100
"""Percent: what a group hears of. The steps before it are for the owner."""


async def to_group(glance: Glance, group: Group) -> list[Nudge]:
    """What was done to the end, and best days, of who does not mind. The goal is one that all may see; amounts are covered."""
    members = {person.id for person in group.people}
    nudges: list[Nudge] = []
    found = candidates.reported(glance.session, glance.today, glance.now - LATELY)
    async for cases in cases_of(glance, KEY, found):
        for case in cases:
            if case.owner.id in members and case.objective.visibility is Visibility.PUBLIC:
                nudges += await _praise(glance, group, case)
    return nudges


async def _praise(glance: Glance, group: Group, case: Case) -> list[Nudge]:
    history = await histories.values(glance.session, [case.kr.id], begin_of(case, glance))
    entries = history.get(case.kr.id, [])
    values = [value for _, value in entries]
    old = sum(at < glance.now - FRESH for at, _ in entries)
    done = step_reached(case.kr, values[:old], values[old:], [DONE]) == DONE
    best = not done and old < len(values) and is_record(case.kr, values)
    if not (done or best) or not await groups.may_be_praised(glance, case.owner, case.kr.ref):
        return []
    [kr] = [one for one in masking.covered(case.objective).key_results if one.id == case.kr.id]
    if best:
        card, variant, period = (
            best_day_card(group.unit, kr, case.owner.name),
            "group_record",
            f"{values[-1].normalize():f}",
        )
    else:
        helpers = (await help_requests.helpers(glance.session, [kr.id])).get(kr.id, ())
        known = await people.by_ids(glance.session, sorted(helpers))
        thanked = [
            one.name
            for one in known.values()
            if one.active and one.id != case.owner.id and await groups.may_be_praised(glance, one, kr.ref)
        ]
        card, variant, period = praise_card(group.unit, kr, case.owner.name, thanked), "group", f"{DONE}%"
    why = (f"{kr.ref} 第一次到 100%" if done else f"{kr.ref} 这个周期最好的一天",)
    return [
        Nudge(group.where, kr.ref, card, variant=variant, period=period, urgency=Urgency.PRAISE, facts=why)
    ]


WATCH = Watch(KEY, "*/10 * * * *", look, grace=timedelta(minutes=50), to_group=to_group)
