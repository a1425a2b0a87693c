"""上级目标变更提醒: a goal above has changed, and nobody has said whether what supports it still does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.templating import render
from chat.card import Card

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Supporting:
    """What supports (`ref`, `title`, whose) a key result that has changed. `kr`: what its owner would adjust."""

    ref: str
    title: str
    owner: str
    kr: str
    parent: str
    parent_title: str
    parent_owner: str
    change: str = ""
    """目标值 1,100 → 1,200; empty where it is not known or not for everybody."""


def asked_again_card(case: Supporting, *, until: str) -> Card:
    """`until`: the day until which it was to be said, as people say it."""
    return render(
        "reminders/upstream_changed",
        about=case.ref,
        ref=case.ref,
        title=case.title,
        parent=case.parent,
        parent_title=case.parent_title,
        above=case.parent_owner,
        kr=case.kr,
        until=until,
        change=case.change,
    )


def unanswered_card(waiting: Sequence[Supporting], *, days: int) -> Card:
    """For the owner of the goal that has changed: who has not said a word."""
    first = waiting[0]
    return render(
        "reminders/upstream_unanswered",
        about=first.parent,
        parent=first.parent,
        title=first.parent_title,
        count=len(waiting),
        lines=[f"{one.owner} {one.ref} {one.title}" for one in waiting[:SHOWN]],
        more=max(0, len(waiting) - SHOWN),
        days=days,
    )
