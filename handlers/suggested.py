"""采纳 · 聊聊 · 先不改: what becomes of a suggestion. Its owner decides, once; whoever suggested is told of every step."""

from __future__ import annotations

from cards import actions
from cards.notices import Choice, notice, question
from cards.suggestion import Idea, suggestion_card
from cards.todo import Duty
from chat.answers import Answer, Letter, Redraw, Urgency
from chat.card import Card
from handlers import changing
from handlers.asking import Asking, shown
from handlers.fields import read_sentence
from handlers.ideas import idea_of, meant, seen_by, with_reason
from handlers.on_record import attempted
from handlers.reading.ids import take_ref
from handlers.route import Route
from handlers.suggesting import LONGEST, once_of
from okr.approvals import RequestState
from okr.moments import say_moment
from okr.refusals import NoSuchRequest, NotForYou
from storage import changes, objectives, people, suggestions
from storage.suggestions import Suggestion

_TALK = 500


async def take_up(asking: Asking) -> Answer:
    """采纳 R9: a change by the owner, with the approval that it takes."""
    suggestion, _ = await meant(asking, "采纳")
    idea = await _require_owner(asking, suggestion, "采纳")
    if suggestion.state is not RequestState.WAITING:
        return await _over(asking, suggestion, idea)
    said = read_sentence(suggestion.words)
    if not said.fields:
        return await _taken(asking, suggestion, idea, None)
    moved = any(suggestion.old.get(one.name, one.old) != one.old for one in idea.wanted)
    if moved and not asking.confirmed:
        return _ask_again(suggestion, idea)
    before = await _standing(asking, suggestion)
    wish = with_reason(said, suggestion)
    answer = await changing.change(asking, idea.objective, idea.kr, wish)
    after = await _standing(asking, suggestion)
    if after == before:
        return answer  # something is asked first, or it is so already
    request = next((number for number in after[1] if number not in before[1]), None)
    return await _taken(asking, suggestion, idea, answer, request)


def _ask_again(suggestion: Suggestion, idea: Idea) -> Answer:
    """The goal is another since it was suggested: the owner sees both."""
    return shown(
        question(
            "take_up",
            [Choice("照它改", f"确认 采纳 {idea.id}"), Choice("先不动", actions.NEVER_MIND)],
            about=idea.id,
            id=idea.id,
            wanted=[one for one in idea.wanted if suggestion.old.get(one.name, one.old) != one.old],
            before=suggestion.old,
        ),
        restricted=True,
    )


async def _standing(asking: Asking, suggestion: Suggestion) -> tuple[int, tuple[int, ...]]:
    """What a change would alter: the goal's version, and what waits about it."""
    objective = await objectives.by_id(asking.session, suggestion.objective_id)
    waiting = await changes.waiting_on(asking.session, suggestion.objective_id)
    return (objective.version if objective else 0, tuple(request.id for request in waiting))


async def _taken(
    asking: Asking, suggestion: Suggestion, idea: Idea, answer: Answer | None, request: int | None = None
) -> Answer:
    """Close it and tell who suggested. `answer`: what the change itself has to say."""
    led_to = f"R{request}" if request is not None else ""
    line = (await seen_by(asking, suggestion.suggester_id, idea)).line
    if not await _close(asking, suggestion, RequestState.APPROVED, led_to):
        return await _over(asking, suggestion, idea)
    told = notice(
        "suggestion_taken",
        about=idea.ref,
        id=idea.id,
        ref=idea.ref,
        line=line,
        owner=idea.owner,
        request=led_to,
        approvers="、".join(await _approvers(asking, request)),
        free=answer is None,
    )
    letter = Letter(suggestion.suggester_id, told, f"suggestion:{suggestion.id}:end", Urgency.COLLABORATION)
    face = _answered(idea, RequestState.APPROVED, free=answer is None)
    redraw = Redraw(once_of(suggestion.id), face)
    if answer is None:
        return Answer(card=face, in_place=True, restricted=True, letters=(letter,), redraws=(redraw,))
    return Answer(
        card=answer.card,
        restricted=True,
        letters=(*answer.letters, letter),
        redraws=(*answer.redraws, redraw),
    )


