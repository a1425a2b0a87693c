"""对齐 and 取消对齐: which goal supports which. Another department's owner is asked first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cards.aligned import aligned_card, ask_card
from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer, Letter, Urgency
from chat.card import Card
from handlers import goals, supporting
from handlers.approvers import substituted
from handlers.asking import Asking, Misunderstood, shown
from handlers.goals import Goal
from handlers.parent_shares import ask_about_numbers, require_shares, shares_with
from handlers.reading.ids import take_ref
from handlers.reading.supports import Wish, read_wish
from handlers.route import Route
from handlers.supporting import ONE, OPEN, Relation, Supporter
from okr.numbers import say_percent
from okr.refusals import NoSuchGoal, SupportsNothing
from storage import alignments, cycles, objectives
from storage.alignments import Edge, EdgeState

_SUPPORTS = re.compile(
    r"^(?P<child>(?:K ?R|O) ?[0-9]+) ?(?P<not>不再?)?(?:支撑|对齐)(?:到|给)? ?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One edge that is to be made or changed."""

    parent: Goal
    share: Decimal | None
    relation: Relation
    known: Edge | None


async def said(asking: Asking) -> Answer | None:
    """O12 支撑 KR7; None where the text says nothing of the kind."""
    match = _SUPPORTS.match(asking.text)
    if match is None:
        return None
    words = asking.rested(f"{match['child']} {match['rest']}".strip())
    return await (take_back(words) if match["not"] else align(words))


async def align(asking: Asking) -> Answer:
    """对齐 O12 KR7 · 对齐 O12 KR7 30% · 对齐 O12 KR5 60% KR7 40% · 对齐 O12 KR7 不汇总 · 对齐 O12 换成 KR7"""
    wish = read_wish(asking.rest or asking.about)
    supporter = await _supporter(asking, wish)
    await supporting.require_supporters_owner(asking, supporter, "对齐")
    supporting.require_open(supporter.objective, supporter.ref)
    if wish.unread:
        raise Misunderstood(await _unread(asking, supporter, wish))
    if not wish.supports:
        return await _which_parent(asking, supporter, "换成 " if wish.instead else "")
    ask_about_numbers(supporter, wish)
    return await support(asking, supporter, wish)


async def support(asking: Asking, supporter: Supporter, wish: Wish) -> Answer:
    """What was wished, checked and done: at once, or by asking the owner above."""
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
    if (waits or not leaving) and all(_as_it_is(step, wish) for step in steps):
        return shown(_already(supporter, steps), restricted=supporter.draft)
    return await _done(asking, supporter, wish, steps, leaving)


async def _done(
    asking: Asking, supporter: Supporter, wish: Wish, steps: Sequence[Step], leaving: Sequence[Edge]
) -> Answer:
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
    for edge in leaving:
        old = await supporting.parent_of_edge(asking, edge)
        await supporting.note_edge(asking, "取消对齐", supporter, old[1], gone=True)
    for step in steps:
        await supporting.note_edge(asking, "申请对齐" if step in asked else "对齐", supporter, step.parent[1])
    if (told := await _told_owner(asking, supporter, steps)) is not None:
        letters.append(told)
    card = await _card(asking, supporter, steps, asked, rolls=wish.rolls)
    return Answer(card=card, in_place=True, restricted=supporter.draft, letters=tuple(letters))


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


# --- what is meant ---


async def _supporter(asking: Asking, wish: Wish) -> Supporter:
    """The goal below; where only the one above was named, the asker's only objective."""
    if wish.child is not None and wish.child.kind == "KR":
        return Supporter(*await goals.key_result(asking, wish.child.number))
    if wish.child is not None:
        return Supporter(await goals.objective_by_number(asking, wish.child.number))
    if asking.about.startswith("O") and asking.about[1:].isdigit():
        return Supporter(await goals.objective_by_number(asking, int(asking.about[1:])))
    own = await goals.running(asking, goals.OWN)
    if len(own) == 1:
        return Supporter(own[0])
    if not own:
        raise NoSuchGoal("你自己的目标")
    words = " ".join(f"KR{one.number}" for one in wish.supports)
    choices = [Choice(f"{o.ref} {o.title}"[:20], f"对齐 {o.ref} {words}".strip()) for o in own[:6]]
    raise Misunderstood(question("which", choices, what="用哪个目标去支撑?"))


