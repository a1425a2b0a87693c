"""What figures come to, out of the days that `storage.metrics` keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from okr.cycle import Span
from okr.metrics import (
    NOTHING,
    DayFigure,
    Figure,
    Tally,
    Window,
    of_window,
    ratio,
    reckon,
    tally,
    together,
    windows,
)
from okr.objectives import Basis
from okr.policy import MetricSpec
from okr.units import Units
from storage.lots import MICROS
from storage.series import SeriesKey, series_ids
from storage.session import Session, amount, day, evened, moment

ROWS = 400
_ADDED_UNITS = frozenset(
    {"元", "人", "单", "次", "家", "件", "个", "份", "套", "张", "台", "箱", "公斤", "吨"}
)
"""A reading of several places in one of these is added up; of others (%, 分) the mean is taken."""


SUMMED = (Basis.MONTH, Basis.QUARTER, Basis.DAILY)
"""What adds up over one of these needs its sum and the number of its days, and no single day."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """When a figure's newest point was, and whose."""

    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure of a unit (`path`) or of one person, over a cycle as seen on a day."""

    spec: MetricSpec
    basis: Basis
    cycle: Span
    path: str = ""
    employee_id: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    figure: Figure
    spoken: Spoken | None


@dataclass(slots=True)
class Looked:
    """What has been looked up for many figures at once, so that each of them need not ask."""

    ids: dict[SeriesKey, int | None] = field(default_factory=dict)
    """None: the series has never had a point."""
    sums: dict[tuple[int, Window], tuple[Tally, Spoken | None]] = field(default_factory=dict)

    async def ids_of(self, session: Session, keys: Collection[SeriesKey]) -> dict[SeriesKey, int]:
        unknown = [key for key in keys if key not in self.ids]
        if unknown:
            found = await series_ids(session, unknown)
            self.ids |= {key: found.get(key) for key in unknown}
        return {key: known for key in keys if (known := self.ids[key]) is not None}


async def look_up(
    session: Session,
    many: Collection[Wanted],
    metrics: Mapping[str, MetricSpec],
    units: Units,
    today: date,
) -> Looked:
    """Look up what these figures need: their series, and the sums that most of them are, a few statements in all."""
    looked = Looked()
    needs: dict[Window, set[SeriesKey]] = {}
    for wanted in many:
        spec = wanted.spec
        sides = [metrics[spec.numerator], metrics[spec.denominator]] if spec.kind == "ratio" else [spec]
        for window in windows(spec.kind, wanted.basis, wanted.cycle, today)[:1]:
            keys = {
                SeriesKey(side.key, "" if wanted.employee_id else units.key(wanted.path), wanted.employee_id)
                for side in sides
                if side.kind == "cumulative"
            }
            if spec.kind == "ratio" or wanted.basis in SUMMED:
                needs.setdefault(window, set()).update(keys)
    await looked.ids_of(session, {key for keys in needs.values() for key in keys})
    for window, keys in needs.items():
        series = sorted(found for key in keys if (found := looked.ids[key]) is not None)
        looked.sums |= await _sums(session, series, window)
    return looked


async def count(
    session: Session,
    wanted: Wanted,
    metrics: Mapping[str, MetricSpec],
    units: Units,
    today: date,
    looked: Looked | None = None,
) -> Counted | None:
    """The figure as it is on a day; None before the cycle has begun."""
    looked = looked or Looked()
    spec = wanted.spec
    found: Counted | None = None
    for window in windows(spec.kind, wanted.basis, wanted.cycle, today):
        if spec.kind == "ratio":
            upper, first = await _side(session, wanted, metrics[spec.numerator], units, window, looked)
            lower, second = await _side(session, wanted, metrics[spec.denominator], units, window, looked)
            spoken = max((one for one in (first, second) if one), key=lambda one: one.at, default=None)
            return Counted(ratio(spec, upper, lower, window), spoken)
        sum_only = spec.kind == "cumulative" and wanted.basis in SUMMED
        known, spoken = await tally_of(session, wanted, spec, units, window, looked, sum_only=sum_only)
        found = Counted(reckon(spec.kind, wanted.basis, known, window), spoken)
        if known.days:
            return found
    if found is not None and spec.kind == "cumulative" and wanted.basis is Basis.MONTH:
        return await _new_month(session, wanted, found, units)
    return found


async def _new_month(session: Session, wanted: Wanted, found: Counted, units: Units) -> Counted:
    """A month in which nothing has been counted yet begins at 0, where anything was counted before."""
    unit = units.key(wanted.path) if not wanted.employee_id else ""
    if not await series_ids(session, [SeriesKey(wanted.spec.key, unit, wanted.employee_id)]):
        return found
    zero = Decimal(0)
    return Counted(Figure(zero, found.figure.window, zero), None)


async def _side(
    session: Session, wanted: Wanted, spec: MetricSpec, units: Units, window: Window, looked: Looked
) -> tuple[Decimal | None, Spoken | None]:
    sum_only = spec.kind == "cumulative"
    known, spoken = await tally_of(session, wanted, spec, units, window, looked, sum_only=sum_only)
    return of_window(spec.kind, known), spoken


async def tally_of(
    session: Session,
    wanted: Wanted,
    spec: MetricSpec,
    units: Units,
    window: Window,
    looked: Looked,
    *,
    sum_only: bool,
) -> tuple[Tally, Spoken | None]:
    """What a metric comes to within a window. `sum_only`: weeks and the last value are not asked for."""
    unit = units.key(wanted.path) if not wanted.employee_id else ""
    own = SeriesKey(spec.key, unit, wanted.employee_id)
    found = await looked.ids_of(session, [own])
    if not found and spec.kind == "snapshot" and not wanted.employee_id:
        below = await series_ids(session, [SeriesKey(spec.key, key, 0) for key in units.below(wanted.path)])
        return await _of_places(session, spec, sorted(below.values()), window)
    if not found:
        return NOTHING, None
    if sum_only:
        asked = (found[own], window)
        if asked not in looked.sums:
            looked.sums |= await _sums(session, [found[own]], window)
        return looked.sums[asked]
    days, spoken = await days_of(session, spec, [found[own]], window)
    return tally(days.get(found[own], ())), spoken


async def _sums(
    session: Session, series: Sequence[int], window: Window
) -> dict[tuple[int, Window], tuple[Tally, Spoken | None]]:
    """What these add up to within a window; the newest day says who spoke last."""
    found: dict[tuple[int, Window], tuple[Tally, Spoken | None]] = {
        (one, window): (NOTHING, None) for one in series
    }
    for begin in range(0, len(series), ROWS):
        some = evened(series[begin : begin + ROWS])
        rows = await session.all(
            "SELECT g.series_id, g.total, g.days, d.last_at, s.name FROM (SELECT series_id, sum(total) AS total,"
            " count(*) AS days, max(day) AS newest FROM metric_days WHERE series_id IN"
            f" ({', '.join('?' * len(some))}) AND day >= ? AND day <= ? GROUP BY series_id) g"
            " JOIN metric_days d ON d.series_id = g.series_id AND d.day = g.newest"
            " LEFT JOIN metric_sources s ON s.id = d.source_id",
            *some,
            *window,
        )
        for row in rows:
            known = Tally(_money(row[1]), row[2]), Spoken(moment(row[3]), row[4] or "")
            found[row[0], window] = known
    return found


async def _of_places(
    session: Session, spec: MetricSpec, series: Sequence[int], window: Window
) -> tuple[Tally, Spoken | None]:
    days, spoken = await days_of(session, spec, series, window)
    added = spec.unit in _ADDED_UNITS
    return tally(together(list(days.values()), added=added)), spoken


async def days_of(
    session: Session, spec: MetricSpec, series: Collection[int], window: Window
) -> tuple[dict[int, list[DayFigure]], Spoken | None]:
    """The days of series within a window, oldest first, and who spoke last. A day's last of what adds up is its sum."""
    wanted = sorted(series)
    found: dict[int, list[DayFigure]] = {}
    spoken: Spoken | None = None
    for begin in range(0, len(wanted), ROWS):
        some = wanted[begin : begin + ROWS]
        rows = await session.all(
            "SELECT d.series_id, d.day, d.total, d.last_value, d.last_at, s.name FROM metric_days d"
            f" JOIN metric_sources s ON s.id = d.source_id WHERE d.series_id IN ({', '.join('?' * len(some))})"
            " AND d.day >= ? AND d.day <= ? ORDER BY d.series_id, d.day",
            *some,
            *window,
        )
        for row in rows:
            total = last = _money(row[2] if spec.kind == "cumulative" else row[3])
            found.setdefault(row[0], []).append(DayFigure(day(row[1]), total, last))
            at = moment(row[4])
            if spoken is None or at > spoken.at:
                spoken = Spoken(at, row[5])
    return found, spoken


