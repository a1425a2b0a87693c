"""How a goal comes to support another: the edges that are made, changed and ended, and who is told of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cards.aligned import aligned_card, ask_card
from cards.notices import notice
from cards.sayings import kr_name
from chat.answers import Answer, Letter, Urgency
from chat.card import Card
from handlers import goals, supporting
from handlers.approvers import substituted
from handlers.asking import Asking
from handlers.goals import Goal
from handlers.parent_shares import require_shares, shares_with
from handlers.reading.supports import Wish, read_wish
from handlers.supporting import ONE, OPEN, Relation, Supporter
from okr.numbers import say_percent
from okr.people import Person
from storage import alignments
from storage.alignments import Edge, EdgeState

AWAY = "取消 "
"""Before the key results that are no longer supported, in the words of a request."""


@dataclass(frozen=True, slots=True)
class Step:
    """One edge that is to be made or changed."""

    parent: Goal
    share: Decimal | None
    relation: Relation
    known: Edge | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a wish comes to: edges to be made or changed, and those that end; `staying`: all that are left of today's."""

    steps: Sequence[Step]
    leaving: Sequence[Edge]
    staying: Sequence[Edge]
    changes: bool


async def planned(asking: Asking, supporter: Supporter, wish: Wish) -> Plan:
    """What was wished, checked. Raises the refusals of the rules, and Misunderstood where shares are not clear."""
    parents = [await goals.key_result(asking, one.number) for one in wish.supports]
    for objective, kr in parents:
        supporting.require_open(objective, kr.ref)
    edges = {edge.parent: edge for edge in await alignments.parents_of(asking.session, supporter.child, OPEN)}
    leaving = [
        edge for edge in edges.values() if wish.instead and edge.parent not in {kr.id for _, kr in parents}
    ]
    staying = {number: edge for number, edge in edges.items() if edge not in leaving}
    for parent in parents:
        await supporting.check(asking, supporter, parent, (), rolls=False)
    if wish.rolls:
        require_shares(supporter, wish, parents, staying)
    steps = [
        Step(parent, one.share, await supporting.relation(asking, supporter, parent), staying.get(one.number))
        for parent, one in zip(parents, wish.supports, strict=True)
    ]
    shares = shares_with(wish, staying)
    for step in steps:
        await supporting.check(asking, supporter, step.parent, shares, rolls=wish.rolls)
    waits = any(step.known is not None and step.known.state is EdgeState.ASKED for step in steps)
    nothing = (waits or not leaving) and all(_as_it_is(step, wish) for step in steps)
    return Plan(steps, leaving, list(staying.values()), not nothing)


async def join(asking: Asking, supporter: Supporter, wish: Wish, plan: Plan, *, noted: bool = True) -> Answer:
    """Do it: at once, or by asking the owner above. `noted`: the trail gets its lines here."""
    steps, leaving = plan.steps, plan.leaving
    letters: list[Letter] = []
    asked: list[Step] = []
    if any(step.relation.asks and not (step.known and step.known.stands) for step in steps):
        leaving = ()  # what it supports now stays until the other owner agrees
    for edge in leaving:
        await alignments.end(asking.session, edge, at=asking.now, by=asking.asker.id)
        await supporting.count_anew(asking, edge.parent)
    for step in steps:
        kr = step.parent[1]
        if step.known is not None and step.known.stands:
            share = step.known.share if step.share is None else step.share
            await alignments.set_weights(asking.session, step.known.id, share=share, rolls=wish.rolls)
        else:
            state = EdgeState.ASKED if step.relation.asks else EdgeState.ACTIVE
            edge_id = await alignments.align(
                asking.session,
                supporter.child,
                kr.id,
                at=asking.now,
                by=asking.asker.id,
                state=state,
                share=step.share,
                rolls=wish.rolls,
            )
            if step.relation.asks:
                asked.append(step)
                letters.append(await _letter(asking, supporter, step, edge_id, rolls=wish.rolls))
        await supporting.count_anew(asking, kr.id)
    if noted:
        await _note(asking, supporter, steps, asked, leaving)
    if (told := await _told_owner(asking, supporter, steps)) is not None:
        letters.append(told)
    card = await _card(asking, supporter, steps, asked, rolls=wish.rolls)
    return Answer(card=card, in_place=True, restricted=supporter.draft, letters=tuple(letters))


async def _note(
    asking: Asking,
    supporter: Supporter,
    steps: Sequence[Step],
    asked: Sequence[Step],
    leaving: Sequence[Edge],
) -> None:
    for edge in leaving:
        old = await supporting.parent_of_edge(asking, edge)
        await supporting.note_edge(asking, "取消对齐", supporter, old[1], gone=True)
    for step in steps:
        await supporting.note_edge(asking, "申请对齐" if step in asked else "对齐", supporter, step.parent[1])


