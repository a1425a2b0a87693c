"""Business data: points in, each once, and the days of every series they belong to, in the same transaction.

A point is told from others by its source and its id. A sum belongs to its unit, all units above it, and its person; a
reading only to the one it was taken of. See docs/decisions/0011-days-follow-points.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from okr.points import Point
from okr.policy import MetricSpec
from okr.units import Units
from storage.session import Row, Session, moment

MICROS = Decimal(10**6)
ROWS = 400
"""Points in one statement."""


_NEVER = datetime(1, 1, 2, tzinfo=UTC)


class SeriesKey(NamedTuple):
    """`unit` is a key of `okr.units`, empty for a person's own; `employee_id` is 0 for a unit's."""

    metric: str
    unit: str
    employee_id: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How points are taken in: from whom, when, in whose days, and what the company counts."""

    source_id: int
    at: datetime
    zone: tzinfo
    metrics: Mapping[str, MetricSpec]
    units: Units


@dataclass(slots=True)
class Taken:
    """What became of points. `series`: those whose days have changed, with the newest moment they spoke of."""

    accepted: int = 0
    duplicates: int = 0
    series: dict[SeriesKey, datetime] = field(default_factory=dict)


class _Stored(NamedTuple):
    key: str
    series_id: int
    at: datetime
    value: int


@dataclass(slots=True)
class _Change:
    """What a day gains: a sum, a number of points, and its last point."""

    total: int = 0
    points: int = 0
    last: int = 0
    last_at: datetime = _NEVER

    def add(self, value: int, at: datetime) -> None:
        self.total += value
        self.points += 1
        if at >= self.last_at:
            self.last, self.last_at = value, at

    def join(self, other: _Change) -> None:
        self.total += other.total
        self.points += other.points
        if other.last_at >= self.last_at:
            self.last, self.last_at = other.last, other.last_at

    def subtract(self, value: int) -> None:
        self.total -= value
        self.points -= 1


class _Days(dict[tuple[SeriesKey, date], _Change]):
    def __missing__(self, key: tuple[SeriesKey, date]) -> _Change:
        made = self[key] = _Change()
        return made


