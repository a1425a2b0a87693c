"""对齐 and 取消对齐: which goal supports which. Another department's owner is asked first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cards.notices import Choice, notice, question
from cards.sayings import kr_name
from chat.answers import Answer
from chat.card import Card
from handlers import align_requests, goals, joining, supporting
from handlers.asking import Asking, Misunderstood, shown
from handlers.joining import Step
from handlers.parent_shares import ask_about_numbers
from handlers.reading.ids import take_ref
from handlers.reading.supports import Wish, read_wish
from handlers.route import Route
from handlers.supporting import OPEN, Supporter
from okr.refusals import NoSuchGoal, SupportsNothing
from storage import alignments, cycles, objectives
from storage.alignments import EdgeState

_SUPPORTS = re.compile(
    r"^(?P<child>(?:K ?R|O) ?[0-9]+) ?(?P<not>不再?)?(?:支撑|对齐)(?:到|给)? ?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)


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
    plan = await joining.planned(asking, supporter, wish)
    if not plan.changes:
        return shown(_already(supporter, plan.steps), restricted=supporter.draft)
    if (owner := await align_requests.needs_yes(asking, supporter)) is not None:
        return await align_requests.ask_to_join(asking, supporter, owner, wish, plan)
    return await joining.join(asking, supporter, wish, plan)


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
    if (owner := await align_requests.needs_yes(asking, supporter)) is not None:
        return await align_requests.ask_to_part(asking, supporter, owner, edge)
    letters = await joining.part(asking, supporter, edge)
    _, kr = await supporting.parent_of_edge(asking, edge)
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
