"""A suggestion with everything that its cards say, and which one is meant."""

from __future__ import annotations

from dataclasses import replace

from cards.notices import Choice, notice, question
from cards.suggestion import Idea, Wanted
from chat.answers import Letter, Urgency
from chat.card import Card
from handlers.asking import Asking, Misunderstood
from handlers.fields import NAMES, Change, Said, read_sentence, read_values, say_now
from handlers.reading.ids import take_ref
from handlers.sight import sight_of
from okr import masking
from okr.approvals import RequestState
from okr.objectives import KeyResult, Objective
from okr.refusals import NoSuchRequest, Refusal
from okr.requests import ChangeRequest, made
from storage import objectives, people, suggestions
from storage.suggestions import Suggestion

MOST = 6
"""Choices of a question."""


def wanted_of(
    asking: Asking, objective: Objective, kr: KeyResult | None, said: Said
) -> tuple[list[Wanted], KeyResult | None]:
    """Each field that would be another, and the key result as it would be then.

    Raises Misunderstood, with the question, for a value that is none, and what the rules refuse.
    """
    wanted: list[Wanted] = []
    after = kr
    for field, words in said.fields:
        now = Change(objective, kr, field, "")
        new = words
        if after is not None:
            values = read_values(asking, Change(objective, after, field, words))
            if values is None:
                raise Misunderstood(ask_what(objective, kr, field))
            after = made(after, values)
            new = words if after.measure.sealed else say_now(Change(objective, after, field, ""))
        elif not words:
            raise Misunderstood(ask_what(objective, kr, field))
        wanted.append(Wanted(NAMES[field], say_now(now), new))
    return wanted, after


def ask_what(objective: Objective, kr: KeyResult | None, field: str = "") -> Card:
    """How should it be? The next words are taken for it."""
    ref = kr.ref if kr else objective.ref
    return question(
        "suggest_what",
        [],
        about=ref,
        awaits=f"建议 {ref} {NAMES[field]}" if field else f"建议 {ref}",
        ref=ref,
        name=kr.title if kr else objective.title,
        field=NAMES.get(field, ""),
        now=say_now(Change(objective, kr, field, "")) if field else "",
    )


async def idea_of(asking: Asking, suggestion: Suggestion) -> Idea:
    """As its owner sees it, who may see everything of his own. Raises NoSuchRequest where the goal is gone."""
    objective = await objectives.by_id(asking.session, suggestion.objective_id)
    if objective is None:
        raise NoSuchRequest(suggestion.ref)
    objective = masking.opened(objective)
    kr = next((kr for kr in objective.key_results if kr.id == suggestion.kr_id), None)
    if suggestion.kr_id is not None and kr is None:
        raise NoSuchRequest(suggestion.ref)
    named = await people.by_ids(asking.session, [suggestion.suggester_id, objective.owner_id])
    said = read_sentence(suggestion.words)
    try:
        wanted, after = wanted_of(asking, objective, kr, said)
    except (Misunderstood, Refusal):  # what stands there now has made it one of a kind that it cannot be
        wanted, after = [], kr
    return Idea(
        id=suggestion.ref,
        objective=objective,
        kr=kr,
        after=after,
        wanted=wanted,
        words=suggestion.words,
        reason=suggestion.reason,
        suggester=named[suggestion.suggester_id].name,
        owner=named[objective.owner_id].name,
    )


async def seen_by(asking: Asking, reader_id: int, idea: Idea) -> Idea:
    """The same for somebody else than the owner: without amounts where they are not for him, in the words of who suggested."""
    reader = await people.by_id(asking.session, reader_id)
    if reader is None or idea.kr is None:
        return idea
    objective = (await sight_of(asking, reader, [idea.objective])).fit(idea.objective)
    kr = next(one for one in objective.key_results if one.id == idea.kr.id)
    return replace(idea, objective=objective, kr=kr, after=None, wanted=()) if kr.measure.sealed else idea


async def meant(asking: Asking, verb: str) -> tuple[Suggestion, str]:
    """The suggestion and the words that follow it: by its number, the quoted, or the only one that waits for the asker.

    Locked until the transaction ends. Raises NoSuchRequest, Misunderstood where several wait.
    """
    ref, rest = take_ref(asking.rest, "R")
    if ref is None or ref.kind != "R":
        about, _ = take_ref(asking.about)
        ref, rest = (about if about is not None and about.kind == "R" else None), asking.rest
    if ref is not None:
        found = await suggestions.by_id(asking.session, ref.number, lock=True)
        if found is None:
            raise NoSuchRequest(f"建议 {ref}")
        return found, rest
    waiting = await suggestions.waiting_for(asking.session, asking.asker.id)
    if not waiting:
        raise NoSuchRequest("建议")
    if len(waiting) > 1:
        ideas = [await idea_of(asking, one) for one in waiting[:MOST]]
        choices = [Choice(f"{verb} {idea.id}", f"{verb} {idea.id} {rest}".strip()) for idea in ideas]
        rows = [f"{idea.id} {idea.suggester}:{idea.line}" for idea in ideas]
        raise Misunderstood(question("which_suggestion", choices, verb=verb, rows=rows, total=len(waiting)))
    only = await suggestions.by_id(asking.session, waiting[0].id, lock=True)
    assert only is not None
    return only, rest


def with_reason(said: Said, suggestion: Suggestion) -> Said:
    """The change that the owner asks for. By number, not by name: a reason stays in the trail for good."""
    why = f":{suggestion.reason}" if suggestion.reason else ""
    return replace(said, reason=f"采纳同事的建议 {suggestion.ref}{why}")


async def settled(asking: Asking, request: ChangeRequest) -> tuple[Letter, ...]:
    """To who suggested it: what became of the request that his suggestion led to."""
    suggestion = await suggestions.led_to(asking.session, request.id)
    if suggestion is None:
        return ()
    card = notice(
        "suggestion_settled",
        about=request.about,
        id=suggestion.ref,
        ref=request.about,
        line=f"{request.about} {suggestion.words}",
        yes=request.state is RequestState.APPROVED,
        state={RequestState.REJECTED: "没有同意", RequestState.WITHDRAWN: "收回了申请"}.get(
            request.state, "换了别的改法"
        ),
        by=asking.asker.name,
        reason=request.decision,
    )
    once = f"suggestion:{suggestion.id}:settled"
    return (Letter(suggestion.suggester_id, card, once, Urgency.COLLABORATION),)
