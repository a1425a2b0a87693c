"""信心下滑提醒: what one is no longer sure of, and why."""

from __future__ import annotations

from cards.sayings import kr_name, say_verdict
from cards.templating import render
from chat.card import Card
from okr.objectives import KeyResult
from okr.people import Person
from okr.status import Verdict

CAUSES = ("资源", "依赖", "目标不清", "优先级", "外部")
"""What is in the way, of which one is chosen with a tap."""


def dropped_card(
    kr: KeyResult,
    verdict: Verdict,
    *,
    before: int | None,
    note: str,
    limit: str,
    days: int = 0,
    falling: bool = False,
    owner: Person | None = None,
) -> Card:
    """`before`: how sure one was; `days`: after so many the superior hears of it, 0 for never; `owner`: for that superior."""
    return render(
        "reminders/confidence_drop",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        now=kr.confidence,
        before=before if before != kr.confidence else None,
        verdict=say_verdict(verdict),
        note=note,
        causes=CAUSES,
        limit=limit,
        days=days,
        falling=falling,
        owner=owner.name if owner else "",
        number=owner.number if owner else "",
    )


def differs_card(kr: KeyResult, verdict: Verdict, note: str, *, limit: str, behind: bool) -> Card:
    """Progress says one thing and confidence another; `behind`: it is the progress that is worse."""
    return render(
        "reminders/confidence_differs",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        now=kr.confidence,
        verdict=say_verdict(verdict),
        note=note,
        causes=CAUSES,
        limit=limit,
        behind=behind,
    )
