"""The history of a key result: who said what when, and the value of one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cards.drawing.charts import picture
from cards.drawing.inline import Drawing
from cards.drawing.sheet import sheet
from cards.sayings import kr_name, say_value, sparkline
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.moments import say_day, say_moment
from okr.objectives import KeyResult
from okr.policy import Policy

FEWEST_DAYS = 3
"""With values on fewer days there is nothing to be drawn."""


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
    kr: KeyResult,
    lines: Sequence[Line],
    total: int,
    now: datetime,
    policy: Policy,
    *,
    can_report: bool,
    way: Drawing | None = None,
) -> tuple[Card, tuple[File, ...]]:
    """The card, and the picture of how it has gone, where there is enough of it."""
    days = {line.on_at.date() for line in lines if line.value is not None and not line.taken_back}
    shown = (_picture(kr, way),) if way is not None and len(days) >= FEWEST_DAYS else ()
    card = render(
        "history" if shown else "history_in_words",
        picture=shown[0].ref if shown else "",
        in_words="history_in_words" if shown else "",
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
    return card, shown


def _picture(kr: KeyResult, way: Drawing) -> File:
    return picture(
        f"{kr.ref} 走势", sheet(f"{kr.ref} {kr.title}", "灰线是该到的,菱形是阶段目标,点线是势头", way.blocks)
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
