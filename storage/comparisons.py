"""Figures of a unit and of the shops below it within a window, for comparing one time with another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from okr.comparing import Open
from okr.metrics import Window, of_window, ratio, tally
from okr.policy import MetricSpec
from okr.units import Units
from storage import figures
from storage.metrics import MICROS
from storage.series import SeriesKey, marks, series_ids
from storage.session import Session

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


async def of_shops(session: Session, metric: str, shops: Sequence[str], window: Window) -> dict[str, Open]:
    """What each shop, by its key, has counted, and on how many days."""
    ids = await series_ids(session, [SeriesKey(metric, shop, 0) for shop in shops])
    names = {number: key.unit for key, number in ids.items()}
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
    return found
