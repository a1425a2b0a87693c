"""Which page an address of the board is: its parts after `/board`, and what follows the question mark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from cards.board.html import Page
from handlers.asking import Asking
from handlers.board.own import own_page

Query = Mapping[str, str]


class NoSuchPage(Exception):
    """There is nothing at this address."""


async def page_at(asking: Asking, parts: Sequence[str], query: Query) -> Page:
    """The page as the asker may see it. Raises NoSuchPage, or a Refusal."""
    if not parts:
        return await own_page(asking)
    make = _PAGES.get(parts[0])
    if make is None or len(parts) > 2:
        raise NoSuchPage
    return await make(asking, parts[1] if len(parts) == 2 else "", query)


_PAGES: Mapping[str, Callable[[Asking, str, Query], Awaitable[Page]]] = {}
