"""Something is in the way of a key result: what, who could help, what is done about it."""

from __future__ import annotations

from collections.abc import Sequence

from cards.experts import name_experts
from cards.help_request import Plea
from cards.notices import notice
from cards.templating import render
from chat.card import Card
from okr.experts import Expert


def blocker_card(
    plea: Plea,
    experts: Sequence[Expert],
    *,
    invited: Sequence[str] = (),
    own: bool = True,
    new: bool = False,
    told: str = "",
) -> Card:
    """`own`: for who may say what is done about it. `invited`: names with what they answered. `told`: the owner, where he is told."""
    return render(
        "blocker",
        live=True,
        about=plea.ref,
        id=plea.ref,
        ref=plea.kr.ref,
        line=plea.line,
        words=plea.request.words,
        standing=plea.standing,
        is_open=plea.request.is_open,
        asker=plea.asker.name,
        answer=plea.request.answer,
        next_step=plea.request.next_step,
        experts=name_experts(experts),
        invited=invited,
        own=own,
        new=new,
        told=told,
    )


def blocked_told_card(plea: Plea) -> Card:
    """To the owner of a key result that a colleague is stuck with."""
    return notice(
        "blocked_told",
        about=plea.ref,
        id=plea.ref,
        ref=plea.kr.ref,
        line=plea.line,
        words=plea.request.words,
        asker=plea.asker.name,
    )
