"""Rankings as a page: the first ten, one's own place with the next one up, and who has risen; nobody comes last."""

from __future__ import annotations

from cards.board import drawings
from cards.board.pages import Option, RankingPage, Seat
from cards.ranking import Board, say_gap, say_place, since
from handlers.asking import Asking
from handlers.board.paths import NoSuchPage, Query
from handlers.ranking import standing
from handlers.sight import in_group
from okr.ranking import Place, above, own, risers

TOP = 10
TOP_ON_A_WALL = 5
LEAST = 3
RISERS = 3
KINDS = ("个人", "门店", "区域")
SPANS = ("本季", "本月", "本周", "昨天", "今天")
ATTAINED = "目标进度"


async def ranking_page(asking: Asking, rest: str, query: Query) -> RankingPage:
    """`/board/ranking?kind=门店&measure=sales&span=本月`"""
    if rest:
        raise NoSuchPage
    kind = query.get("kind", "") if query.get("kind") in KINDS else KINDS[0]
    span = query.get("span", "") if query.get("span") in SPANS else SPANS[0]
    metric = asking.policy.metrics.get(query.get("measure", ""))
    words = f"{kind} {metric.name if metric else ATTAINED} {span}"
    board, places = await standing(asking, words)
    enough = len(places) >= asking.policy.ranking_least
    shown = places[: _top(len(places), TOP_ON_A_WALL if in_group(asking) else TOP)] if enough else []
    mine = own(places, board.mine) if board.mine and enough else None
    next_up = above(places, mine) if mine else None
    drawn = [*shown, *(one for one in (next_up, mine) if one is not None and one not in shown)]
    best = risers(places, RISERS) if enough else []
    return RankingPage(
        heading=f"{board.kind}排名",
        about=f"{board.measure} · {board.span} · 箭头是比{since(board)}",
        kinds=tuple(Option(one, one, one == kind) for one in KINDS),
        measures=(
            Option("", ATTAINED, metric is None),
            *(Option(one.key, one.name, one is metric) for one in asking.policy.metrics.values()),
        ),
        spans=tuple(Option(one, one, one == span) for one in SPANS) if metric else (),
        drawing=drawings.ranks("top", f"{board.kind}排名", board, places, drawn) if drawn else None,
        seats=tuple(_seat(board, one) for one in drawn),
        risers=drawings.ranks("risers", "进步最多", board, places, best, whole=False) if best else None,
        mine=f"第 {mine.place} 名,共 {len(places)}" if mine else "",
        gap=_gap(board, next_up, mine),
        too_few=""
        if enough
        else f"能比的只有 {len(places)} 个,不到 {asking.policy.ranking_least} 个就不排了。",
    )


def _top(count: int, most: int) -> int:
    """The upper half and no more: of seven, ten would show who comes last."""
    return min(most, max(LEAST, (count + 1) // 2))


def _seat(board: Board, one: Place) -> Seat:
    return Seat(
        place=one.place,
        name=board.names[one.key],
        value=say_place(board, one.value) if board.amounts else "",
        moved=_moved(board, one),
        own=one.key == board.mine,
    )


def _moved(board: Board, place: Place) -> str:
    """Who has risen, for everybody; who has lost places sees it himself."""
    risen = place.risen or 0
    if risen > 0:
        return f"↑{risen}"
    return f"↓{-risen}" if risen < 0 and place.key == board.mine else ""


def _gap(board: Board, next_up: Place | None, mine: Place | None) -> str:
    if next_up is None or mine is None or not board.amounts:
        return ""
    return f"离第 {next_up.place} 名{board.names[next_up.key]}差 {say_gap(board, next_up.value - mine.value)}"