async def source_id(session: Session, name: str) -> int:
    """The source of this name, known from now on."""
    row = await session.one("SELECT id FROM metric_sources WHERE name = ?", name)
    if row is None:
        await session.run("INSERT INTO metric_sources (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name)
        row = await session.one("SELECT id FROM metric_sources WHERE name = ?", name)
    assert row is not None
    found: int = row[0]
    return found


async def take_in(session: Session, points: Sequence[Point], terms: Terms) -> Taken:
    """Keep points that are not known yet and correct those that are, with the days they belong to."""
    taken = Taken()
    leaves, belongs = _placed(points, terms)
    ids = await _series_ids(session, belongs.keys())
    rows = _rows(points, leaves, ids, terms, taken)
    known = await _insert(session, [row for row, _ in rows.values()])
    gained: dict[SeriesKey, dict[date, _Change]] = defaultdict(lambda: defaultdict(_Change))
    days = _Days()
    corrected: set[tuple[SeriesKey, date]] = set()
    for row, leaf in rows.values():
        before = known.get(row.key) if known else None
        if before == row:
            taken.duplicates += 1
            continue
        taken.accepted += 1
        if before is not None:
            corrected |= await _correct(session, before, row, days, terms)
        gained[leaf][row.at.astimezone(terms.zone).date()].add(row.value, row.at)
    for leaf, by_day in gained.items():
        for account in belongs[leaf]:
            for day, change in by_day.items():
                days[account, day].join(change)
                taken.series[account] = max(change.last_at, taken.series.get(account, change.last_at))
    await _keep(session, days, terms)
    await _last_again(session, corrected, terms)
    for account, _ in corrected:
        taken.series.setdefault(account, terms.at)
    return taken


def _placed(
    points: Sequence[Point], terms: Terms
) -> tuple[list[SeriesKey], dict[SeriesKey, tuple[SeriesKey, ...]]]:
    """The series that each point is kept in, and for each of these the series whose days it moves."""
    leaves: list[SeriesKey] = []
    seen: dict[tuple[str, str, int], SeriesKey] = {}
    belongs: dict[SeriesKey, tuple[SeriesKey, ...]] = {}
    for point in points:
        place = (point.metric, point.unit, point.employee_id)
        leaf = seen.get(place)
        if leaf is None:
            leaf = seen[place] = SeriesKey(point.metric, terms.units.key(point.unit), point.employee_id)
            belongs[leaf] = _accounts(leaf, point.unit, terms)
        leaves.append(leaf)
    return leaves, belongs


def _rows(
    points: Sequence[Point],
    leaves: Sequence[SeriesKey],
    ids: Mapping[SeriesKey, int],
    terms: Terms,
    taken: Taken,
) -> dict[str, tuple[_Stored, SeriesKey]]:
    """Rows by their keys. Of what is said twice in one breath the later holds."""
    rows: dict[str, tuple[_Stored, SeriesKey]] = {}
    for leaf, point in zip(leaves, points, strict=True):
        key = f"{terms.source_id}:{point.id}"
        row = _Stored(key, ids[leaf], point.at.astimezone(UTC), int(point.value * MICROS))
        if key in rows:
            if rows[key][0] == row:
                taken.duplicates += 1
                continue
            taken.accepted += 1
        rows[key] = (row, leaf)
    return rows


def _accounts(leaf: SeriesKey, path: str, terms: Terms) -> tuple[SeriesKey, ...]:
    """The series whose days a point belongs to."""
    own = (SeriesKey(leaf.metric, "", leaf.employee_id),) if leaf.employee_id else ()
    if terms.metrics[leaf.metric].kind == "cumulative":
        return (*(SeriesKey(leaf.metric, unit, 0) for unit in terms.units.upwards(path)), *own)
    return own or (leaf,)


async def _insert(session: Session, rows: Sequence[_Stored]) -> dict[str, _Stored]:
    """Keep new points; those that were known before, as they were."""
    known: dict[str, _Stored] = {}
    for begin in range(0, len(rows), ROWS):
        some = rows[begin : begin + ROWS]
        fresh = await session.all(
            f"INSERT INTO metric_points (key, series_id, at, value) VALUES {', '.join(['(?, ?, ?, ?)'] * len(some))}"
            " ON CONFLICT (key) DO NOTHING RETURNING key",
            *(value for row in some for value in row),
        )
        if len(fresh) == len(some):
            continue
        new = {row[0] for row in fresh}
        old = [row.key for row in some if row.key not in new]
        found = await session.all(
            f"SELECT key, series_id, at, value FROM metric_points WHERE key IN ({_marks(old)})"
            f" ORDER BY key{session.for_update}",
            *old,
        )
        known |= {row[0]: _Stored(row[0], row[1], moment(row[2]), row[3]) for row in found}
    return known


async def _correct(
    session: Session, before: _Stored, row: _Stored, days: _Days, terms: Terms
) -> set[tuple[SeriesKey, date]]:
    """Put a point in the place of what it was; what its old days lose, and which of them need their last point anew."""
    await session.run(
        "UPDATE metric_points SET series_id = ?, at = ?, value = ? WHERE key = ?",
        row.series_id,
        row.at,
        row.value,
        row.key,
    )
    found = await session.one(
        "SELECT id, metric, unit, employee_id FROM metric_series WHERE id = ?", before.series_id
    )
    leaf = _series_key(found)
    if leaf.metric not in terms.metrics:
        return set()
    paths = terms.units.find(leaf.unit)
    day = before.at.astimezone(terms.zone).date()
    accounts = _accounts(leaf, paths[0] if paths else leaf.unit, terms)
    for account in accounts:
        days[account, day].subtract(before.value)
    return {(account, day) for account in accounts}


async def _keep(session: Session, days: _Days, terms: Terms) -> None:
    ids = await _series_ids(session, {account for account, _ in days})
    lines = sorted(
        (ids[account], day, change)
        for (account, day), change in days.items()
        if change.total or change.points
    )
    for begin in range(
        0, len(lines), ROWS // 2
    ):  # in one order, so that two deliveries do not wait for each other
        some = lines[begin : begin + ROWS // 2]
        await session.run(
            "INSERT INTO metric_days (series_id, day, total, points, last_value, last_at, source_id) VALUES"
            f" {', '.join(['(?, ?, ?, ?, ?, ?, ?)'] * len(some))} ON CONFLICT (series_id, day) DO UPDATE SET"
            " total = metric_days.total + excluded.total, points = metric_days.points + excluded.points,"
            " last_value = CASE WHEN excluded.last_at >= metric_days.last_at THEN excluded.last_value"
            " ELSE metric_days.last_value END,"
            " last_at = CASE WHEN excluded.last_at >= metric_days.last_at THEN excluded.last_at ELSE metric_days.last_at END,"
            " source_id = excluded.source_id",
            *(
                value
                for series, day, change in some
                for value in (
                    series,
                    day,
                    change.total,
                    change.points,
                    change.last,
                    change.last_at,
                    terms.source_id,
                )
            ),
        )


async def _last_again(session: Session, changed: Iterable[tuple[SeriesKey, date]], terms: Terms) -> None:
    """Find the last point of days that have lost one, out of the points themselves; forget days that have none left."""
    accounts = sorted(changed)
    ids = await _series_ids(session, {account for account, _ in accounts})
    for account, day in accounts:
        if terms.metrics[account.metric].kind == "cumulative":
            continue
        begin = datetime.combine(day, time(), terms.zone)
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
    for account, day in accounts:
        await session.run(
            "DELETE FROM metric_days WHERE series_id = ? AND day = ? AND points <= 0", ids[account], day
        )


async def _series_ids(session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of series, made where they are new."""
    found = await series_ids(session, keys)
    missing = sorted(key for key in keys if key not in found)
    for begin in range(0, len(missing), ROWS):
        some = missing[begin : begin + ROWS]
        await session.run(
            f"INSERT INTO metric_series (metric, unit, employee_id) VALUES {', '.join(['(?, ?, ?)'] * len(some))}"
            " ON CONFLICT (metric, unit, employee_id) DO NOTHING",
            *(value for key in some for value in key),
        )
    return found | await series_ids(session, missing)


async def series_ids(session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
    """The ids of those series that have ever had a point."""
    wanted = sorted(keys)
    found: dict[SeriesKey, int] = {}
    for begin in range(0, len(wanted), ROWS // 2):
        some = wanted[begin : begin + ROWS // 2]
        metrics, units, people = (sorted(set(column)) for column in zip(*some, strict=True))
        rows = await session.all(
            f"SELECT id, metric, unit, employee_id FROM metric_series WHERE metric IN ({_marks(metrics)})"
            f" AND unit IN ({_marks(units)}) AND employee_id IN ({_marks(people)})",
            *metrics,
            *units,
            *people,
        )
        found |= {key: row[0] for row in rows if (key := _series_key(row)) in keys}
    return found


def _series_key(row: Row) -> SeriesKey:
    return SeriesKey(row[1], row[2], row[3])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


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
