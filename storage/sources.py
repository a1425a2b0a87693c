"""What delivers business data, how it is doing, and which key results follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from okr.objectives import State
from storage.session import Row, Session, moment_or_none

_COLUMNS = "s.id, s.name, s.heard_at, s.newest_at, s.unmapped, s.unmapped_example, s.ignored_until"
_EXAMPLE = 200


@dataclass(frozen=True, slots=True)
class Source:
    """`heard_at`: when it last brought anything that was taken; `newest_at`: how far its data reach.

    `unmapped`: records since the last look that speak of somebody or something unknown here; `example`: the last reason.
    """

    id: int
    name: str
    heard_at: datetime | None
    newest_at: datetime | None
    unmapped: int
    example: str
    ignored_until: datetime | None


@dataclass(frozen=True, slots=True)
class Follower:
    """A key result in force that shows a source's number."""

    kr_id: int
    title: str
    owner_id: int


async def everything(session: Session, only: str = "") -> list[Source]:
    """All sources that are known, or the one of this name."""
    where, values = (" WHERE s.name = ?", (only,)) if only else ("", ())
    rows = await session.all(f"SELECT {_COLUMNS} FROM metric_sources s{where} ORDER BY s.name", *values)
    return [_source(row) for row in rows]


async def followers(session: Session, source: Source) -> list[Follower]:
    rows = await session.all(
        "SELECT k.id, k.title, o.owner_id FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        f" WHERE k.metric <> '' AND k.value_source = ? AND k.value_typed = ? AND k.state = '{State.ACTIVE}'"
        f" AND o.state = '{State.ACTIVE}' ORDER BY k.id",
        source.name,
        False,
    )
    return [Follower(row[0], row[1], row[2]) for row in rows]


async def note_unmapped(session: Session, source_id: int, reasons: Sequence[str]) -> None:
    """Remember records that could not be placed."""
    await session.run(
        "UPDATE metric_sources SET unmapped = unmapped + ?, unmapped_example = ? WHERE id = ?",
        len(reasons),
        reasons[-1][:_EXAMPLE],
        source_id,
    )


async def ignore(session: Session, source_id: int, until: datetime) -> None:
    """Nobody wants to hear of its trouble until then."""
    await session.run(
        "UPDATE metric_sources SET ignored_until = ?, unmapped = 0 WHERE id = ?", until, source_id
    )


def _source(row: Row) -> Source:
    return Source(
        row[0], row[1], moment_or_none(row[2]), moment_or_none(row[3]), row[4], row[5], moment_or_none(row[6])
    )
