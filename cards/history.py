"""The history of a key result: who said what when, and the value of one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cards.sayings import kr_name, say_value, sparkline
from cards.templating import render
from chat.card import Card
from okr.moments import say_day, say_moment
from okr.objectives import KeyResult
from okr.policy import Policy


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, newest first on the card."""

    value: Decimal | None
    confidence: int | None
    note: str
    on_at: datetime
    recorded_at: datetime
    source: str
    taken_back: bool
    after_end: bool = False
    """Reported after the end of the cycle (补录)."""
    by_data: bool = False
    """Nobody has reported it: a source has said so."""


def history_card(
    kr: KeyResult, lines: Sequence[Line], total: int, now: datetime, policy: Policy, *, can_report: bool
) -> Card:
    return render(
        "history",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        now=say_value(kr, kr.value),
        total=total,
        by_data=all(line.by_data for line in lines),
        can_report=can_report,
        trend=sparkline(
            [line.value for line in reversed(lines) if line.value is not None and not line.taken_back]
        ),
        lines=[
            {
                "when": say_moment(line.on_at, now, policy.zone),
                "value": say_value(kr, line.value) if line.value is not None else "",
                "confidence": line.confidence,
                "note": line.note,
                "source": line.source,
                "late": not line.by_data
                and line.recorded_at.astimezone(policy.zone).date()
                > line.on_at.astimezone(policy.zone).date(),
                "after_end": line.after_end,
                "taken_back": line.taken_back,
            }
            for line in lines
        ],
        day=say_day((lines[-1].on_at if lines else now).astimezone(policy.zone).date(), now.date()),
    )


def value_of_day_card(kr: KeyResult, day: date, found: Line | None, now: datetime, policy: Policy) -> Card:
    """The value that held at the end of a day."""
    return render(
        "value_of_day",
        about=kr.ref,
        ref=kr.ref,
        name=kr_name(kr),
        day=say_day(day, now.astimezone(policy.zone).date()),
        value=say_value(kr, found.value) if found else "",
        when=say_moment(found.on_at, now, policy.zone) if found else "",
        source=found.source if found else "",
        note=found.note if found else "",
    )
