"""A trend: a value over the last weeks, its target, and where it is heading by the last day. Measures are CSS pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cards.drawing.lettering import cut, width
from cards.drawing.sheet import BODY, INNER, MARGIN, SMALL, WIDTH, Block
from okr.forecast import WINDOW_DAYS, Forecast, Point
from okr.moments import say_short_day
from okr.numbers import foretold, say_number

HEIGHT = 204.0
LEFT, TOP, BOTTOM = MARGIN + 6, 44.0, 36.0
"""The plot: above it the name, below it the days."""
NARROWEST, WIDEST = 64.0, 104.0
"""The column right of the plot, where the target and the end are said."""
APART = 17.0
"""Between two lines of letters."""
NEAREST = 78.0
"""Two days below the plot stand at least so far from each other."""
LONGEST = 62
"""Days ahead that are still drawn to their end."""
MOST_DOTS = 16
"""Of more points the line alone is drawn, and the last."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The target of a stage; `current`: the one that is being worked on."""

    x: float
    y: float
    current: bool


@dataclass(frozen=True, slots=True)
class Road:
    """What a value should follow: from which day it is drawn, what is expected by day, and the targets of the stages."""

    since: date
    expected: Sequence[Point] = ()
    stages: Sequence[Point] = ()
    current: date | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """`end` is where it is heading, None where that is not known."""

    name: str
    right: float
    points: tuple[tuple[float, float], ...]
    target_y: float
    target: str
    target_label_y: float
    now: str
    now_x: float
    now_y: float
    end: tuple[float, float] | None
    end_said: tuple[str, str]
    end_label_y: float
    today_x: float
    since: str
    until: str
    bottom: float
    dots: tuple[tuple[float, float], ...]
    expected: tuple[tuple[float, float], ...]
    stages: tuple[Mark, ...]


def trend(
    name: str,
    points: Sequence[Point],
    target: Decimal,
    ahead: Forecast | None,
    days: tuple[date, date],
    unit: str,
    road: Road | None = None,
) -> Block:
    """`points`: at least one, in the order of their days; `days`: today, and the last day of the goal.

    Without a `road` the last four weeks are drawn.
    """
    today, last_day = days
    road = road or Road(today - timedelta(days=WINDOW_DAYS))
    first = min(road.since, today - timedelta(days=1))
    last = max(min(last_day, today + timedelta(days=LONGEST)), today + timedelta(days=7))
    reaches = ahead is not None and last == last_day
    heading = _heading(points, ahead, last, last_day) if ahead else None
    aims = [one for one in road.expected if one[0] <= last]
    stages = [one for one in road.stages if one[0] <= last]
    values = [value for _, value in (*points, *aims, *stages)] + [target]
    values += [heading] if heading is not None else []
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)
    target_said = say_number(target, unit)
    end_said = say_number(foretold(heading), unit) if heading is not None else ""
    column = min(max(NARROWEST, width(target_said, SMALL) + 8, width(end_said, SMALL) + 8), WIDEST)
    right = WIDTH - MARGIN - column

    def x(day: date) -> float:
        return round(LEFT + (right - LEFT) * max(0, (day - first).days) / (last - first).days, 1)

    def y(value: Decimal) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * float((high - value) / span), 1)

    at = tuple((x(day), y(value)) for day, value in points)
    target_y = y(target)
    end_y = y(heading) if heading is not None else target_y
    now = say_number(points[-1][1], unit)
    shown = Trend(
        name=cut(name, BODY, INNER),
        right=right,
        points=at,
        target_y=target_y,
        target=cut(target_said, SMALL, column - 8),
        target_label_y=_inside(target_y),
        now=now,
        now_x=min(at[-1][0] + 9, right - width(now, BODY)),
        now_y=_beside(at, target_y, end_y if heading is not None else at[-1][1]),
        end=(x(last), end_y) if heading is not None else None,
        end_said=(_at(last_day) if reaches else "照此约", cut(end_said, SMALL, column - 8)),
        end_label_y=_apart(_inside(end_y), _inside(target_y)),
        today_x=x(today),
        since=say_short_day(first),
        until=say_short_day(last) if right - x(today) >= NEAREST else "",
        bottom=HEIGHT - BOTTOM,
        dots=at if len(at) <= MOST_DOTS else at[-1:],
        expected=tuple((x(day), y(value)) for day, value in aims),
        stages=tuple(Mark(x(day), y(value), day == road.current) for day, value in stages),
    )
    return Block("trend", HEIGHT, shown)


def _at(day: date) -> str:
    """When it will be so: at the end of a quarter or a month, or on another last day."""
    if (day + timedelta(days=1)).day != 1:
        return "到期约"
    return "月底约" if day.month % 3 else "季末约"


def _heading(points: Sequence[Point], ahead: Forecast, last: date, last_day: date) -> Decimal:
    """Where the value would be on the last day that is drawn."""
    if last == last_day:
        return ahead.value
    return points[-1][1] + ahead.recent * (last - points[-1][0]).days


def _inside(wanted: float) -> float:
    """Two lines of letters are said around this height."""
    return min(max(wanted, TOP), HEIGHT - BOTTOM - 10)


def _beside(points: Sequence[tuple[float, float]], target: float, end: float) -> float:
    """The base line of what is said right of the last point: below where it rises, above where it falls."""
    point = points[-1][1]
    below, above = point + 21, point - 9
    rises = end <= point and below <= HEIGHT - BOTTOM + 2
    wanted = below if rises else above
    if abs(wanted - 5 - target) < 11:
        wanted = target + 18 if wanted == below else target - 7
    return min(max(wanted, TOP - 2), HEIGHT - BOTTOM + 2)


def _apart(wanted: float, taken: float) -> float:
    """A place for two lines of letters that do not lie on two others."""
    room = 2 * APART + 2
    if abs(wanted - taken) >= room:
        return wanted
    below = taken + room
    return (
        below
        if (wanted >= taken and below <= HEIGHT - BOTTOM + 8) or taken - room < TOP - 12
        else taken - room
    )
