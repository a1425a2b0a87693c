"""达成喝彩: what was reached, by whom, and who helped."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cards.sayings import kr_name, say_goal, say_value
from cards.templating import render
from chat.card import Card
from okr.objectives import KeyResult
from okr.people import Person


def cheer_card(kr: KeyResult, step: int, *, helpers: Sequence[str], in_groups: bool = False) -> Card:
    """`step`: in percent, the highest that was reached. `in_groups`: a group is told, too."""
    return render(
        "reminders/achievement",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        step=step,
        value=say_value(kr, kr.value),
        goal=say_goal(kr.measure),
        helpers=list(helpers),
        in_groups=in_groups,
    )


def record_card(kr: KeyResult, values: Sequence[Decimal]) -> Card:
    """`values`: all of the cycle, oldest first; the last is the best."""
    start, target = kr.measure.start or Decimal(0), kr.measure.target or Decimal(0)
    before = max(values[:-1]) if target > start else min(values[:-1])
    return render(
        "reminders/record_day",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        value=say_value(kr, values[-1]),
        before=say_value(kr, before),
        count=len(values),
    )


def helped_card(kr: KeyResult, step: int, owner: Person) -> Card:
    """For who has helped. The numbers are the owner's: it says the percent only."""
    return render(
        "reminders/helped",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        step=step,
        owner=owner.name,
    )
