"""协作障碍提示: a request that nobody answers, one that was accepted and is late, a blocker about which nothing is done.

Whoever was asked is reminded after a day; after two both superiors hear of it, and who asks is offered somebody else. Days
off do not count. Where it was asked in a group, that is asked once more there, and not a word more is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.collab_blocked import group_card, late_card, stuck_card, unanswered_card
from cards.help_request import Plea, standing_of
from chat.card import Card
from chat.events import ChatKind, Conversation, PlatformName
from okr.collaboration import HelpKind, HelpRequest, HelpState, hours_waited
from okr.experts import Expert
from okr.objectives import KeyResult, Objective, State
from okr.people import Person
from okr.reminding import Reminder
from okr.status import judge_objective
from scheduler.reminder import Glance, Nudge, Watch
from scheduler.working_days import Works, known
from storage import experts, help_requests, objectives, people

KEY = Reminder.COLLAB_BLOCKED
DAY = 24
DAYS_BACK = 62
"""Older requests have waited for as long."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A request with everybody whom it may concern. `hours`: for how long it has waited."""

    request: HelpRequest
    objective: Objective
    kr: KeyResult
    plea: Plea
    owner: Person
    hours: float
    works: Works


async def look(glance: Glance) -> list[Nudge]:
    nudges: list[Nudge] = []
    for request in await _requests(glance):
        case = await _case(glance, request)
        if case is None:
            continue
        if request.kind is HelpKind.BLOCKER:
            nudges += await _blocker(glance, case)
        elif request.state is HelpState.WAITING:
            nudges += await _unanswered(glance, case)
        else:
            nudges += await _late(glance, case)
    return nudges


async def _requests(glance: Glance) -> Sequence[HelpRequest]:
    if not glance.only:
        return await help_requests.all_open(glance.session)
    request = await help_requests.by_id(glance.session, int(glance.only[1:]))
    return [request] if request is not None and request.is_open else []


async def _case(glance: Glance, request: HelpRequest) -> _Case | None:
    """None where its goal is over, or nobody is left whom it concerns."""
    objective = await objectives.with_key_result(glance.session, request.kr_id)
    if objective is None or objective.state is not State.ACTIVE:
        return None
    kr = next(one for one in objective.key_results if one.id == request.kr_id)
    wanted = [one for one in (request.asker_id, request.asked_id, objective.owner_id) if one is not None]
    who = await people.by_ids(glance.session, wanted)
    asker = who[request.asker_id]
    asked = who.get(request.asked_id) if request.asked_id is not None else None
    if kr.state is not State.ACTIVE or not asker.active or (asked is not None and not asked.active):
        return None
    since = request.asked_at.astimezone(glance.policy.zone)
    first = max(since.date(), glance.today - timedelta(days=DAYS_BACK))
    works = await known(glance, [person for person in (asked, asker) if person is not None], first)
    verdict = judge_objective(objective, glance.today, glance.policy).verdicts.get(kr.id)
    plea = Plea(request, kr, asker, asked, standing_of(verdict), glance.today)
    waited_for = asked or asker
    hours = hours_waited(since, glance.now, lambda day: works(waited_for, day))
    return _Case(request, objective, kr, plea, who[objective.owner_id], hours, works)


# --- nobody answers ---


async def _unanswered(glance: Glance, case: _Case) -> list[Nudge]:
    asked, asker = case.plea.asked, case.plea.asker
    if asked is None:
        return []
    rule = glance.rule(KEY, asked)
    first, second = int(rule["asked_hours"]), int(rule["managers_hours"])
    if not rule.on or case.hours < first:
        return []
    level = 2 if case.hours >= second else 1
    why = _facts(case, second if level > 1 else first)
    found = [_to(case, asked, "asked", unanswered_card(case.plea, "asked", case.hours, first), level, why)]
    if level > 1:
        others = await _others(glance, case)
        card = unanswered_card(case.plea, "asker", case.hours, second, experts=others)
        found.append(_to(case, asker, "asker", card, level, why))
        told = unanswered_card(case.plea, "manager", case.hours, second, experts=others)
        above = {one for one in (asker.manager_id, asked.manager_id) if one not in (None, asker.id, asked.id)}
        found += [
            Nudge(boss, case.request.ref, told, variant="manager", level=level, facts=why)
            for boss in sorted(one for one in above if one is not None)
        ]
    if case.request.group is not None and case.works(asked, glance.today):
        platform, conversation = case.request.group
        where = Conversation(PlatformName(platform), conversation, ChatKind.GROUP)
        once = f"{first}h"
        found.append(Nudge(where, case.request.ref, group_card(case.plea), variant="group", period=once))
    return found


