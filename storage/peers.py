"""What comparable people have sold, of a region and kind of store: looked up once for all who are told of it together.

Reports go one by one, hundreds in a row to people of one region. What was looked up holds for a minute, and only as long
as no source brings anything.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from okr.policy import MetricSpec
from storage import rankings
from storage.rankings import Figures, Spans
from storage.session import Session
from storage.sources import Heard

HOLDS = timedelta(minutes=1)
MOST = 32
"""Kinds of people that are remembered: a few kilobytes each."""
Kind = tuple[str, str]
"""A region, and a kind of store."""


class Sums(NamedTuple):
    """By the person's id as text: over the days that count, and over those before."""

    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True)
class Asked:
    """Over which days, after what the sources have brought, and when (company time)."""

    spans: Spans
    heard: Heard
    now: datetime


_Key = tuple[Kind, str, Spans, Heard]


class Peers:
    """One for all that is said in a row; a fresh one remembers nothing."""

    def __init__(self) -> None:
        self._known: OrderedDict[_Key, tuple[datetime, Sums]] = OrderedDict()

    async def sums(
        self,
        session: Session,
        kinds: Collection[Kind],
        spec: MetricSpec,
        metrics: Mapping[str, MetricSpec],
        asked: Asked,
    ) -> dict[Kind, Sums]:
        """Of everybody who is compared, by kind."""
        keys = {kind: (kind, spec.key, asked.spans, asked.heard) for kind in kinds}
        found = {
            kind: sums for kind, key in keys.items() if (sums := self._remembered(key, asked.now)) is not None
        }
        missing = [kind for kind in kinds if kind not in found]
        if missing:
            fresh = await _looked_up(session, missing, spec, metrics, asked)
            found |= fresh
            self._known |= {keys[kind]: (asked.now, sums) for kind, sums in fresh.items()}
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def _remembered(self, key: _Key, now: datetime) -> Sums | None:
        known = self._known.get(key)
        return known[1] if known is not None and timedelta() <= now - known[0] < HOLDS else None


async def _looked_up(
    session: Session,
    kinds: Collection[Kind],
    spec: MetricSpec,
    metrics: Mapping[str, MetricSpec],
    asked: Asked,
) -> dict[Kind, Sums]:
    whose = await rankings.alike(session, asked.now.date(), kinds)
    ids = whose if len(whose) <= rankings.FEW else None
    both = await rankings.of_people_twice(session, spec, metrics, asked.spans, ids)
    found = {kind: Sums({}, {}) for kind in kinds}
    of_whom = {str(one): kind for one, kind in whose.items()}
    for place, figures in enumerate(both):
        for key, value in figures.items():
            if key in of_whom:
                found[of_whom[key]][place][key] = value
    return found
