"""A request for help with everybody and everything it is about, and which one somebody means."""

from __future__ import annotations

from cards.help_request import Plea, standing_of
from cards.notices import Choice, question
from chat.card import Card
from handlers.asking import Asking, Misunderstood
from handlers.reading.ids import take_ref
from okr.collaboration import HelpKind, HelpRequest, HelpState
from okr.objectives import Objective
from okr.refusals import NoSuchRequest
from okr.status import judge_objective
from storage import help_requests, objectives, people

MOST = 6
"""Choices of a question."""


async def plea_of(asking: Asking, request: HelpRequest) -> Plea:
    """As the goal really is: both were let see it when it was asked."""
    objective = await goal_of(asking, request)
    kr = next(kr for kr in objective.key_results if kr.id == request.kr_id)
    then = None
    if request.state is HelpState.PASSED_ON:
        then = await help_requests.after(asking.session, request.id)
    ids = [request.asker_id, request.asked_id, then.asked_id if then else None]
    known = await people.by_ids(asking.session, sorted({one for one in ids if one is not None}))
    verdict = judge_objective(objective, asking.today, asking.policy).verdicts.get(kr.id)
    return Plea(
        request,
        kr,
        known[request.asker_id],
        known.get(request.asked_id) if request.asked_id is not None else None,
        standing_of(verdict),
        asking.today,
        then,
        known.get(then.asked_id) if then is not None and then.asked_id is not None else None,
    )


async def goal_of(asking: Asking, request: HelpRequest) -> Objective:
    """The objective whose key result it is about. Raises NoSuchRequest where that is gone."""
    objective = await objectives.with_key_result(asking.session, request.kr_id)
    if objective is None:
        raise NoSuchRequest(request.ref)
    return objective


async def by_number(asking: Asking, number: int) -> HelpRequest:
    """Locked until the transaction ends. One that was passed on to the asker is meant by its old number, too."""
    request = await help_requests.by_id(asking.session, number, lock=True)
    if request is None:
        raise NoSuchRequest(f"X{number}")
    if request.state is HelpState.PASSED_ON:
        last = await help_requests.after(asking.session, number)
        if last is not None and last.asked_id == asking.asker.id:
            return await by_number(asking, last.id)
    return request


async def meant(asking: Asking, verb: str, *, owed: bool = False) -> tuple[HelpRequest, str]:
    """The request and the words that follow it: by its number, the quoted, or the only one that waits for the asker.

    `owed`: what was accepted counts as well. Raises NoSuchRequest, Misunderstood where several wait.
    """
    ref, rest = take_ref(asking.rest, "X")
    if ref is not None and ref.kind == "X":
        return await by_number(asking, ref.number), rest
    about, _ = take_ref(asking.about)
    if about is not None and about.kind == "X":
        return await by_number(asking, about.number), asking.rest
    look = help_requests.owed_by if owed else help_requests.waiting_for
    waiting = await look(asking.session, asking.asker.id)
    if not waiting:
        raise NoSuchRequest("请你帮忙的事")
    if len(waiting) > 1:
        raise Misunderstood(await _which(asking, waiting, verb))
    return await by_number(asking, waiting[0].id), asking.rest


async def meant_blocker(asking: Asking, verb: str, *, any_kind: bool = False) -> tuple[HelpRequest, str]:
    """The blocker and the words that follow it: by its number, the quoted, or the only one of the asker's that is open.

    `any_kind`: a request for help may be meant by its number as well. Raises NoSuchRequest, Misunderstood.
    """
    ref, rest = take_ref(asking.rest, "X")
    if ref is None or ref.kind != "X":
        ref, rest = take_ref(asking.about)[0], asking.rest
    if ref is not None and ref.kind == "X":
        request = await by_number(asking, ref.number)
        if request.kind is HelpKind.HELP and not any_kind:
            raise NoSuchRequest(f"卡住的事 {request.ref}")
        return request, rest
    known = await help_requests.asked_by(asking.session, asking.asker.id)
    blockers = [one for one in known if one.kind is HelpKind.BLOCKER]
    if not blockers:
        raise NoSuchRequest("卡住的事")
    if len(blockers) > 1:
        choices = [Choice(f"{one.ref} {one.words}"[:20], f"{verb} {one.ref}") for one in blockers[:MOST]]
        raise Misunderstood(question("which", choices, what=f"有 {len(blockers)} 件卡着,{verb}哪一件?"))
    return await by_number(asking, blockers[0].id), asking.rest


async def _which(asking: Asking, waiting: list[HelpRequest], verb: str) -> Card:
    known = await people.by_ids(asking.session, [one.asker_id for one in waiting[:MOST]])
    return question(
        "which_help",
        [Choice(f"{verb} {one.ref}", f"{verb} {one.ref}") for one in waiting[:MOST]],
        verb=verb,
        rows=[f"{one.ref} {known[one.asker_id].name}:{one.words[:30]}" for one in waiting[:MOST]],
        total=len(waiting),
    )
