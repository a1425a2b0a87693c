"""What has changed since somebody looked last: found by the newest ids, in two cheap statements, however many look on.

On PostgreSQL a transaction may commit after one with a higher id. So the last ids are looked at again each time, and
what was among them before is known.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from storage.session import Session

AGAIN = 100
"""So many of the newest rows are looked at once more."""
MOST = 500
"""Rows that are read at once; after more than that, everything may have changed."""
_NEWEST = (
    "SELECT (SELECT coalesce(max(id), 0) FROM check_ins), (SELECT coalesce(max(id), 0) FROM trail),"
    " (SELECT coalesce(max(id), 0) FROM change_requests), (SELECT coalesce(max(id), 0) FROM reactions),"
    " (SELECT max(heard_at) FROM metric_sources)"
)
_ROWS = (
    "SELECT 'c', c.id, k.objective_id FROM check_ins c JOIN key_results k ON k.id = c.key_result_id WHERE c.id > ?"
    " UNION ALL SELECT 't', t.id, t.objective_id FROM trail t WHERE t.id > ? AND t.objective_id IS NOT NULL LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Which objectives have changed; `asks`: requests came or were decided; `figures`: business data came."""

    objectives: frozenset[int] = frozenset()
    asks: bool = False
    figures: bool = False
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.objectives) or self.asks or self.figures or self.everything


@dataclass
class Watch:
    """What has been seen so far; one for each process. `version` names the state, alike on every replica."""

    version: str = ""
    _newest: tuple[Any, ...] = ()
    _known: OrderedDict[tuple[str, int], None] = field(default_factory=OrderedDict)

    async def look(self, session: Session) -> Changes:
        """What is new since the last look; the first one only learns how things are."""
        newest = await newest_of(session)
        first = not self._newest
        before, self._newest = self._newest or newest, newest
        self.version = version_of(newest)
        rows = await session.all(_ROWS, before[0] - AGAIN, before[1] - AGAIN, MOST)
        new = [row for row in rows if self._is_new((row[0], row[1]))]
        if first:
            return Changes()
        return Changes(
            objectives=frozenset(row[2] for row in new),
            asks=before[1:3] != newest[1:3],
            figures=before[4] != newest[4],
            everything=len(rows) >= MOST,
        )

    def _is_new(self, row: tuple[str, int]) -> bool:
        if row in self._known:
            return False
        self._known[row] = None
        while len(self._known) > MOST * 2:
            self._known.popitem(last=False)
        return True


async def newest_of(session: Session) -> tuple[Any, ...]:
    row = await session.one(_NEWEST)
    assert row is not None
    return tuple(row)


def version_of(newest: tuple[Any, ...]) -> str:
    """A name for the state, as an event's id: no spaces, nothing about anybody."""
    return ".".join("".join(char for char in str(part or 0) if char.isalnum()) for part in newest)


async def version(session: Session) -> str:
    """The state that a page is made of."""
    return version_of(await newest_of(session))
