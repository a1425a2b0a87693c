"""A unit's figures on a big screen, which everybody in the room reads: no amounts, but how they go.

How far today has come of what it has to bring, and each figure against the same weekday of the week before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from cards.board.pages import Tile
from handlers.asking import Asking
from handlers.comparing import shops_below
from handlers.data_scales import scales_of
from okr.comparing import growth
from okr.metrics import Window
from okr.moments import WEEKDAYS, say_date
from okr.numbers import say_number, say_percent
from okr.policy import MetricSpec
from okr.units import Units
from storage import comparisons, day_curves, figures, people

DAY, WEEK = timedelta(days=1), timedelta(days=7)
SHOWN = 4
"""Side by side, in a size that is read from the other end of the room."""
POINTS_OF = "%"


async def wall_tiles(asking: Asking, known: Units, path: str) -> tuple[Tile, ...]:
    """What may be said to a whole room of a unit whose figures its reader may see."""
    metrics, today = asking.policy.metrics, asking.today
    counted = await figures.by_day(asking.session, metrics, known, path, Window(today - WEEK - WEEK, today))
    wanted = await day_curves.of_day(asking.session, path, await scales_of(asking), today)
    whole = await _whole_days(asking, known, path)
    reached = [
        Tile(f"{spec.name} · 今天", say_percent(value / wanted[key]), "已到日目标的", "", "")
        for key, spec in metrics.items()
        if wanted.get(key) and (value := counted.get(key, {}).get(today)) is not None
    ]
    moved = [
        tile
        for key, spec in metrics.items()
        if counted.get(key) and (tile := _moved(spec, counted[key], whole, today)) is not None
    ]
    return tuple([*reached, *moved][:SHOWN])


async def _whole_days(asking: Asking, known: Units, path: str) -> list[date]:
    """The days that are over and of which every shop has told, the newest first."""
    window = Window(asking.today - WEEK, asking.today - DAY)
    shops = shops_below(known, await people.everybody(asking.session), path)
    first = next(iter(asking.policy.metrics), "")
    short = await comparisons.shops_missing(asking.session, first, known, shops, window) if shops else {}
    days = [window.last - DAY * n for n in range(WEEK.days)]
    return [day for day in days if day not in short]


def _moved(spec: MetricSpec, values: Mapping[date, Decimal], whole: list[date], today: date) -> Tile | None:
    """The newest whole day against the same weekday before; None where there is nothing to compare."""
    day = next((one for one in whole if one in values and one - WEEK in values), None)
    if day is None:
        return None
    now, then = values[day], values[day - WEEK]
    if spec.shown_unit == POINTS_OF:
        points = round(now - then, 1)
        said = f"{_sign(points)}{say_number(abs(points))} 个点" if points else ""
    else:
        grown = growth(now, then)
        if grown is None:
            return None
        said = f"{_sign(grown)}{say_percent(abs(grown))}" if round(grown * 100) else ""
    return Tile(spec.name, said or "持平", f"{say_date(day, today)}比上周{WEEKDAYS[day.weekday()]}", "", "")


def _sign(value: Decimal) -> str:
    return "+" if value > 0 else "−"