async def _which_parent(asking: Asking, supporter: Supporter, instead: str) -> Answer:
    """Ask which key result; the superior's are the likeliest."""
    below = await goals.owner_of(asking, supporter.objective)
    choices: list[Choice] = []
    if below.manager_id is not None:
        cycle = await cycles.running(asking.session, asking.today)
        above = await objectives.of_owner(asking.session, below.manager_id, cycle.id)
        choices = [
            Choice(f"{kr.ref} {kr.title}"[:20], f"对齐 {supporter.ref} {instead}{kr.ref}")
            for objective in above
            for kr in objective.counting
        ]
    return shown(
        question(
            "which_parent",
            choices[:5],
            about=supporter.objective.ref,
            awaits=f"对齐 {supporter.ref} {instead}".strip(),
            ref=supporter.ref,
            name=supporter.name,
        ),
        restricted=supporter.draft,
    )


async def _unread(asking: Asking, supporter: Supporter, wish: Wish) -> Card:
    """What would have been understood; for an objective above, its key results to choose from."""
    ref, _ = take_ref(wish.unread)
    if ref is not None and ref.kind == "O" and not wish.supports:
        objective = await goals.objective_by_number(asking, ref.number)
        choices = [
            Choice(f"{kr.ref} {kr.title}"[:20], f"对齐 {supporter.ref} {kr.ref}")
            for kr in objective.counting[:6]
        ]
        if choices:
            return question("which", choices, about=supporter.objective.ref, what=f"支撑 {ref} 的哪一个 KR?")
    parent = f"KR{wish.supports[0].number}" if wish.supports else "上级的KR编号"
    return notice(
        "how_to_align", about=supporter.objective.ref, ref=supporter.ref, parent=parent, said=wish.unread[:20]
    )


def _as_it_is(step: Step, wish: Wish) -> bool:
    known = step.known
    return (
        known is not None and known.rolls == wish.rolls and (step.share is None or known.share == step.share)
    )


def _already(supporter: Supporter, steps: Sequence[Step]) -> Card:
    waits = [step for step in steps if step.known is not None and step.known.state is EdgeState.ASKED]
    kr = steps[0].parent[1]
    return notice(
        "aligned_already",
        about=supporter.objective.ref,
        ref=supporter.ref,
        parents="、".join(step.parent[1].ref for step in steps),
        parent=kr.ref,
        waits=waits[0].relation.above.name if waits else "",
    )


# --- taking it back ---


async def take_back(asking: Asking) -> Answer:
    """取消对齐 O12 KR7; without the key result the only one that is supported."""
    wish = read_wish(asking.rest or asking.about)
    supporter = await _supporter(asking, wish)
    await supporting.require_supporters_owner(asking, supporter, "取消对齐")
    edges = await alignments.parents_of(asking.session, supporter.child, OPEN)
    named = {one.number for one in wish.supports}
    fits = [edge for edge in edges if edge.parent in named] if named else edges
    if not fits:
        raise SupportsNothing(supporter.ref, f"KR{min(named)}" if named else "")
    if len(fits) > 1:
        choices = [
            Choice(f"KR{edge.parent}", f"取消对齐 {supporter.ref} KR{edge.parent}") for edge in fits[:6]
        ]
        raise Misunderstood(question("which", choices, what=f"{supporter.ref} 不再支撑哪一个?"))
    edge = fits[0]
    await alignments.end(asking.session, edge, at=asking.now, by=asking.asker.id)
    await supporting.count_anew(asking, edge.parent)
    objective, kr = await supporting.parent_of_edge(asking, edge)
    await supporting.note_edge(asking, "取消对齐", supporter, kr, gone=True)
    letters: tuple[Letter, ...] = ()
    if edge.stands and objective.owner_id != asking.asker.id and not supporter.draft:
        told = notice(
            "support_ended",
            about=kr.ref,
            who=asking.asker.name,
            name=supporter.name,
            ref=kr.ref,
            parent=kr_name(kr),
        )
        once = f"support-ended:{edge.id}:{asking.event.event_id}"
        letters = (Letter(objective.owner_id, told, once[:200], Urgency.COLLABORATION),)
    card = notice(
        "unaligned",
        about=supporter.objective.ref,
        ref=supporter.ref,
        parent=kr.ref,
        name=kr_name(kr),
        counted=edge.stands and edge.rolls and not supporter.draft,
    )
    return Answer(card=card, in_place=True, restricted=supporter.draft, letters=letters)


ROUTES = (
    Route(
        words=("对齐", "支撑"),
        handle=align,
        topic="定目标",
        does="我的目标支撑谁的 KR,各算多少",
        examples=("对齐 {o} KR7", "对齐 {o} KR5 60% KR7 40%", "对齐 {o} KR7 不汇总"),
    ),
    Route(
        words=("取消对齐", "不对齐"),
        handle=take_back,
        topic="定目标",
        does="不再支撑那个 KR",
        examples=("取消对齐 {o} KR7",),
    ),
)
