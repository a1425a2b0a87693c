"""订阅: what one follows, and once a day what has happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.notices import notice
from cards.sayings import lamp
from cards.templating import render
from chat.card import Card
from okr.edit_trail import FIELDS
from okr.objectives import KeyResult, Status
from okr.people import Person

MOST = 7
"""Lines of one digest."""
WORSE = frozenset({Status.BEHIND, Status.AT_RISK, Status.DUE, Status.STALE, Status.MISSED})


@dataclass(frozen=True, slots=True)
class Turn:
    """A key result whose light has changed. No amounts: who follows may not see them."""

    kr: KeyResult
    owner: Person
    status: Status

    @property
    def is_worse(self) -> bool:
        return self.status in WORSE


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that was agreed on. `field`: a field of the trail, empty where it is about the whole."""

    ref: str
    title: str
    action: str
    field: str
    approver: str


def digest_card(
    turns: Sequence[Turn], changes: Sequence[Changed], targets: Sequence[str], *, group: bool
) -> Card:
    """In a group nobody's worse light is told, only how many there are."""
    told = [turn for turn in turns if not (group and turn.is_worse)]
    hidden = len(turns) - len(told)
    lines = [
        {
            "lamp": lamp(turn.status),
            "ref": turn.kr.ref,
            "name": turn.kr.title,
            "owner": turn.owner.name,
            "status": str(turn.status),
        }
        for turn in sorted(told, key=lambda turn: turn.status is not Status.ACHIEVED)
    ]
    agreed = [
        {
            "ref": one.ref,
            "name": one.title,
            "what": f"{one.action}{FIELDS.get(one.field, '')}",
            "approver": one.approver,
        }
        for one in changes
    ]
    return render(
        "followed",
        lines=lines[:MOST],
        changes=agreed[: max(0, MOST - len(lines))],
        more=max(0, len(lines) + len(agreed) - MOST),
        hidden=hidden,
        targets=targets,
        first=(lines or agreed or [{"ref": ""}])[0]["ref"],
        total=len(turns) + len(changes),
    )


def follows_card(
    targets: Sequence[str], *, group: bool, what: str = "", target: str = "", unit: bool = False
) -> Card:
    """`what`: followed · already · ended · never; empty for the list alone. `unit`: the target is one."""
    return notice("follows", targets=targets, group=group, what=what, target=target, unit=unit)
