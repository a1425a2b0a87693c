"""Which page an address of the board is: its parts after `/board`, and what follows the question mark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from cards.board.html import Page
from handlers.asking import Asking
from handlers.board.goal import goal_page
from handlers.board.numbers import figures_page
from handlers.board.own import own_page
from handlers.board.paths import NoSuchPage, Query
from handlers.board.someone import someone_page
from handlers.board.standings import ranking_page
from handlers.board.tree import map_page
from handlers.board.unit import unit_page


async def page_at(asking: Asking, parts: Sequence[str], query: Query) -> Page:
    """The page as the asker may see it. Raises NoSuchPage, or a Refusal."""
    if not parts:
        return await own_page(asking)
    make = _PAGES.get(parts[0])
    if make is None or len(parts) > 2:
        raise NoSuchPage
    return await make(asking, parts[1] if len(parts) == 2 else "", query)


_PAGES: Mapping[str, Callable[[Asking, str, Query], Awaitable[Page]]] = {
    "unit": unit_page,
    "people": someone_page,
    "goal": goal_page,
    "map": map_page,
    "ranking": ranking_page,
    "figures": figures_page,
}
