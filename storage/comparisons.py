"""Figures of a unit and of the shops below it within a window, for comparing one time with another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from okr.comparing import Open
from okr.metrics import Window, of_window, ratio, tally
from okr.policy import MetricSpec
from okr.units import Units
from storage import closed_days, figures
from storage.lots import MICROS
from storage.series import SeriesKey, marks, series_ids
from storage.session import Session, day

ROWS = 400


async def figure(
    session: Session,
    spec: MetricSpec,
    metrics: Mapping[str, MetricSpec],
    units: Units,
    path: str,
    window: Window,
) -> Decimal | None:
    """A sum, the last reading, or a ratio of both sides over the window; None where nothing is known."""
    if spec.kind == "ratio":
        upper = await figure(session, metrics[spec.numerator], metrics, units, path, window)
        lower = await figure(session, metrics[spec.denominator], metrics, units, path, window)
        return ratio(spec, upper, lower, window).value
    ids = await series_ids(session, [SeriesKey(spec.key, units.key(path), 0)])
    days, _ = await figures.days_of(session, spec, ids.values(), window)
    return of_window(spec.kind, tally(days.get(next(iter(ids.values())), ()))) if ids else None


async def of_shops(
    session: Session, metric: str, units: Units, shops: Sequence[str], window: Window
) -> dict[str, Open]:
    """What each shop, by its path, has counted, and on how many days it was open (docs/rules/metrics.md)."""
    names = await _series_of(session, metric, units, shops)
    closed = await _closed(session, units, shops, window)
    numbers = sorted(names)
    found: dict[str, Open] = {}
    for begin in range(0, len(numbers), ROWS):
        some = numbers[begin : begin + ROWS]
        rows = await session.all(
            f"SELECT series_id, sum(total), count(*) FROM metric_days WHERE series_id IN ({marks(some)})"
            " AND day >= ? AND day <= ? GROUP BY series_id",
            *some,
            *window,
        )
        found |= {names[row[0]]: Open(Decimal(row[1]) / MICROS, row[2]) for row in rows}
    for number, path in names.items():
        if path in found and closed[path]:
            found[path] = await _without(session, number, found[path], closed[path])
    return found


async def shops_missing(
    session: Session, metric: str, units: Units, shops: Sequence[str], window: Window
) -> dict[date, int]:
    """How many shops, of those that count this at all, were open on a day and have nothing of it; days with none are left out."""
    names = await _series_of(session, metric, units, shops)
    closed = await _closed(session, units, shops, window)
    numbers = sorted(names)
    told: dict[date, set[str]] = {}
    for begin in range(0, len(numbers), ROWS):
        some = numbers[begin : begin + ROWS]
        rows = await session.all(
            f"SELECT series_id, day FROM metric_days WHERE series_id IN ({marks(some)}) AND day >= ? AND day <= ?",
            *some,
            *window,
        )
        for row in rows:
            told.setdefault(day(row[1]), set()).add(names[row[0]])
    found: dict[date, int] = {}
    for n in range((window.last - window.first).days + 1):
        on = window.first + timedelta(days=n)
        silent = [path for path in names.values() if path not in told.get(on, ()) and on not in closed[path]]
        found |= {on: len(silent)} if silent else {}
    return found


async def _series_of(session: Session, metric: str, units: Units, shops: Sequence[str]) -> dict[int, str]:
    """The series of those shops that count this at all, each with the shop's path."""
    paths = {units.key(path): path for path in shops}
    ids = await series_ids(session, [SeriesKey(metric, key, 0) for key in paths])
    return {number: paths[key.unit] for key, number in ids.items()}


async def _closed(
    session: Session, units: Units, shops: Sequence[str], window: Window
) -> dict[str, set[date]]:
    """The days on which each shop, or what is above it, was said to be closed."""
    said = await closed_days.within(session, window)
    return {path: {on for key in units.upwards(path) for on in said.get(key, ())} for path in shops}


async def _without(session: Session, series: int, known: Open, days: Collection[date]) -> Open:
    """Without days on which it was closed: what came in on them, a refund, is no day's business."""
    row = await session.one(
        f"SELECT coalesce(sum(total), 0), count(*) FROM metric_days WHERE series_id = ? AND day IN ({marks([*days])})",
        series,
        *sorted(days),
    )
    assert row is not None
    return Open(known.total - Decimal(row[0]) / MICROS, known.days - row[1])