async def _approvers(asking: Asking, request: int | None) -> list[str]:
    if request is None:
        return []
    parts = await changes.parts_of(asking.session, request)
    named = await people.by_ids(asking.session, [part.approver_id for part in parts])
    return [person.name for person in named.values()]


async def not_now(asking: Asking) -> Answer:
    """先不改 R9 原因; without a reason it is asked for."""
    suggestion, words = await meant(asking, "先不改")
    idea = await _require_owner(asking, suggestion, "先不改")
    if suggestion.state is not RequestState.WAITING:
        return await _over(asking, suggestion, idea)
    reason = words.removeprefix("原因").strip(" :,。")[:LONGEST]
    if not reason:
        choices = [
            Choice(words, f"先不改 {idea.id} 原因 {words}") for words in ("这个季度不动了", "再看两周数据")
        ]
        card = question(
            "not_now",
            choices,
            about=idea.id,
            awaits=f"先不改 {idea.id} 原因",
            suggester=idea.suggester,
            line=idea.line,
        )
        return shown(card, restricted=True)
    if not await _close(asking, suggestion, RequestState.REJECTED, reason):
        return await _over(asking, suggestion, idea)
    told = notice(
        "suggestion_not_now",
        about=idea.ref,
        id=idea.id,
        ref=idea.ref,
        line=(await seen_by(asking, suggestion.suggester_id, idea)).line,
        owner=idea.owner,
        reason=reason,
    )
    face = _answered(idea, RequestState.REJECTED, decision=reason)
    return Answer(
        card=face,
        in_place=True,
        restricted=True,
        letters=(
            Letter(suggestion.suggester_id, told, f"suggestion:{suggestion.id}:end", Urgency.COLLABORATION),
        ),
        redraws=(Redraw(once_of(suggestion.id), face),),
    )


async def talk(asking: Asking) -> Answer:
    """聊聊 R9 你想改到多少: words between the owner and who suggested; nothing is decided by them."""
    suggestion, words = await meant(asking, "聊聊")
    idea = await idea_of(asking, suggestion)
    owner_id = idea.objective.owner_id
    if asking.asker.id not in (owner_id, suggestion.suggester_id):
        await attempted(asking, f"聊聊 {idea.id}", idea.objective, suggestion.kr_id)
        raise NotForYou(f"聊 {idea.id} ", f"{idea.owner}和{idea.suggester}")
    theirs = await seen_by(asking, suggestion.suggester_id, idea)
    if suggestion.state is not RequestState.WAITING:
        return await _over(asking, suggestion, idea)
    own = asking.asker.id == owner_id
    other = idea.suggester if own else idea.owner
    line = idea.line if own else theirs.line
    if not words:
        card = question("talk", [], about=idea.id, awaits=f"聊聊 {idea.id}", other=other, line=line)
        return shown(card, restricted=True)
    said = suggestion_card(
        theirs if own else idea, decides=not own, news=f"{asking.asker.name}:{words[:_TALK]}"
    )
    letter = Letter(
        suggestion.suggester_id if own else owner_id,
        said,
        f"suggestion:{suggestion.id}:talk:{asking.event.event_id}",
        Urgency.COLLABORATION,
    )
    card = notice("talked", about=idea.id, id=idea.id, other=other, words=words[:60], line=line, owner=own)
    return Answer(card=card, in_place=asking.pressed, restricted=True, letters=(letter,))


async def _withdraw(asking: Asking, suggestion: Suggestion) -> Answer:
    """撤回 R9, by who suggested it."""
    idea = await idea_of(asking, suggestion)
    if suggestion.suggester_id != asking.asker.id:
        await attempted(asking, f"撤回 {idea.id}", idea.objective, suggestion.kr_id)
        raise NotForYou(f"撤回 {idea.id} ", idea.suggester)
    if not await _close(asking, suggestion, RequestState.WITHDRAWN, ""):
        return await _over(asking, suggestion, idea)
    face = _answered(await seen_by(asking, asking.asker.id, idea), RequestState.WITHDRAWN)
    owners = _answered(idea, RequestState.WITHDRAWN)
    redraw = Redraw(once_of(suggestion.id), owners)
    return Answer(card=face, in_place=True, restricted=True, redraws=(redraw,))


