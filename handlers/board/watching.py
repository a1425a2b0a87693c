"""What a page may be told of: changes of goals that its reader may see."""

from __future__ import annotations

from collections.abc import Collection

from cards.board.pages import ASKS, EVERYTHING, FIGURES
from handlers.asking import Asking
from handlers.sight import sight
from storage import objectives

MOST = 100


async def may_watch(asking: Asking, wanted: Collection[int]) -> frozenset[int]:
    """Of what a page asks to be told, what it may know: nobody learns when a goal moves that he may not see."""
    ids = sorted(one for one in wanted if one > 0)[:MOST]
    found = await objectives.by_ids(asking.session, ids) if ids else []
    seen = await sight(asking, found)
    general = {one for one in wanted if one in (EVERYTHING, FIGURES, ASKS)}
    return frozenset(general | {one.id for one in found if seen.shows(one)})
