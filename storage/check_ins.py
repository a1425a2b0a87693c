"""The history of key results. Rows are only ever added; what was taken back stays, with a row that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from okr.objectives import KeyResult, Reading
from storage import objectives
from storage.session import Row, Session, amount, evened, moment

_COLUMNS = "c.id, c.key_result_id, c.value, c.confidence, c.note, c.on_at, c.recorded_at, c.author_id, c.source, c.platform"
SAID = "coalesce(c.takes_back, 0) = 0"
"""An entry that takes none back. SQLite would go by the index of those that do, in which all others have the same, and read them all."""
STANDING = f"{SAID} AND NOT EXISTS (SELECT 1 FROM check_ins t WHERE t.takes_back = c.id)"
"""One that was not taken back either."""
LATELY = 200_000
"""Entries of everybody among which somebody's newest are looked for: those of some days in the largest company."""
_LATELY = f"c.id > (SELECT max(id) FROM check_ins) - {LATELY}"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One entry. `on_at` is the moment it speaks of, `recorded_at` when it was said; `taken_back` later."""

    id: int
    kr_id: int
    value: Decimal | None
    confidence: int | None
    note: str
    on_at: datetime
    recorded_at: datetime
    author_id: int | None
    source: str
    platform: str
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded."""

    kr_id: int
    on_at: datetime
    recorded_at: datetime
    author_id: int | None
    source: str
    platform: str
    value: Decimal | None = None
    confidence: int | None = None
    note: str = ""
    takes_back: int | None = None


async def record(session: Session, entry: Entry) -> None:
    await session.later(
        "INSERT INTO check_ins (key_result_id, value, confidence, note, on_at, recorded_at, author_id, source, platform,"
        " takes_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        entry.kr_id,
        entry.value,
        entry.confidence,
        entry.note,
        entry.on_at,
        entry.recorded_at,
        entry.author_id,
        entry.source,
        entry.platform,
        entry.takes_back,
    )


async def record_value(session: Session, kr: KeyResult, entry: Entry) -> None:
    """Record a value and, where it is the newest, repeat it on the key result."""
    assert entry.value is not None
    await record(session, entry)
    if kr.reading is None or entry.on_at >= kr.reading.at:
        await objectives.set_value(session, kr.id, Reading(entry.value, entry.on_at, entry.source))


Fed = tuple[int, Reading | None, Reading]
"""A key result, what it has shown, and what data say now."""


async def record_fed(session: Session, fed: Sequence[Fed], at: datetime, zone: tzinfo) -> None:
    """Record what data sources say, and repeat it on the key results.

    What one source says in the course of a day is one entry that goes on with the day: the points themselves are kept
    in `metric_points`, and a line for each of them would bury what people have reported.
    """
    if not fed:
        return
    newest = await _newest_of(session, [kr_id for kr_id, _, _ in fed])
    going_on: list[tuple[object, ...]] = []
    entries: list[tuple[object, ...]] = []
    for kr_id, known, reading in fed:
        entry = newest.get(kr_id)
        day = reading.at.astimezone(zone).date()
        if (
            entry is not None
            and known is not None
            and not known.typed
            and entry[2] == reading.source
            and entry[1].astimezone(zone).date() == day
        ):
            going_on.append((entry[0], reading.value, reading.at, at))
        else:
            entries.append((kr_id, reading.value, reading.at, at, reading.source))
    await session.pour(
        "WITH said (id, value, on_at, recorded_at) AS ({rows}) UPDATE check_ins SET value = said.value,"
        " on_at = said.on_at, recorded_at = said.recorded_at FROM said WHERE check_ins.id = said.id",
        ("bigint", "numeric", "timestamptz", "timestamptz"),
        going_on,
    )
    await session.many(
        "INSERT INTO check_ins (key_result_id, value, note, on_at, recorded_at, source, platform)"
        " VALUES (?, ?, '', ?, ?, ?, '')",
        entries,
    )
    await objectives.set_values(session, [(kr_id, reading) for kr_id, _, reading in fed])


async def _newest_of(session: Session, kr_ids: Sequence[int]) -> dict[int, tuple[int, datetime, str]]:
    kr_ids = evened(kr_ids)
    rows = await session.all(
        "SELECT c.key_result_id, c.id, c.on_at, c.source FROM check_ins c WHERE c.id IN (SELECT max(id) FROM check_ins"
        f" WHERE key_result_id IN ({', '.join('?' * len(kr_ids))}) GROUP BY key_result_id)",
        *kr_ids,
    )
    return {row[0]: (row[1], moment(row[2]), row[3]) for row in rows}


