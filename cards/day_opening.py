"""How a day begins: one's own progress, what today has to bring, and what is left of the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cards.day_actions import Line, say_line
from cards.sayings import kr_name, lamp, say_standing, say_value
from cards.templating import render
from chat.card import Card
from okr.objectives import KeyResult
from okr.status import Verdict

SHOWN = 4
LEFT = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A key result, how it stands, and what today has to bring, in words; empty where it is not one of days."""

    kr: KeyResult
    verdict: Verdict
    today: str = ""


def left_card(left: Sequence[Line], today: date) -> Card:
    """Nothing but what was left: offered once, at the opening of the next shift."""
    return render("reminders/day_left", live=True, **_left(left, today))


def opening_card(standings: Sequence[Standing], left: Sequence[Line], today: date, *, lagging: int) -> Card:
    """`lagging`: how many of the key results are 偏慢 or 告急. The most urgent come first."""
    return render(
        "reminders/day_opening",
        live=True,
        count=len(standings),
        lagging=lagging,
        rows=[
            f"{lamp(one.verdict.status)} {one.kr.ref} {kr_name(one.kr)} {say_value(one.kr, one.kr.value)}"
            f" {say_standing(one.verdict)}{f' · {one.today}' if one.today else ''}"
            for one in standings[:SHOWN]
        ],
        more=max(0, len(standings) - SHOWN),
        **_left(left, today),
    )


def _left(left: Sequence[Line], today: date) -> dict[str, Any]:
    return {
        "left": len(left),
        "lines": [say_line(one, today) for one in left[:LEFT]],
        "others": max(0, len(left) - LEFT),
        "first": left[0].ref if left else "",
    }
