"""进展更新提醒: everything one has to report, on one card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cards.sayings import kr_name, lamp, say_value
from cards.templating import render
from chat.card import Card
from okr.moments import say_date
from okr.objectives import KeyResult
from okr.status import Verdict

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Due:
    """A key result to report, how it stands, and when it was reported last."""

    kr: KeyResult
    verdict: Verdict
    last: date | None


def due_card(due: Sequence[Due], today: date, *, fresh_days: int) -> Card:
    return render(
        "reminders/checkin_due",
        about=due[0].kr.ref if len(due) == 1 else "",
        count=len(due),
        first=due[0].kr.ref,
        lines=[
            {
                "ref": one.kr.ref,
                "name": kr_name(one.kr),
                "lamp": lamp(one.verdict.status),
                "value": say_value(one.kr, one.kr.value),
                "last": say_date(one.last, today) if one.last else "",
            }
            for one in due[:SHOWN]
        ],
        more=max(0, len(due) - SHOWN),
        same=due[0].kr.value is not None and len(due) == 1,
        fresh_days=fresh_days,
    )
