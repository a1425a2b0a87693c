"""Who has read what another one's performance is: once a day and thing, shown to whose it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from storage.session import Session


async def note(
    session: Session, person_ids: Collection[int], reader_id: int | None, what: str, day: date, at: datetime
) -> None:
    """`reader_id` None: who runs the server."""
    for person_id in person_ids:
        if reader_id is None:
            before = await session.one(
                "SELECT 1 FROM file_reads WHERE person_id = ? AND reader_id IS NULL AND what = ? AND day = ?",
                person_id,
                what,
                day,
            )
            if before is not None:
                continue
        await session.run(
            "INSERT INTO file_reads (person_id, reader_id, what, day, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (person_id, reader_id, what, day) DO NOTHING",
            person_id,
            reader_id,
            what,
            day,
            at,
        )
