"""A goal supports another: what its owner sees, and what the other owner is asked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cards.sayings import kr_name, o_name
from cards.templating import render
from chat.card import Card
from okr.numbers import say_percent
from okr.objectives import KeyResult, Objective
from okr.people import Person


def aligned_card(  # an edge has many sides
    ref: str,
    name: str,
    parents: Sequence[tuple[Objective, KeyResult]],
    *,
    owner: Person,
    asked: Sequence[str],
    skips: bool,
    rolls: bool,
    shares: Sequence[str],
    draft: bool,
) -> Card:
    """`parents`: what it supports now, `owner` the first one's. `asked`: who has to agree first, by name.

    `shares`: `KR5 60%` of each parent, where there are several.
    """
    objective, kr = parents[0]
    return render(
        "aligned",
        others=[one.ref for _, one in parents[1:]],
        live=True,
        about=ref,
        ref=ref,
        name=name,
        parent=kr.ref,
        parent_name=kr_name(kr),
        objective=o_name(objective),
        owner=owner.name,
        unit=owner.unit,
        asked=asked,
        skips=skips,
        rolls=rolls,
        shares=shares,
        draft=draft,
    )


def ask_card(  # an edge has many sides
    ref: str,
    name: str,
    parent: tuple[Objective, KeyResult],
    *,
    who: Person,
    share: Decimal | None,
    rolls: bool,
    skips: bool,
    visible: bool,
    stands_in_for: Person | None = None,
) -> Card:
    """To the owner above, or to his deputy. `visible`: whether he may look at the goal itself: a draft is its owner's."""
    kr = parent[1]
    return render(
        "align_asked",
        live=True,
        about=kr.ref,
        ref=ref,
        name=name,
        parent=kr.ref,
        parent_name=kr_name(kr),
        who=who.name,
        unit=who.unit or "别的部门",
        share=say_percent(share) if share is not None else "",
        rolls=rolls,
        skips=skips,
        visible=visible,
        instead_of=stands_in_for.name if stands_in_for else "",
    )
