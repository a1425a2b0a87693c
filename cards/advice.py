"""All that there is to try when a key result lags, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from cards.experts import name_experts
from cards.sayings import say_standing
from cards.templating import render
from chat.card import Card
from okr.advice import Advice
from okr.experts import Expert
from okr.objectives import KeyResult
from okr.status import Verdict

MOST = 4


def advice_card(
    kr: KeyResult, verdict: Verdict, advice: Sequence[Advice], experts: Sequence[Expert], cause: str = ""
) -> Card:
    """`cause`: why it lags, where somebody has written it."""
    return render(
        "advice",
        about=kr.ref,
        ref=kr.ref,
        name=kr.title,
        standing=say_standing(verdict),
        advice=[str(one) for one in advice[:MOST]],
        experts=name_experts(experts),
        cause=cause,
    )
