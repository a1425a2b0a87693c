"""协作障碍提示: what waits, for which goal, for how long, and who could help instead."""

from __future__ import annotations

from collections.abc import Sequence

from cards.experts import name_experts
from cards.help_request import Plea
from cards.templating import render
from chat.card import Card
from okr.experts import Expert

DAY = 24
MOST = 2
"""Others that are named."""


def unanswered_card(
    plea: Plea, reader: str, hours: float, threshold: int, *, experts: Sequence[Expert] = ()
) -> Card:
    """`reader`: asked · asker · manager. `threshold`: in hours, as the rule says."""
    return _card("unanswered", plea, reader, hours, threshold, experts)


def late_card(plea: Plea, reader: str, *, experts: Sequence[Expert] = ()) -> Card:
    """Accepted, and its day has passed. `reader`: asked · asker."""
    return _card("late", plea, reader, 0, 0, experts)


def stuck_card(
    plea: Plea, reader: str, hours: float, threshold: int, *, experts: Sequence[Expert] = ()
) -> Card:
    """Nothing is done about what is in the way. `reader`: own · coordinator · sponsor."""
    return _card("stuck", plea, reader, hours, threshold, experts)


def group_card(plea: Plea) -> Card:
    """In the group where it was asked: who is asked, what for, and nothing about how long that has been."""
    return _card("group", plea, "group", 0, 0, ())


def _card(
    what: str, plea: Plea, reader: str, hours: float, threshold: int, experts: Sequence[Expert]
) -> Card:
    return render(
        "reminders/collab_blocked",
        about=plea.ref,
        what=what,
        reader=reader,
        id=plea.ref,
        ref=plea.kr.ref,
        line=plea.line,
        standing=plea.standing,
        words=plea.request.words,
        asker=plea.asker.name,
        asked=plea.asked.name if plea.asked else "",
        due=plea.due,
        waited=f"{int(hours // DAY)} 天" if hours >= DAY else f"{int(hours)} 个小时",
        threshold=threshold,
        experts=name_experts(experts[:MOST]),
    )
