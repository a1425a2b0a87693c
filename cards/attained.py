"""达成率 of a month: each key result with what it has gained, and what the month was to bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cards.sayings import kr_name
from cards.templating import render
from chat.card import Card
from okr.attainment import Attained, month_of
from okr.numbers import TENTH, coarse, say_number, say_percent
from okr.objectives import Basis, KeyResult, Objective
from okr.progress import key_result_progress

ADDED = frozenset({Basis.MONTH, Basis.QUARTER})
"""What adds up over a period is done; what is measured rises and falls."""


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
    told = not kr.measure.sealed and found.gained is not None and found.wanted is not None
    return {
        "ref": kr.ref,
        "name": kr_name(kr),
        "share": max(Decimal(0), min(Decimal(1), found.share or Decimal(0))),
        "rate": "—" if found.share is None else say_percent(found.share),
        "gone": _say_gone(kr, found.gained, found.wanted) if told else "",
        "whole": say_percent(key_result_progress(kr).clamped),
    }


def _say_gone(kr: KeyResult, gained: Decimal | None, wanted: Decimal | None) -> str:
    """这个月做了 150 份,该做 300 份; what does not add up by how far it rose or fell, percents in points."""
    assert gained is not None
    assert wanted is not None
    unit = "个点" if kr.measure.unit == "%" else kr.measure.unit
    verb = "降" if wanted < 0 else "做" if kr.measure.basis in ADDED else "涨"
    way = -1 if wanted < 0 else 1
    return f"这个月{verb}了 {_said(gained * way, unit)},该{verb} {_said(wanted * way, unit)}"


def _said(value: Decimal, unit: str) -> str:
    return say_number(coarse(value, 1000, TENTH), unit)
