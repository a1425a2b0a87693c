"""A ranking as it is shown: the top, one's own place and the next one up; in a group the top and who has risen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cards.notices import notice
from cards.templating import render
from chat.card import Card
from okr.numbers import say_number, say_percent
from okr.ranking import Place, above, own, risers

TOP = 5
TOP_IN_GROUP = 3
RISERS = 2


@dataclass(frozen=True, slots=True)
class Board:
    """What is ranked and for whom. `amounts`: values may be shown here; `mine`: the asker's own key, empty for none."""

    kind: str
    measure: str
    span: str
    unit: str
    percent: bool
    amounts: bool
    names: Mapping[str, str]
    mine: str
    group: bool
    alone: bool


def ranking_card(board: Board, places: Sequence[Place]) -> Card:
    mine = own(places, board.mine) if board.mine else None
    next_up = above(places, mine) if mine else None
    top = places[: TOP_IN_GROUP if board.group else TOP]
    tail = [one for one in (next_up, mine) if one is not None and one not in top]
    return render(
        "ranking",
        kind=board.kind,
        measure=board.measure,
        span=board.span,
        count=len(places),
        mine=_row(board, mine) if mine else None,
        next_place=next_up.place if next_up else 0,
        next_name=board.names[next_up.key] if next_up else "",
        gap=say_gap(board, next_up.value - mine.value) if mine and next_up else "",
        rows=[] if board.alone else [_row(board, one) for one in top],
        tail=[_row(board, one) for one in tail] if not board.alone else [],
        risers=[_row(board, one) for one in risers(places, RISERS)] if board.group else [],
        group=board.group,
    )


def too_few_card(kind: str, measure: str, count: int, least: int) -> Card:
    return notice("too_few_to_rank", kind=kind, measure=measure, count=count, least=least)


def _row(board: Board, place: Place) -> dict[str, Any]:
    risen = place.risen or 0
    return {
        "place": place.place,
        "name": board.names[place.key],
        "value": say_place(board, place.value) if board.amounts else "",
        "moved": f"↑{risen}" if risen > 0 else f"↓{-risen}" if risen < 0 and place.key == board.mine else "",
        "risen": risen,
        "own": place.key == board.mine,
    }


def say_place(board: Board, value: Decimal) -> str:
    return say_percent(value) if board.percent else say_number(value, board.unit)


def say_gap(board: Board, gap: Decimal) -> str:
    if board.percent:
        return f"{say_number(gap * 100)} 个百分点"
    return f"{say_number(gap)} 个点" if board.unit == "%" else say_number(gap, board.unit, short=False)
