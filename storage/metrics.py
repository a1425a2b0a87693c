"""Business data: points in, each once, and the days of every series they belong to, in the same transaction.

A point is told from others by its source and its id. A sum belongs to its unit, all units above it, and its person; a
reading only to the one it was taken of. See docs/decisions/0011-days-follow-points.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from okr.points import Point
from okr.policy import MetricSpec
from okr.units import Units
from storage.series import SeriesKey, made_ids, marks, series_key
from storage.session import Session, moment

MICROS = Decimal(10**6)
ROWS = 400
"""Keys in one statement."""
_QUARTER = 900
"""Seconds: no zone's day begins elsewhere than at a quarter of an hour."""


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
    """What became of points. `series`: those whose days have changed."""

    accepted: int = 0
    duplicates: int = 0
    series: set[SeriesKey] = field(default_factory=set)


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


class _Place(NamedTuple):
    """Where points are kept, the series whose days they move, and the points."""

    leaf: SeriesKey
    accounts: tuple[SeriesKey, ...]
    points: list[Point]


class _Change(NamedTuple):
    """What a day gains: a sum, a number of points, and its last point."""

    total: int
    points: int
    last_at: datetime
    last: int

    def and_then(self, other: _Change) -> _Change:
        last_at, last = (other if other.last_at >= self.last_at else self)[2:]
        return _Change(self.total + other.total, self.points + other.points, last_at, last)


_NEVER = datetime(1, 1, 2, tzinfo=UTC)
_Days = dict[tuple[SeriesKey, date], _Change]


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
    places = _placed(_each_once(points, taken), terms)
    ids = await made_ids(session, {series for place in places for series in (place.leaf, *place.accounts)})
    rows = {place.leaf: _rows(place, ids[place.leaf], terms.source_id) for place in places}
    known = await _insert(session, [row for some in rows.values() for row in some])
    days: _Days = {}
    corrections: list[tuple[_Stored, _Stored]] = []
    for place in places:
        fresh = rows[place.leaf]
        if known:
            fresh = [row for row in fresh if known.get(row.key) != row]
            corrections += [(known[row.key], row) for row in fresh if row.key in known]
        taken.accepted += len(fresh)
        taken.duplicates += len(rows[place.leaf]) - len(fresh)
        for day, change in _by_day(fresh, terms.zone).items():
            _gain(days, place.accounts, day, change)
    taken.series |= {account for account, _ in days}
    if not corrections:
        await _keep(session, days, ids, terms)
        return taken
    lost = await _correct(session, corrections, days, terms)
    ids |= await made_ids(session, {account for account, _ in lost})
    await _keep(session, days, ids, terms)
    await _last_again(session, lost, ids, terms)
    taken.series |= {account for account, _ in lost}
    return taken


def _each_once(points: Sequence[Point], taken: Taken) -> Sequence[Point]:
    """Of what is said twice in one breath the later holds."""
    by_id = {point.id: point for point in points}
    if len(by_id) == len(points):
        return points
    said: dict[str, Point] = {}
    for point in points:
        before = said.get(point.id)
        if before is not None and before == point:
            taken.duplicates += 1
        elif before is not None:
            taken.accepted += 1
        said[point.id] = point
    return list(said.values())


def _placed(points: Sequence[Point], terms: Terms) -> list[_Place]:
    places: dict[tuple[str, str, int], _Place] = {}
    for point in points:
        said = (point.metric, point.unit, point.employee_id)
        place = places.get(said)
        if place is None:
            leaf = SeriesKey(point.metric, terms.units.key(point.unit), point.employee_id)
            place = places[said] = _Place(leaf, _accounts(leaf, point.unit, terms), [])
        place.points.append(point)
    return list(places.values())


def _rows(place: _Place, series: int, source: int) -> list[_Stored]:
    return [
        _Stored(f"{source}:{point_id}", series, at.astimezone(UTC), int(value * MICROS))
        for point_id, _, _, _, at, value in place.points
    ]


def _accounts(leaf: SeriesKey, path: str, terms: Terms) -> tuple[SeriesKey, ...]:
    """The series whose days a point belongs to."""
    own = (SeriesKey(leaf.metric, "", leaf.employee_id),) if leaf.employee_id else ()
    if terms.metrics[leaf.metric].kind == "cumulative":
        return (*(SeriesKey(leaf.metric, unit, 0) for unit in terms.units.upwards(path)), *own)
    return own or (leaf,)


def _by_day(rows: Sequence[_Stored], zone: tzinfo) -> dict[date, _Change]:
    """What rows of one series add to each day; of one moment the later row is the last."""
    days: dict[int, date] = {}
    parts: dict[date, list[_Stored]] = {}
    for row in rows:
        quarter = int(row.at.timestamp() // _QUARTER)
        day = days.get(quarter)
        if day is None:
            day = days[quarter] = row.at.astimezone(zone).date()
        parts.setdefault(day, []).append(row)
    found = {}
    for day, some in parts.items():
        last = some[0]
        for row in some:
            if row.at >= last.at:
                last = row
        found[day] = _Change(sum(row.value for row in some), len(some), last.at, last.value)
    return found


def _gain(days: _Days, accounts: Iterable[SeriesKey], day: date, change: _Change) -> None:
    for account in accounts:
        before = days.get((account, day))
        days[account, day] = change if before is None else before.and_then(change)


async def _insert(session: Session, rows: Sequence[_Stored]) -> dict[str, _Stored]:
    """Keep new points; those that were known before, as they were."""
    fresh = await session.pour(
        "INSERT INTO metric_points (key, series_id, at, value) {rows} ON CONFLICT (key) DO NOTHING RETURNING key",
        ("text", "int", "timestamptz", "bigint"),
        rows,
    )
    if len(fresh) == len(rows):
        return {}
    new = {row[0] for row in fresh}
    old = sorted(row.key for row in rows if row.key not in new)
    known: dict[str, _Stored] = {}
    for begin in range(0, len(old), ROWS):
        some = old[begin : begin + ROWS]
        found = await session.all(
            f"SELECT key, series_id, at, value FROM metric_points WHERE key IN ({marks(some)})"
            f" ORDER BY key{session.for_update}",
            *some,
        )
        known |= {row[0]: _Stored(row[0], row[1], moment(row[2]), row[3]) for row in found}
    return known


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
        if leaf.metric not in terms.metrics:
            continue
        day = before.at.astimezone(terms.zone).date()
        accounts = _accounts_by_name(leaf, terms)
        _gain(days, accounts, day, _Change(-before.value, -1, _NEVER, 0))
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


def _accounts_by_name(leaf: SeriesKey, terms: Terms) -> tuple[SeriesKey, ...]:
    paths = terms.units.find(leaf.unit)
    return _accounts(leaf, paths[0] if paths else leaf.unit, terms)


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
        if was.key not in new and leaves[was.series_id].metric in terms.metrics:
            day = was.at.astimezone(terms.zone).date()
            change = _Change(was.value, 1, was.at, was.value)
            _gain(days, _accounts_by_name(leaves[was.series_id], terms), day, change)
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
