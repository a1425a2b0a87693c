"""What delivers business data, how it is doing, and which key results follow it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from okr.objectives import Basis, State
from okr.policy import Policy
from okr.reminding import Reminder, ReminderRule
from storage.session import Row, Session, amount, moment, moment_or_none

_COLUMNS = (
    "s.id, s.name, s.heard_at, s.newest_at, s.unmapped, s.unmapped_example, s.ignored_until, s.tried_at, s.failures,"
    " s.error, s.reached_at"
)
_EXAMPLE = 200


@dataclass(frozen=True, slots=True)
class Source:
    """`heard_at`: when it last brought anything that was taken; `newest_at`: how far its data reach.

    `unmapped`: records since the last look that speak of somebody or something unknown here; `example`: the last reason.
    `failures`: syncs in a row that failed, the last one at `tried_at` by `error` (`okr.pulling.Trouble`).
    `reached_at`: the newest moment of its data when it was last read to the end.
    """

    id: int
    name: str
    heard_at: datetime | None
    newest_at: datetime | None
    unmapped: int
    example: str
    ignored_until: datetime | None
    tried_at: datetime | None = None
    failures: int = 0
    error: str = ""
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    """A key result in force that shows a source's number."""

    kr_id: int
    title: str
    owner_id: int
    metric: str
    basis: Basis


DAILY = timedelta(days=1)
SILENCE, FAILS = 1.5, 3
ROWS = 400
REMEMBERED = timedelta(days=14)
"""So far back a unit's figures tell where they come from."""


def is_silent(source: Source, policy: Policy, now: datetime, times: float = SILENCE) -> bool:
    """Whether it has brought nothing new for too long: so many times what is expected of it."""
    if source.heard_at is None:
        return False
    return now - source.heard_at > policy.expected.get(source.name, DAILY) * times


class Heard(NamedTuple):
    """How far the data of all sources reach, and when one of them was heard last; None where there are none.

    It is another after any has brought something.
    """

    newest: datetime | None
    last: datetime | None


async def heard(session: Session) -> Heard:
    row = await session.one("SELECT max(newest_at), max(heard_at) FROM metric_sources")
    return Heard(moment_or_none(row[0]), moment_or_none(row[1])) if row is not None else Heard(None, None)


async def everything(session: Session, only: str = "") -> list[Source]:
    """All sources that are known, or the one of this name."""
    where, values = (" WHERE s.name = ?", (only,)) if only else ("", ())
    rows = await session.all(f"SELECT {_COLUMNS} FROM metric_sources s{where} ORDER BY s.name", *values)
    return [_source(row) for row in rows]


async def followers(session: Session, source: Source) -> list[Follower]:
    rows = await session.all(
        "SELECT k.id, k.title, o.owner_id, k.metric, k.basis FROM key_results k JOIN objectives o ON o.id = k.objective_id"
        f" WHERE k.metric <> '' AND k.value_source = ? AND k.value_typed = ? AND k.state = '{State.ACTIVE}'"
        f" AND o.state = '{State.ACTIVE}' ORDER BY k.id",
        source.name,
        False,
    )
    return [Follower(row[0], row[1], row[2], row[3], Basis(row[4])) for row in rows]


async def shown_by_day(
    session: Session, source: Source, kr_ids: Sequence[int], since: datetime, zone: tzinfo
) -> dict[int, list[tuple[date, Decimal]]]:
    """The last value of each day that these key results have shown of a source, oldest first."""
    found: dict[int, dict[date, Decimal]] = {}
    for begin in range(0, len(kr_ids), ROWS):
        some = kr_ids[begin : begin + ROWS]
        rows = await session.all(
            f"SELECT key_result_id, on_at, value FROM check_ins WHERE key_result_id IN ({', '.join('?' * len(some))})"
            " AND on_at >= ? AND source = ? AND value IS NOT NULL AND author_id IS NULL ORDER BY id",
            *some,
            since,
            source.name,
        )
        for row in rows:
            day = moment(row[1]).astimezone(zone).date()
            found.setdefault(row[0], {})[day] = amount(row[2]) or Decimal(0)
    return {kr_id: sorted(days.items()) for kr_id, days in found.items()}