async def latest_value(session: Session, kr_id: int, until: datetime | None = None) -> CheckIn | None:
    """The newest value that stands, or the newest that spoke of a moment no later than `until`."""
    limit, values = (" AND c.on_at <= ?", (until,)) if until else ("", ())
    row = await session.one(
        f"SELECT {_COLUMNS} FROM check_ins c WHERE c.key_result_id = ? AND c.value IS NOT NULL AND {STANDING}{limit}"
        " ORDER BY c.on_at DESC, c.id DESC LIMIT 1",
        kr_id,
        *values,
    )
    return None if row is None else _check_in(row)


async def latest_before(session: Session, kr_id: int, moment_: datetime) -> CheckIn | None:
    """The newest value that stands and spoke of a moment before this one."""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM check_ins c WHERE c.key_result_id = ? AND c.value IS NOT NULL AND {STANDING}"
        " AND c.on_at < ? ORDER BY c.on_at DESC, c.id DESC LIMIT 1",
        kr_id,
        moment_,
    )
    return None if row is None else _check_in(row)


async def latest_by(session: Session, kr_id: int, author_id: int) -> CheckIn | None:
    """The newest entry of one person that has not been taken back."""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM check_ins c WHERE c.key_result_id = ? AND c.author_id = ? AND {STANDING}"
        " ORDER BY c.id DESC LIMIT 1",
        kr_id,
        author_id,
    )
    return None if row is None else _check_in(row)


async def newest_of(session: Session, author_id: int, since: datetime) -> CheckIn | None:
    """The newest standing entry of one person on any key result since a moment."""
    row = await session.one(
        f"SELECT {_COLUMNS} FROM check_ins c WHERE {_LATELY} AND c.author_id = ? AND c.recorded_at >= ? AND {STANDING}"
        " ORDER BY c.id DESC LIMIT 1",
        author_id,
        since,
    )
    return None if row is None else _check_in(row)


async def newest_value_of(session: Session, author_id: int, value: Decimal | None = None) -> CheckIn | None:
    """The newest standing value that a person reported, or the newest of this very value."""
    rows = await session.all(
        f"SELECT {_COLUMNS} FROM check_ins c WHERE {_LATELY} AND c.author_id = ? AND c.value IS NOT NULL AND {STANDING}"
        " ORDER BY c.id DESC LIMIT 20",
        author_id,
    )
    entries = [_check_in(row) for row in rows]
    return next((entry for entry in entries if value is None or entry.value == value), None)


async def of(session: Session, kr_id: int, limit: int, before: datetime | None = None) -> list[CheckIn]:
    """Entries, newest first, those taken back among them and marked."""
    until, values = (" AND c.on_at <= ?", (before,)) if before else ("", ())
    rows = await session.all(
        f"SELECT {_COLUMNS}, EXISTS (SELECT 1 FROM check_ins t WHERE t.takes_back = c.id) FROM check_ins c"
        f" WHERE c.key_result_id = ? AND {SAID}{until} ORDER BY c.on_at DESC, c.id DESC LIMIT ?",
        kr_id,
        *values,
        limit,
    )
    return [_check_in(row, taken_back=bool(row[10])) for row in rows]


async def count(session: Session, kr_id: int) -> int:
    row = await session.one(
        "SELECT count(*) FROM check_ins WHERE key_result_id = ? AND value IS NOT NULL", kr_id
    )
    assert row is not None
    total: int = row[0]
    return total


async def values_of(session: Session, kr_id: int) -> list[Decimal]:
    """Every value that stands, oldest first."""
    rows = await session.all(
        f"SELECT c.value FROM check_ins c WHERE c.key_result_id = ? AND c.value IS NOT NULL AND {STANDING}"
        " ORDER BY c.on_at, c.id",
        kr_id,
    )
    return [amount(row[0]) or Decimal(0) for row in rows]


async def take_back(session: Session, check_in: CheckIn, entry: Entry) -> None:
    """Take an entry back by a new row, and put back what was known before it."""
    await record(session, entry)
    if check_in.value is not None:
        last = await latest_value(session, check_in.kr_id)
        reading = None
        if last is not None and last.value is not None:
            reading = Reading(last.value, last.on_at, last.source, typed=last.author_id is not None)
        await objectives.set_value(session, check_in.kr_id, reading)
    if check_in.confidence is not None:
        row = await session.one(
            f"SELECT c.confidence FROM check_ins c WHERE c.key_result_id = ? AND c.confidence IS NOT NULL AND {STANDING}"
            " ORDER BY c.id DESC LIMIT 1",
            check_in.kr_id,
        )
        await objectives.set_confidence(session, check_in.kr_id, None if row is None else row[0])


def _check_in(row: Row, *, taken_back: bool = False) -> CheckIn:
    return CheckIn(
        id=row[0],
        kr_id=row[1],
        value=amount(row[2]),
        confidence=row[3],
        note=row[4],
        on_at=moment(row[5]),
        recorded_at=moment(row[6]),
        author_id=row[7],
        source=row[8],
        platform=row[9],
        taken_back=taken_back,
    )
