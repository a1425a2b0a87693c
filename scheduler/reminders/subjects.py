"""The goals a reminder looks at: all that the database has chosen, or the one whose letter is about to go."""

from __future__ import annotations

from collections.abc import AsyncIterator

from okr.objectives import Objective
from scheduler.reminder import Glance
from storage import objectives

TOGETHER = 200
"""Whole objectives held at a time."""


async def chunks_of(glance: Glance, ids: AsyncIterator[list[int]]) -> AsyncIterator[list[Objective]]:
    """Whole objectives, some at a time. For one subject the database's choice is not asked."""
    if glance.only.startswith("KR"):
        found = await objectives.with_key_result(glance.session, int(glance.only[2:]))
        if found is not None:
            yield [found]
        return
    seen: set[int] = set()
    async for chunk in ids:
        fresh = [one for one in chunk if one not in seen]
        seen.update(fresh)
        for begin in range(0, len(fresh), TOGETHER):
            yield await objectives.by_ids(glance.session, fresh[begin : begin + TOGETHER])
