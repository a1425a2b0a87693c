"""更新逾期催办: what was to be reported and is not, to its owner, and later to who leads him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.sayings import kr_name, say_value
from cards.templating import render
from chat.card import Card
from okr.objectives import KeyResult
from okr.people import Person

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Late:
    """What somebody owes, for so many of his own days; `superior`: who hears of it, empty for nobody."""

    owner: Person
    due: tuple[KeyResult, ...]
    days: int
    superior: str


def own_card(late: Late, *, left: int, limit: int) -> Card:
    """`left`: own days until the superior is told; 0 where he is told now."""
    first = late.due[0]
    return render(
        "reminders/checkin_overdue",
        about=first.ref if len(late.due) == 1 else "",
        count=len(late.due),
        first=first.ref,
        days=late.days,
        unit="个班" if late.owner.store else "个工作日",
        lines=[f"{kr.ref} {kr_name(kr)} 上次 {say_value(kr, kr.value)}" for kr in late.due[:SHOWN]],
        more=max(0, len(late.due) - SHOWN),
        name=kr_name(first),
        same=len(late.due) == 1 and first.value is not None,
        superior=late.superior,
        left=left,
        limit=limit,
    )


def team_card(team: Sequence[Late], *, limit: int) -> Card:
    """For who leads them: names and counts, no numbers."""
    return render(
        "reminders/checkin_overdue_team",
        count=len(team),
        lines=[f"{one.owner.name} {len(one.due)} 个,晚了 {one.days} 天" for one in team[:SHOWN]],
        more=max(0, len(team) - SHOWN),
        name=team[0].owner.name,
        number=team[0].owner.number,
        limit=limit,
    )