async def view(asking: Asking, number: int) -> Answer | None:
    """查看 R9, for the two whom it concerns and the admins; None where it is no suggestion. Raises NoSuchRequest."""
    suggestion = await suggestions.by_id(asking.session, number)
    if suggestion is None:
        return None
    idea = await idea_of(asking, suggestion)
    own = idea.objective.owner_id == asking.asker.id
    if (
        not own
        and suggestion.suggester_id != asking.asker.id
        and asking.asker.number not in asking.policy.admins
    ):
        raise NoSuchRequest(suggestion.ref)
    if suggestion.state is not RequestState.WAITING:
        return await _over(asking, suggestion, idea)
    seen = idea if own else await seen_by(asking, asking.asker.id, idea)
    return shown(suggestion_card(seen, decides=own), restricted=True)


async def instead(asking: Asking, verb: str) -> Answer | None:
    """同意, 驳回 and 撤回 of a number that is a suggestion's; None where it is none."""
    ref, rest = take_ref(asking.rest, "R")
    if ref is None:
        ref, rest = take_ref(asking.about)[0], asking.rest
    if ref is None or ref.kind != "R":
        return None
    suggestion = await suggestions.by_id(asking.session, ref.number, lock=True)
    if suggestion is None:
        return None
    said = asking.rested(f"{ref} {rest}".strip())
    match verb:
        case "同意":
            return await take_up(said)
        case "驳回":
            return await not_now(said)
        case _:
            return await _withdraw(said, suggestion)


async def duties(asking: Asking) -> list[Duty]:
    """What waits for the asker's word."""
    ideas = [
        await idea_of(asking, one) for one in await suggestions.waiting_for(asking.session, asking.asker.id)
    ]
    return [
        Duty(f"{idea.id} {idea.suggester}建议 {idea.line}", f"看 {idea.id}", f"查看 {idea.id}")
        for idea in ideas
    ]


async def _require_owner(asking: Asking, suggestion: Suggestion, verb: str) -> Idea:
    """Raises NotForYou, with a line in the trail, for everybody but the goal's owner."""
    idea = await idea_of(asking, suggestion)
    if idea.objective.owner_id != asking.asker.id:
        await attempted(asking, f"{verb} {idea.id}", idea.objective, suggestion.kr_id)
        raise NotForYou(f"{verb} {idea.id} ", idea.owner)
    return idea


async def _close(asking: Asking, suggestion: Suggestion, state: RequestState, decision: str) -> bool:
    platform = str(asking.event.sender.platform)
    return await suggestions.close(
        asking.session, suggestion.id, state, asking.asker.id, asking.now, platform, decision
    )


async def _over(asking: Asking, suggestion: Suggestion, idea: Idea) -> Answer:
    """It has been answered before: how, and when."""
    now = await suggestions.by_id(asking.session, suggestion.id)
    assert now is not None
    if idea.objective.owner_id != asking.asker.id:
        idea = await seen_by(asking, asking.asker.id, idea)
    when = say_moment(now.decided_at, asking.now, asking.policy.zone) if now.decided_at else ""
    decision = now.decision if now.state is RequestState.REJECTED else ""
    face = _answered(idea, now.state, when=when, decision=decision)
    return shown(face, in_place=True, restricted=True)


def _answered(
    idea: Idea,
    state: RequestState,
    *,
    when: str = "",
    decision: str = "",
    free: bool = False,
) -> Card:
    """What stands where it could be answered."""
    return notice(
        "suggestion_answered",
        about=idea.ref,
        id=idea.id,
        ref=idea.ref,
        line=idea.line,
        state=str(state),
        suggester=idea.suggester,
        when=when,
        decision=decision,
        free=free,
    )


ROUTES = (
    Route(
        words=("采纳",),
        handle=take_up,
        topic="一起做",
        does="照同事的建议改",
        examples=("采纳 R9",),
    ),
    Route(
        words=("聊聊",),
        handle=talk,
        topic="一起做",
        does="建议先不急着定,带句话过去",
        examples=("聊聊 R9 改到多少合适",),
    ),
    Route(
        words=("先不改",),
        handle=not_now,
        topic="一起做",
        does="建议这次不采纳,写一句原因",
        examples=("先不改 R9 这个季度不动了",),
    ),
)