async def in_trouble(session: Session, policy: Policy, now: datetime) -> list[Source]:
    """The sources whose last values are shown with a warning: silent, or not to be read."""
    rule = policy.reminders.get(Reminder.DATA_STALE, ReminderRule())
    times, fails = float(rule.numbers.get("silence", SILENCE)), int(rule.numbers.get("fails", FAILS))
    return [
        one
        for one in await everything(session)
        if is_silent(one, policy, now, times) or one.failures >= fails
    ]


async def behind(session: Session, units: Collection[str], policy: Policy, now: datetime) -> list[Source]:
    """Those in trouble that figures of these units come from. `units`: their keys."""
    troubled = {one.id: one for one in await in_trouble(session, policy, now)}
    found: set[int] = set()
    wanted = sorted(units) if troubled else []
    for begin in range(0, len(wanted), ROWS):
        some = wanted[begin : begin + ROWS]
        rows = await session.all(
            "SELECT DISTINCT d.source_id FROM metric_series s JOIN metric_days d ON d.series_id = s.id"
            f" WHERE s.unit IN ({', '.join('?' * len(some))}) AND s.employee_id = 0 AND d.day >= ?",
            *some,
            (now - REMEMBERED).date(),
        )
        found |= {row[0] for row in rows}
    return [one for key, one in troubled.items() if key in found]


async def stale(session: Session, policy: Policy, now: datetime) -> frozenset[str]:
    """The same by their names."""
    return frozenset(one.name for one in await in_trouble(session, policy, now))


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


async def begin(session: Session, name: str) -> Source:
    """A source that is about to be fetched."""
    await session.run("INSERT INTO metric_sources (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name)
    return (await everything(session, name))[0]


async def count_anew(session: Session, source_id: int) -> None:
    """What could not be placed is counted from the beginning."""
    await session.run("UPDATE metric_sources SET unmapped = 0, unmapped_example = '' WHERE id = ?", source_id)


async def succeeded(session: Session, source_id: int, at: datetime) -> None:
    await session.run(
        "UPDATE metric_sources SET tried_at = ?, failures = 0, error = '', reached_at = newest_at WHERE id = ?",
        at,
        source_id,
    )


async def failed(session: Session, name: str, trouble: str, at: datetime) -> None:
    await session.run("INSERT INTO metric_sources (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name)
    await session.run(
        "UPDATE metric_sources SET tried_at = ?, failures = failures + 1, error = ? WHERE name = ?",
        at,
        trouble,
        name,
    )


async def ask_again(session: Session, source_id: int, person: int, at: datetime) -> None:
    """Somebody wants it fetched now."""
    await session.run(
        "UPDATE metric_sources SET asked_at = ?, asked_by = ? WHERE id = ?", at, person, source_id
    )


async def asked_for(session: Session) -> dict[str, tuple[datetime, int]]:
    """The sources that somebody waits for: since when, and who."""
    rows = await session.all("SELECT name, asked_at, asked_by FROM metric_sources WHERE asked_at IS NOT NULL")
    return {row[0]: (moment(row[1]), row[2]) for row in rows}


async def answered(session: Session, name: str) -> bool:
    """Nobody waits for it any more; false where nobody did."""
    changed = await session.run(
        "UPDATE metric_sources SET asked_at = NULL, asked_by = NULL WHERE name = ? AND asked_at IS NOT NULL",
        name,
    )
    return changed > 0


async def read_files(session: Session, source_id: int) -> set[str]:
    """The digests of the files that have been taken in."""
    rows = await session.all("SELECT digest FROM pulled_files WHERE source_id = ?", source_id)
    return {row[0] for row in rows}


async def note_file(session: Session, source_id: int, digest: str, name: str, at: datetime) -> None:
    await session.run(
        "INSERT INTO pulled_files (source_id, digest, name, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source_id, digest) DO NOTHING",
        source_id,
        digest,
        name[:255],
        at,
    )


def _source(row: Row) -> Source:
    return Source(
        row[0],
        row[1],
        moment_or_none(row[2]),
        moment_or_none(row[3]),
        row[4],
        row[5],
        moment_or_none(row[6]),
        moment_or_none(row[7]),
        row[8],
        row[9],
        moment_or_none(row[10]),
    )
