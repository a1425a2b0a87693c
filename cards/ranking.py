"""A ranking as it is shown: the top, one's own place and the next one up; in a group the top and who has risen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cards.drawing.ladder import Rung, ladder
from cards.drawing.sheet import pictured
from cards.notices import notice
from cards.templating import render
from chat.card import Card
from chat.files import File
from okr.numbers import percent, say_number, say_percent, say_points
from okr.ranking import Place, above, own, risers

TOP = 5
TOP_IN_GROUP = 3
RISERS = 2
PROGRESS = "目标进度"
GAINED = "目标走了多少"
"""What they have reached as it stands, and how many points of it within some days."""


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


def ranking_card(board: Board, places: Sequence[Place]) -> tuple[Card, tuple[File, ...]]:
    """The card, and the picture that it shows; one's place alone has none."""
    mine = own(places, board.mine) if board.mine else None
    next_up = above(places, mine) if mine else None
    top = places[: TOP_IN_GROUP if board.group else TOP]
    tail = [one for one in (next_up, mine) if one is not None and one not in top]
    shown = () if board.alone else (_picture(board, places, [*top, *tail]),)
    card = render(
        "ranking" if shown else "ranking_in_words",
        picture=shown[0].ref if shown else "",
        in_words="ranking_in_words" if shown else "",
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
        subject="你" if board.kind == "个人" or not mine else board.names[mine.key],
        gained="目标走了" if board.measure == GAINED else board.measure,
        since=since(board),
        another=_another(board),
    )
    return card, shown


def _another(board: Board) -> str:
    """Rankings to ask for next, other than this one."""
    asked = f"{board.kind} {board.measure} {board.span}"
    store = "排名 门店 昨天" if asked.startswith("门店") and board.span == "本月" else "排名 门店 本月"
    return f"{store} · {'排名' if asked.startswith('个人 销售额') else '排名 个人 销售额 本周'}"


def _picture(board: Board, places: Sequence[Place], rows: Sequence[Place]) -> File:
    said = f"{board.kind}排名 · {board.measure} · {board.span}"
    who = "家" if board.kind == "门店" else "个" if board.kind == "区域" else "人"
    about = f"{len(places)} {who} · 箭头是比{since(board)}"
    return pictured(said, about, [ladder(rungs(board, places, rows))])


def since(board: Board) -> str:
    """What the arrows compare with."""
    return {"今天": "前一天", "昨天": "前一天", "上月": "再前一个月"}.get(board.span, "一周前")


def rungs(board: Board, places: Sequence[Place], rows: Sequence[Place]) -> list[Rung]:
    """The rows of a picture, in the order of their places. Who has fallen is told to himself alone."""
    best = max((one.value for one in places), default=Decimal(0))
    # Progress is of a whole, so that nobody's bar looks full before he is there; anything else is of the best.
    whole = max(best, Decimal(1)) if board.measure == PROGRESS else best
    found: list[Rung] = []
    for above_it, one in zip([None, *rows], rows, strict=False):
        mine = one.key == board.mine
        up = above(places, one) if mine else None
        found.append(
            Rung(
                place=one.place,
                name=board.names[one.key],
                value=say_place(board, one.value) if board.amounts else "",
                share=one.value / whole if board.amounts and whole > 0 else None,
                risen=one.risen if mine or (one.risen or 0) > 0 else None,
                own=mine,
                left_out=above_it is not None and one.place > above_it.place + 1,
                gap=f"离第 {up.place} 名差 {say_gap(board, up.value - one.value)}" if up else "",
            )
        )
    return found


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
    if board.percent:
        if board.measure == PROGRESS:
            return say_percent(value)
        return f"{'-' if percent(value) < 0 else ''}{say_points(value * 100)}"
    return say_number(value, board.unit)


def say_gap(board: Board, gap: Decimal) -> str:
    if board.percent:
        return f"{say_number(gap * 100)} 个百分点"
    return f"{say_number(gap)} 个点" if board.unit == "%" else say_number(gap, board.unit, short=False)
