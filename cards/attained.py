"""达成率 of a month: each key result with what it has gained, and what the month was to bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cards.sayings import kr_name
from cards.templating import render
from chat.card import Card
from okr.attainment import Attained, month_of
from okr.numbers import say_number, say_percent
from okr.objectives import KeyResult, Objective
from okr.progress import key_result_progress

ROUNDED = Decimal("0.1")


def attained_card(
    title: str,
    rows: Sequence[tuple[Objective, KeyResult, Attained]],
    *,
    more: int,
    today: date,
    own: bool,
) -> Card:
    """`title`: what several of them are called together; `more`: those that are not told."""
    cycle = rows[0][0].cycle if rows else None
    month = month_of(today, cycle) if cycle else None
    return render(
        "attained",
        about=rows[0][1].ref if len(rows) == 1 else "",
        title=title,
        rows=[_row(kr, found) for _, kr, found in rows],
        month=f"{month.first.month} 月" if month else "",
        left=max(0, (month.last - today).days) if month else 0,
        more=more,
        own=own,
    )


def _row(kr: KeyResult, found: Attained) -> dict[str, object]:
    unit = kr.measure.unit
    told = not kr.measure.sealed and found.gained is not None and found.wanted is not None
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "share": max(Decimal(0), min(Decimal(1), found.share or Decimal(0))),
        "rate": "—" if found.share is None else say_percent(found.share),
        "gained": say_number(_short(found.gained), unit) if told else "",
        "wanted": say_number(_short(found.wanted), unit) if told else "",
        "whole": say_percent(key_result_progress(kr).clamped),
    }


def _short(value: Decimal | None) -> Decimal:
    assert value is not None
    return value.quantize(ROUNDED) if abs(value) < 1000 else value.quantize(Decimal(1))
