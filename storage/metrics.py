"""Business data: points in, each once, and the days of every series they belong to, in the same transaction.

A point is told from others by its source and its id. A sum belongs to its unit, all units above it, and its person; a
reading only to the one it was taken of. See docs/decisions/0011-days-follow-points.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from storage.lots import Change, Counting, Days, Entry, Lot
from storage.series import SeriesKey, made_ids, marks, series_key
from storage.session import Row, Session, moment

ROWS = 400
"""Keys in one statement."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How points are taken in: from whom, and how they count."""

    source_id: int
    counting: Counting


@dataclass(slots=True)
class Taken:
    """What became of points. `series`: those whose days have changed; `newest`: the newest moment of those taken."""

    accepted: int = 0
    duplicates: int = 0
    series: set[SeriesKey] = field(default_factory=set)
    newest: datetime | None = None


class Before(NamedTuple):
    """What a point was: its series, its moment (ISO 8601), its value in millionths."""

    series_id: int
    at: str
    value: int


class _Stored(NamedTuple):
    key: str
    series_id: int
    at: datetime
    value: int


_COLUMNS = _Stored._fields
_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_Days = dict[tuple[SeriesKey, date], Change]


async def source_id(session: Session, name: str) -> int:
    """The source of this name, known from now on."""
    row = await session.one("SELECT id FROM metric_sources WHERE name = ?", name)
    if row is None:
        await session.run("INSERT INTO metric_sources (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name)
        row = await session.one("SELECT id FROM metric_sources WHERE name = ?", name)
    assert row is not None
    found: int = row[0]
    return found


class Taking:
    """Points taken in within one transaction: new ones kept and known ones corrected, then the days they belong to."""

    def __init__(self, session: Session, terms: Terms) -> None:
        self._session = session
        self._terms = terms
        self._ids: dict[SeriesKey, int] = {}
        self._of_days = Days(terms.counting.zone)
        self._days: _Days = {}
        self._lost: set[tuple[SeriesKey, date]] = set()
        self._taken = Taken()

    async def know(self, keys: Collection[SeriesKey]) -> None:
        """Look series up, new ones made: those of the points to come and those whose days they move."""
        unknown = {key for key in keys if key not in self._ids}
        if unknown:
            self._ids |= await made_ids(self._session, unknown)

    async def add(self, lots: Sequence[Lot]) -> None:
        """Keep the points; no id is in two lots of one transaction."""
        prefix = f"{self._terms.source_id}:"
        rows: list[tuple[str, int, datetime, int]] = []
        for lot in lots:
            series = self._ids[lot.leaf]
            rows += [(prefix + point_id, series, at, value) for point_id, at, value in lot.entries]
        before = await self._session.insert_new("metric_points", _COLUMNS, rows)
        known = {row[0]: _stored(row) for row in before}
        corrections: list[tuple[_Stored, _Stored]] = []
        for lot in lots:
            gains = lot.days if not known else self._told_apart(lot, known, corrections)
            if not known:
                self._taken.accepted += len(lot.entries)
            for day, change in gains.items():
                self._newest(change.last_at)
                _gain(self._days, lot.accounts, day, change)
        if corrections:
            self._lost |= await _correct(self._session, corrections, self._days, self._terms)

    def _told_apart(
        self, lot: Lot, known: Mapping[str, _Stored], corrections: list[tuple[_Stored, _Stored]]
    ) -> Mapping[date, Change]:
        """What a lot brings to each day, what is known already left out."""
        series, source = self._ids[lot.leaf], self._terms.source_id
        fresh: list[Entry] = []
        for entry in lot.entries:
            row = _Stored(f"{source}:{entry[0]}", series, *entry[1:])
            before = known.get(row.key)
            if before == row:
                self._taken.duplicates += 1
                continue
            if before is not None:
                corrections.append((before, row))
            fresh.append(entry)
        self._taken.accepted += len(fresh)
        return self._of_days.gains(fresh)

    def _newest(self, at: datetime) -> None:
        self._taken.newest = max(at, self._taken.newest or at)

    async def finish(self) -> Taken:
        """Bring the days into step with the points."""
        await self.know({account for account, _ in self._lost})
        await _keep(self._session, self._days, self._ids, self._terms)
        if self._lost:
            await _last_again(self._session, self._lost, self._ids, self._terms)
        self._taken.series = {account for account, _ in self._days} | {account for account, _ in self._lost}
        return self._taken


def _stored(row: Row) -> _Stored:
    return _Stored(row[0], row[1], moment(row[2]), row[3])


def _gain(days: _Days, accounts: Iterable[SeriesKey], day: date, change: Change) -> None:
    for account in accounts:
        before = days.get((account, day))
        days[account, day] = change if before is None else before.and_then(change)


async def _correct(
    session: Session, corrections: Sequence[tuple[_Stored, _Stored]], days: _Days, terms: Terms
) -> set[tuple[SeriesKey, date]]:
    """Put points in the place of what they were; the days that have lost one."""
    await session.many(
        "UPDATE metric_points SET series_id = ?, at = ?, value = ? WHERE key = ?",
        [(row.series_id, row.at, row.value, row.key) for _, row in corrections],
    )
    leaves = await _leaves(session, {before.series_id for before, _ in corrections})
    lost: set[tuple[SeriesKey, date]] = set()
    for before, _ in corrections:
        leaf = leaves[before.series_id]
        if leaf.metric not in terms.counting.metrics:
            continue
        day = before.at.astimezone(terms.counting.zone).date()
        accounts = terms.counting.accounts_by_name(leaf)
        _gain(days, accounts, day, Change(-before.value, -1, _NEVER, 0))
        lost |= {(account, day) for account in accounts}
    return lost


async def _leaves(session: Session, ids: Collection[int]) -> dict[int, SeriesKey]:
    """The series in which points are kept."""
    wanted = sorted(ids)
    leaves: dict[int, SeriesKey] = {}
    for begin in range(0, len(wanted), ROWS):
        some = wanted[begin : begin + ROWS]
        found = await session.all(
            f"SELECT id, metric, unit, employee_id FROM metric_series WHERE id IN ({marks(some)})", *some
        )
        leaves |= {row[0]: series_key(row) for row in found}
    return leaves


async def values_of(session: Session, source: int, ids: Sequence[str]) -> dict[str, Before]:
    """What points of a source are now, by their ids; who is not known yet is not in it."""
    found: dict[str, Before] = {}
    for begin in range(0, len(ids), ROWS):
        keys = [f"{source}:{one}" for one in ids[begin : begin + ROWS]]
        rows = await session.all(
            f"SELECT key, series_id, at, value FROM metric_points WHERE key IN ({marks(keys)})", *keys
        )
        found |= {
            row[0].partition(":")[2]: Before(row[1], moment(row[2]).isoformat(), row[3]) for row in rows
        }
    return found


async def put_back(
    session: Session, back: Mapping[str, tuple[int, Before | None]], terms: Terms
) -> tuple[int, set[SeriesKey]]:
    """Make points what they were before, by their ids: what each was made, and what it had been (None: it was new).

    A point that has become something else since stays as it is. How many went back, and the series that this moves.
    """
    changes: list[tuple[_Stored, _Stored]] = []
    new: set[str] = set()
    now = await values_of(session, terms.source_id, sorted(back))
    for point_id, (made, before) in sorted(back.items()):
        stands, key = now.get(point_id), f"{terms.source_id}:{point_id}"
        if stands is None or stands.value != made:
            continue
        is_now, was = [
            _Stored(key, one.series_id, datetime.fromisoformat(one.at), one.value)
            for one in (stands, before or stands)
        ]
        changes.append((is_now, was))
        if before is None:
            new.add(key)
    if not changes:
        return 0, set()
    days: _Days = {}
    lost = await _correct(session, changes, days, terms)
    await session.many("DELETE FROM metric_points WHERE key = ?", [(key,) for key in sorted(new)])
    leaves = await _leaves(session, {was.series_id for _, was in changes})
    for _, was in changes:
        if was.key not in new and leaves[was.series_id].metric in terms.counting.metrics:
            day = was.at.astimezone(terms.counting.zone).date()
            change = Change(was.value, 1, was.at, was.value)
            _gain(days, terms.counting.accounts_by_name(leaves[was.series_id]), day, change)
    ids = await made_ids(session, {account for account, _ in days})
    await _keep(session, days, ids, terms)
    await _last_again(session, lost, ids, terms)
    return len(changes), {account for account, _ in days}


async def _keep(session: Session, days: _Days, ids: Mapping[SeriesKey, int], terms: Terms) -> None:
    lines = sorted(
        (ids[account], day, change.total, change.points, change.last, change.last_at, terms.source_id)
        for (account, day), change in days.items()
        if change.total or change.points
    )  # in one order, so that two deliveries do not wait for each other
    await session.pour(
        "INSERT INTO metric_days (series_id, day, total, points, last_value, last_at, source_id) {rows}"
        " ON CONFLICT (series_id, day) DO UPDATE SET"
        " total = metric_days.total + excluded.total, points = metric_days.points + excluded.points,"
        " last_value = CASE WHEN excluded.last_at >= metric_days.last_at THEN excluded.last_value"
        " ELSE metric_days.last_value END,"
        " last_at = CASE WHEN excluded.last_at >= metric_days.last_at THEN excluded.last_at ELSE metric_days.last_at END,"
        " source_id = excluded.source_id",
        ("int", "date", "bigint", "int", "bigint", "timestamptz", "int"),
        lines,
    )


async def _last_again(
    session: Session, changed: Iterable[tuple[SeriesKey, date]], ids: Mapping[SeriesKey, int], terms: Terms
) -> None:
    """Find the last point of days that have lost one, out of the points themselves; forget days that have none left."""
    accounts = sorted(changed)
    for account, day in accounts:
        if terms.counting.metrics[account.metric].kind == "cumulative":
            continue
        begin = datetime.combine(day, time(), terms.counting.zone)
        whose = "unit = ? AND employee_id = 0" if not account.employee_id else "employee_id = ?"
        row = await session.one(
            "SELECT p.value, p.at FROM metric_points p WHERE p.series_id IN"
            f" (SELECT id FROM metric_series WHERE metric = ? AND {whose}) AND p.at >= ? AND p.at < ?"
            " ORDER BY p.at DESC, p.key DESC LIMIT 1",
            account.metric,
            account.employee_id or account.unit,
            begin,
            begin + timedelta(days=1),
        )
        if row is not None:
            await session.run(
                "UPDATE metric_days SET last_value = ?, last_at = ? WHERE series_id = ? AND day = ?",
                row[0],
                moment(row[1]),
                ids[account],
                day,
            )
    await session.many(
        "DELETE FROM metric_days WHERE series_id = ? AND day = ? AND points <= 0",
        [(ids[account], day) for account, day in accounts],
    )


async def heard(session: Session, source: int, at: datetime, newest: datetime) -> None:
    """Remember that a source has brought something, and how far its data reach."""
    await session.run(
        "UPDATE metric_sources SET heard_at = ?,"
        " newest_at = CASE WHEN newest_at IS NULL OR newest_at < ? THEN ? ELSE newest_at END WHERE id = ?",
        at,
        newest,
        newest,
        source,
    )