async def _card(
    asking: Asking, supporter: Supporter, steps: Sequence[Step], asked: Sequence[Step], *, rolls: bool
) -> Card:
    edges = await alignments.parents_of(asking.session, supporter.child, OPEN)
    counted = [edge for edge in edges if edge.rolls]
    total = sum((ONE if edge.share is None else edge.share for edge in counted), Decimal(0))
    return aligned_card(
        supporter.ref,
        supporter.name,
        [step.parent for step in steps],
        owner=steps[0].relation.above,
        asked=[step.relation.above.name for step in asked],
        skips=any(step.relation.skips for step in steps),
        rolls=rolls,
        shares=[
            f"KR{edge.parent} {say_percent(edge.share if edge.share is not None else ONE)}"
            for edge in counted
        ]
        if total <= ONE and (len(counted) > 1 or total < ONE)
        else [],
        draft=supporter.draft,
    )


async def _letter(asking: Asking, supporter: Supporter, step: Step, edge_id: int, *, rolls: bool) -> Letter:
    """To the owner above, or to who stands in for him today."""
    asked = await substituted(asking, step.relation.above, not_=(asking.asker.id, step.relation.below.id))
    card = ask_card(
        supporter.ref,
        supporter.name,
        step.parent,
        who=asking.asker,
        share=step.share,
        rolls=rolls,
        skips=step.relation.skips,
        visible=not supporter.draft,
        stands_in_for=asked.stands_in_for,
    )
    once = f"align:{edge_id}:{asking.event.event_id}"
    return Letter(asked.person.id, card, once[:200], Urgency.COLLABORATION)


async def _told_owner(asking: Asking, supporter: Supporter, steps: Sequence[Step]) -> Letter | None:
    """The owner below, where somebody did it for him."""
    below = steps[0].relation.below
    if below.id == asking.asker.id:
        return None
    card = notice(
        "aligned_for_you",
        about=supporter.ref,
        who=asking.asker.name,
        ref=supporter.ref,
        name=supporter.name,
        parents="、".join(step.parent[1].ref for step in steps),
        parent=steps[0].parent[1].ref,
    )
    return Letter(below.id, card, f"aligned:{asking.event.event_id}"[:200], Urgency.COLLABORATION)


def _as_it_is(step: Step, wish: Wish) -> bool:
    known = step.known
    return (
        known is not None and known.rolls == wish.rolls and (step.share is None or known.share == step.share)
    )


async def part(asking: Asking, supporter: Supporter, edge: Edge, *, noted: bool = True) -> tuple[Letter, ...]:
    """End one edge, and tell the owner above where it stood."""
    await alignments.end(asking.session, edge, at=asking.now, by=asking.asker.id)
    await supporting.count_anew(asking, edge.parent)
    objective, kr = await supporting.parent_of_edge(asking, edge)
    if noted:
        await supporting.note_edge(asking, "取消对齐", supporter, kr, gone=True)
    if not edge.stands or objective.owner_id == asking.asker.id or supporter.draft:
        return ()
    told = notice(
        "support_ended",
        about=kr.ref,
        who=asking.asker.name,
        name=supporter.name,
        ref=kr.ref,
        parent=kr_name(kr),
    )
    once = f"support-ended:{edge.id}:{asking.event.event_id}"
    return (Letter(objective.owner_id, told, once[:200], Urgency.COLLABORATION),)


async def as_agreed(
    asking: Asking, applicant: Person, supporter: Supporter, words: str
) -> tuple[Letter, ...]:
    """Do what somebody was given a yes for, in his name; the request's own lines stand in the trail.

    Who has just said yes is told nothing more.
    """
    theirs = replace(asking, asker=applicant)
    wish = read_wish(f"{supporter.ref} {words.removeprefix(AWAY)}")
    if words.startswith(AWAY):
        letters = await _end_those(theirs, supporter, {one.number for one in wish.supports})
    else:
        plan = await planned(theirs, supporter, wish)
        letters = (await join(theirs, supporter, wish, plan, noted=False)).letters
    return tuple(letter for letter in letters if letter.to != asking.asker.id)


async def _end_those(asking: Asking, supporter: Supporter, named: Collection[int]) -> tuple[Letter, ...]:
    letters: list[Letter] = []
    for edge in await alignments.parents_of(asking.session, supporter.child, OPEN):
        if edge.parent in named:
            letters += await part(asking, supporter, edge, noted=False)
    return tuple(letters)
