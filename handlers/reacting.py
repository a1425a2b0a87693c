"""点赞 and 评论: recognition and a word about a goal, also a colleague's; whose goal it is hears of it."""

from __future__ import annotations

from datetime import datetime, time

from cards.notices import question
from cards.reactions import commented_card, liked_card, reacted_card
from chat.answers import Answer, Letter, Mark, Urgency
from handlers import goals
from handlers.asking import Asking, shown
from handlers.reading.ids import take_ref
from handlers.route import Route
from okr.objectives import KeyResult, Objective, State
from okr.refusals import NotInForce
from storage import help_requests, reactions
from storage.reactions import LIKED, ReactionKind

LONGEST = 200
SHOWN = 3
"""Comments that stand on a card."""
_PRAISED = (State.ACTIVE, State.CLOSED)


async def like(asking: Asking) -> Answer:
    """点赞 KR34 干得漂亮: once a day; the owner hears of it."""
    objective, kr, words = await _goal(asking, "点赞")
    ref, name = _named(objective, kr)
    own = objective.owner_id == asking.asker.id
    midnight = datetime.combine(asking.today, time(), asking.now.tzinfo)
    before = await reactions.liked_since(
        asking.session, objective.id, kr.id if kr else None, asking.asker.id, midnight
    )
    if not before:
        await _keep(asking, ReactionKind.LIKE, objective, kr, words)
    tally = await reactions.tally(asking.session, objective.id, kr.id if kr else None)
    owner = await goals.owner_of(asking, objective)
    card = reacted_card(
        ref,
        name,
        what="again" if before else "like",
        owner="" if own else owner.name,
        words=words,
        likes=tally.likes,
    )
    if own or before:
        return Answer(card=card)
    letter = Letter(
        owner.id,
        liked_card(ref, name, asking.asker.name, words, tally.likes),
        f"liked:{ref}:{asking.asker.id}:{asking.today.isoformat()}",
        Urgency.PRAISE,
        mark=Mark(LIKED, ref),
    )
    return Answer(card=card, letters=(letter,))


async def comment(asking: Asking) -> Answer:
    """评论 KR34 想说的; without words it is asked for. Who has said something about it before hears of it, too."""
    objective, kr, words = await _goal(asking, "评论")
    ref, name = _named(objective, kr)
    kr_id = kr.id if kr else None
    said = await reactions.comments(asking.session, objective.id, kr_id, SHOWN)
    if not words:
        lines = [f"{one.author}:{one.words}" for one in said]
        return shown(
            question("comment_what", [], about=ref, awaits=f"评论 {ref}", ref=ref, name=name, comments=lines)
        )
    await _keep(asking, ReactionKind.COMMENT, objective, kr, words)
    owner = await goals.owner_of(asking, objective)
    told = {owner.id, *(one.author_id for one in said)} - {asking.asker.id}
    letter_card = commented_card(ref, name, asking.asker.name, words)
    letters = tuple(
        Letter(one, letter_card, f"commented:{asking.event.event_id}:{one}", Urgency.COLLABORATION)
        for one in sorted(told)
    )
    own = owner.id == asking.asker.id
    card = reacted_card(ref, name, what="comment", owner="" if own else owner.name, words=words, likes=0)
    return Answer(card=card, letters=letters)


async def _goal(asking: Asking, verb: str) -> tuple[Objective, KeyResult | None, str]:
    """The objective or key result that is meant, and the words. Raises NotInForce for a draft."""
    ref, rest = take_ref(asking.rest or asking.about, "KR")
    if ref is not None and ref.kind == "O":
        objective, kr = await goals.objective_by_number(asking, ref.number), None
    else:
        (objective, kr), rest = await goals.meant(asking, verb, goals.IN_FORCE)
    if objective.state not in _PRAISED:
        raise NotInForce(kr.ref if kr else objective.ref, str(objective.state))
    return objective, kr, rest[:LONGEST]


async def _keep(
    asking: Asking, kind: ReactionKind, objective: Objective, kr: KeyResult | None, words: str
) -> None:
    await reactions.add(
        asking.session,
        kind,
        objective_id=objective.id,
        kr_id=kr.id if kr else None,
        author_id=asking.asker.id,
        words=words,
        at=asking.now,
    )


def _named(objective: Objective, kr: KeyResult | None) -> tuple[str, str]:
    return (kr.ref, kr.title) if kr is not None else (objective.ref, f"「{objective.title}」")


async def together_on(asking: Asking, objective: Objective, kr_id: int | None) -> list[str]:
    """What people do together about a goal, in lines for its card: what is in its way, likes, the newest comment."""
    lines: list[str] = []
    if kr_id is not None:
        stuck = [one for one in await help_requests.open_on(asking.session, kr_id) if one.asked_id is None]
        lines += [f"🚧 {one.ref} 卡着:{one.words[:40]}" for one in stuck[:1]]
    tally = await reactions.tally(asking.session, objective.id, kr_id)
    if tally.likes or tally.comments:
        newest = await reactions.comments(asking.session, objective.id, kr_id, 1)
        said = f" · {newest[0].author}:{newest[0].words[:30]}" if newest else ""
        lines.append(f"👍 {tally.likes} · 💬 {tally.comments}{said}")
    return lines


ROUTES = (
    Route(
        words=("点赞", "赞"),
        handle=like,
        topic="一起做",
        does="给同事的目标点个赞,他会知道",
        examples=("点赞 {kr} 干得漂亮",),
        alone=("赞",),
    ),
    Route(
        words=("评论",),
        handle=comment,
        topic="一起做",
        does="对一个目标说一句话",
        examples=("评论 {kr} 周末那场试吃很管用",),
    ),
)
