"""Which request is meant: by its number, by what is quoted or pressed, or the only one that waits. Never one of several."""

from __future__ import annotations

from collections.abc import Sequence

from cards.change_request import wish_of
from cards.notices import Choice, question
from chat.card import Card
from handlers.approvers import acts_for
from handlers.asking import Asking, Misunderstood
from handlers.proposals import propose
from handlers.reading.ids import take_ref
from okr.refusals import NoSuchRequest
from okr.requests import ChangeRequest
from storage import changes

MOST = 6
"""Choices of a question."""


async def waiting_for_asker(asking: Asking) -> list[ChangeRequest]:
    """What the asker has to decide, for himself or as somebody's deputy, the oldest first; not what he asked for."""
    waiting = await changes.waiting_for(asking.session, await acts_for(asking))
    return [request for request in waiting if request.applicant_id != asking.asker.id] + [
        request
        for request in waiting
        if request.applicant_id == asking.asker.id and await _may_decide_himself(asking, request)
    ]


async def _may_decide_himself(asking: Asking, request: ChangeRequest) -> bool:
    parts = await changes.parts_of(asking.session, request.id)
    return any(part.approver_id == asking.asker.id for part in parts)


async def meant(asking: Asking, verb: str) -> tuple[ChangeRequest, str]:
    """The request and the words that follow it. Raises NoSuchRequest, Misunderstood where several wait."""
    ref, rest = take_ref(asking.rest, "R")
    if ref is not None and ref.kind == "R":
        return await by_number(asking, ref.number), rest
    about, _ = take_ref(asking.about)
    if about is not None and about.kind == "R":
        return await by_number(asking, about.number), asking.rest
    if ref is not None and ref.kind in ("KR", "O"):
        about, asking = ref, asking.rested(rest)
    waiting = await waiting_for_asker(asking)
    if about is not None and about.kind in ("KR", "O"):
        waiting = [one for one in waiting if str(about) in (one.about, f"O{one.objective_id}")]
    if not waiting:
        raise NoSuchRequest("申请")
    if len(waiting) > 1:
        raise Misunderstood(await which_card(asking, waiting, verb))
    return waiting[0], asking.rest


async def by_number(asking: Asking, number: int) -> ChangeRequest:
    """Locked until the transaction ends, so that two who decide at the same instant do it one after the other."""
    request = await changes.by_id(asking.session, number, lock=True)
    if request is None:
        raise NoSuchRequest(f"R{number}")
    return request


async def which_card(asking: Asking, waiting: Sequence[ChangeRequest], verb: str) -> Card:
    """Several wait: each is decided by itself."""
    choices = [Choice(f"{verb} {one.ref}", f"{verb} {one.ref}") for one in waiting[:MOST]]
    rows = [
        f"{one.ref} {(proposal := await propose(asking, one)).applicant.name}想{wish_of(proposal)}"
        for one in waiting[:MOST]
    ]
    return question("which_request", choices, verb=verb, rows=rows, total=len(waiting))