# --- accepted, and late ---


async def _late(glance: Glance, case: _Case) -> list[Nudge]:
    asked, due = case.plea.asked, case.request.due
    if asked is None or due is None or due >= glance.today:
        return []
    rule = glance.rule(KEY, asked)
    end = datetime.combine(due + timedelta(days=1), datetime.min.time(), glance.now.tzinfo)
    hours = hours_waited(end, glance.now, lambda day: case.works(asked, day))
    if not rule.on or not any(
        case.works(asked, end.date() + timedelta(days=n)) for n in range((glance.today - due).days)
    ):
        return []
    level = 2 if hours >= int(rule["asked_hours"]) else 1
    why = (f"说好{case.plea.due}给,过了 {(glance.today - due).days} 天", "门槛:说好的日子过了就提醒一次")
    found = [_to(case, asked, "late", late_card(case.plea, "asked"), level, why)]
    if level > 1:
        card = late_card(case.plea, "asker", experts=await _others(glance, case))
        found.append(_to(case, case.plea.asker, "late", card, level, why))
    return found


# --- nothing is done about what is in the way ---


async def _blocker(glance: Glance, case: _Case) -> list[Nudge]:
    """20 hours: who is stuck; 24: who coordinates; 48: the superior."""
    if case.request.next_step or await _has_help(glance, case):
        return []
    rule = glance.rule(KEY, case.plea.asker)
    steps = [int(step) for step in rule["blocker_hours"]]
    if not rule.on or not steps or case.hours < steps[0]:
        return []
    level = sum(case.hours >= step for step in steps)
    others = await _others(glance, case)
    why = _facts(case, steps[level - 1])
    card = stuck_card(case.plea, "own", case.hours, steps[0], experts=others)
    found = [_to(case, case.plea.asker, "own", card, 2 if level == len(steps) else 1, why)]
    told = {case.plea.asker.id}
    for step, variant, somebody in zip(
        steps[1:],
        ("coordinator", "sponsor"),
        (await _coordinator(glance, case), case.owner.manager_id),
        strict=False,
    ):
        if case.hours >= step and somebody is not None and somebody not in told:
            told.add(somebody)
            card = stuck_card(case.plea, variant, case.hours, step, experts=others)
            found.append(Nudge(somebody, case.request.ref, card, variant=variant, facts=why))
    return found


async def _has_help(glance: Glance, case: _Case) -> bool:
    """Whether somebody has said that he helps: that is a step, too."""
    invited = await help_requests.came_from(glance.session, case.request.id)
    return any(one.state is HelpState.ACCEPTED for one in invited)


async def _coordinator(glance: Glance, case: _Case) -> int | None:
    """Whose goal it is, where a colleague is stuck with it; else whose goal this one supports."""
    if case.owner.id != case.plea.asker.id:
        return case.owner.id
    if case.objective.parent_kr is None:
        return None
    above = await objectives.with_key_result(glance.session, case.objective.parent_kr)
    return above.owner_id if above is not None else None


async def _others(glance: Glance, case: _Case) -> list[Expert]:
    """Who could help instead: looked for only when a letter is about to go."""
    if not glance.only:
        return []
    asked = await help_requests.asked_before(glance.session, case.request)
    invited = await help_requests.came_from(glance.session, case.request.id)
    already = asked | {one.asked_id for one in invited if one.asked_id is not None}
    return await experts.find(
        glance.session,
        case.objective,
        case.kr,
        case.request.words,
        case.plea.asker,
        glance.today,
        glance.policy,
        but_not=already,
    )


def _to(case: _Case, person: Person, variant: str, card: Card, level: int, why: tuple[str, ...]) -> Nudge:
    return Nudge(person.id, case.request.ref, card, variant=variant, level=level, facts=why)


def _facts(case: _Case, threshold: int) -> tuple[str, ...]:
    return (f"等了 {case.hours:.0f} 个小时(休息日不算)", f"门槛:{threshold} 个小时")


WATCH = Watch(KEY, "*/30 8-20 * * *", look)
