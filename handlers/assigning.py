"""派发: a goal template for many at once, previewed first; each gets a draft of his own with one tap, and once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from cards.actions import wire
from cards.assignment import Handout, Share, assigned_card, assignment_card, received_card
from cards.notices import notice
from chat.answers import Answer, Letter, Urgency
from handlers import drafts, goals, periods
from handlers.addressing import Addressed, addressed, those_below, to_whom
from handlers.asking import Asking, Misunderstood, shown
from handlers.colleagues import mentioned
from handlers.reading.ids import take_ref
from handlers.reading.lines import read_objective
from handlers.route import Role, Route
from handlers.templates import draft_of, require_template, with_typed
from okr.alignment import overlap
from okr.objectives import Cycle, KeyResult, Origin, State
from okr.people import Person
from okr.refusals import NoSuchGoal, NotInForce, PeriodsDoNotOverlap
from okr.schemes import most_specific
from okr.templates import GoalTemplate, TemplateLine, adjusted
from storage import alignments, objectives, template_uses, trail
from storage.objectives import Draft
from storage.trail import Deed

ONE = Decimal(1)
MOST = 300
"""People in one go: more would keep everybody else waiting for too long."""
_COUNT = re.compile(r"\s*共(\d+)人$")
_LINE = " | "
"""Between the lines where they have to be one, as on a button."""


async def assign(asking: Asking) -> Answer:
    """派发 业绩增长 华东区 店长 · 派发 业绩增长 @王店长 @李四, with the ends that are known on lines below."""
    scope = await those_below(asking)
    if not asking.policy.templates:
        return shown(notice("no_templates"))
    template, rest = require_template(asking.policy.templates, asking.rest, "派发")
    words, _, lines = rest.replace(_LINE, "\n").partition("\n")
    seen = _COUNT.search(words)
    words = words[: seen.start()] if seen else words
    say = f"派发 {template.name}"
    if not words and not mentioned(asking):
        raise Misunderstood(to_whom(scope, say))
    handout, extra = await _plan(asking, template, await addressed(asking, scope, words, say), lines)
    count = len(handout.shares)
    if not count:
        card = notice(
            "assigned_already", name=template.name, had=_names(handout.had), unfit=_names(handout.unfit)
        )
        return shown(card, in_place=asking.pressed, restricted=True)
    if count > MOST:
        raise Misunderstood(notice("too_many_at_once", count=count, most=MOST, say=say))
    if asking.confirmed and seen is not None and int(seen[1]) == count:
        return await _write(asking, handout, extra)
    confirm = _confirm(f"确认 {say} {handout.words} 共{count}人", lines, say)
    card = assignment_card(handout, confirm, again=asking.confirmed)
    return shown(card, in_place=asking.confirmed, restricted=True)


def _confirm(head: str, lines: str, say: str) -> str:
    """What the button says. Raises Misunderstood where it would be too long for one."""
    confirm = _LINE.join([head, *(line.replace("|", "/") for line in lines.split("\n") if line.strip())])
    try:
        wire(confirm)
    except ValueError:
        raise Misunderstood(notice("too_long_at_once", say=say)) from None
    return confirm


def _names(found: Sequence[Person]) -> str:
    return "、".join(person.name for person in found[:6]) + ("等" if len(found) > 6 else "")


async def _plan(
    asking: Asking, template: GoalTemplate, to: Addressed, lines: str
) -> tuple[Handout, list[Draft]]:
    """Who gets what, and the key results that are none of the template's.

    Raises NoSuchGoal, NotYours, NotInForce, PeriodsDoNotOverlap for what it is to support.
    """
    read = read_objective(f"{template.title}\n{lines}", asking.today, asking.policy.metrics)
    if to.period is None:
        cycle = await drafts.cycle_named(asking, read.cycle)
    else:
        cycle = await periods.opened(asking, to.period)
    filled, others = with_typed(template, read)
    fits = [person for person in to.people if template.criteria.fit(person)]
    had = await template_uses.having(asking.session, template.name, cycle.id, [person.id for person in fits])
    shares = []
    for person in fits:
        scheme = most_specific(asking.policy.factors, person)
        factor = ONE if scheme is None else scheme.factor
        mine = adjusted(filled, factor)
        differs = [line.measure for line in mine] != [line.measure for line in filled]
        if person.id not in had:
            shares.append(Share(person, mine, factor if differs else ONE))
    handout = Handout(
        template=template,
        cycle=cycle,
        lines=filled,
        others=[TemplateLine(other.title, other.measure) for other in others],
        shares=shares,
        had=[person for person in fits if person.id in had],
        unfit=[person for person in to.people if not template.criteria.fit(person)],
        how=to.how,
        words=to.words,
        supports=await _supported(asking, read.align or "", cycle),
        unread=drafts.unread_of(read.key_results, read.unread),
    )
    return handout, [replace(other, origin=Origin.TOP_DOWN) for other in others]


async def _supported(asking: Asking, align: str, cycle: Cycle) -> KeyResult | None:
    """The key result that all of them are to support: one on which the asker may report."""
    if not align:
        return None
    ref, _ = take_ref(align)
    if ref is None or ref.kind != "KR":
        raise NoSuchGoal(align)
    objective, kr = await goals.key_result(asking, ref.number)
    await goals.require_reporter(asking, objective, kr.ref)
    if objective.state is not State.ACTIVE or kr.state is not State.ACTIVE:
        raise NotInForce(kr.ref, str(objective.state if objective.state is not State.ACTIVE else kr.state))
    if not overlap(cycle, objective.cycle):
        raise PeriodsDoNotOverlap("派下去的目标", kr.ref, cycle.name, objective.cycle.name)
    return kr


async def _write(asking: Asking, handout: Handout, extra: Sequence[Draft]) -> Answer:
    """A draft and a letter for each who has none yet. Whoever was handed one meanwhile is left out."""
    letters: list[Letter] = []
    made: list[Share] = []
    for share in sorted(
        handout.shares, key=lambda share: share.person.id
    ):  # so that two never wait for each other
        number = await _hand_out(asking, handout, share, extra)
        if number is None:
            continue
        got = replace(share, objective=number)
        made.append(got)
        card = received_card(handout, got, asking.asker)
        letters.append(Letter(share.person.id, card, f"assigned:{number}", Urgency.COLLABORATION))
    if not made:
        had = _names([share.person for share in handout.shares])
        card = notice("assigned_already", name=handout.template.name, had=had, unfit="")
        return shown(card, in_place=True, restricted=True)
    for share in made:
        await trail.record(asking.session, _deed(asking, handout, share))
    card = assigned_card(replace(handout, shares=made))
    return Answer(card, in_place=True, restricted=True, letters=tuple(letters))


async def _hand_out(asking: Asking, handout: Handout, share: Share, extra: Sequence[Draft]) -> int | None:
    """One person's draft, and its number; None where somebody was first."""
    name, cycle, person = handout.template.name, handout.cycle, share.person
    session = asking.session
    mine = await template_uses.claim(session, name, cycle.id, person.id, by=asking.asker.id, at=asking.now)
    if not mine:
        return None
    key_results = [*(draft_of(line, origin=Origin.TOP_DOWN) for line in share.lines), *extra]
    number = await objectives.create(
        session, person.id, cycle, handout.template.title, key_results, None, asking.now
    )
    await template_uses.made(session, name, cycle.id, person.id, number)
    if handout.supports is not None:
        child = alignments.objective(number)
        await alignments.align(session, child, handout.supports.id, at=asking.now, by=asking.asker.id)
    return number


def _deed(asking: Asking, handout: Handout, share: Share) -> Deed:
    return Deed(
        action="派发",
        at=asking.now,
        actor_id=asking.asker.id,
        platform=str(asking.event.sender.platform),
        objective_id=share.objective,
        new=f"模板 {handout.template.name}",
    )


ROUTES = (
    Route(
        words=("派发", "下发"),
        handle=assign,
        topic="带团队",
        does="把一个模板派给一批人,各得一份草稿",
        examples=(
            "派发 业绩增长 {unit} 店长",
            "派发 业绩增长 @{mate} @{other}",
            "派发 业绩增长 社区店 店长\n客户拜访量 300\n对齐 {kr}",
        ),
        role=Role.MANAGER,
    ),
)