async def told_by_others(
    session: Session, keys: Collection[SeriesKey], window: Window, source: int
) -> dict[tuple[SeriesKey, date], str]:
    """The days of these series of which another source has told already, with its name."""
    ids = {number: key for key, number in (await series_ids(session, keys)).items()}
    found: dict[tuple[SeriesKey, date], str] = {}
    every = sorted(ids)
    for begin in range(0, len(every), ROWS):
        some = every[begin : begin + ROWS]
        rows = await session.all(
            "SELECT d.series_id, d.day, s.name FROM metric_days d JOIN metric_sources s ON s.id = d.source_id"
            f" WHERE d.series_id IN ({', '.join('?' * len(some))}) AND d.day >= ? AND d.day <= ? AND d.source_id <> ?",
            *some,
            window.first,
            window.last,
            source,
        )
        found |= {(ids[row[0]], day(row[1])): row[2] for row in rows}
    return found


def _money(micros: int) -> Decimal:
    return amount(Decimal(micros) / MICROS) or Decimal(0)


async def by_day(
    session: Session, metrics: Mapping[str, MetricSpec], units: Units, path: str, window: Window
) -> dict[str, dict[date, Decimal]]:
    """Every figure of a unit, day by day; days without points are not in it. Ratios divide each day's own sides."""
    found: dict[str, dict[date, Decimal]] = {}
    for key, spec in metrics.items():
        if spec.kind == "ratio":
            continue
        ids = await series_ids(session, [SeriesKey(key, units.key(path), 0)])
        if not ids and spec.kind == "snapshot":
            ids = await series_ids(session, [SeriesKey(key, below, 0) for below in units.below(path)])
        days, _ = await days_of(session, spec, ids.values(), window)
        series = list(days.values())
        whole = series[0] if len(series) == 1 else together(series, added=spec.unit in _ADDED_UNITS)
        found[key] = {one.day: one.last for one in whole}
    for key, spec in metrics.items():
        if spec.kind == "ratio":
            upper, lower = found.get(spec.numerator, {}), found.get(spec.denominator, {})
            made = {on: ratio(spec, upper.get(on), below, window).value for on, below in lower.items()}
            found[key] = {on: value for on, value in made.items() if value is not None}
    return found
