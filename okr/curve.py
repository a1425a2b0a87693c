"""The way to a target by days that are not alike: weekends and holidays carry more (docs/rules/day-targets.md)."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from itertools import accumulate

ZERO = Decimal(0)
ONE = Decimal(1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Curve:
    """The weight of each day from the first on. `monthly`: the way begins anew with each month (本月累计).

    `told_by`: the unit whose history it is; empty where all open days weigh the same. `own`: it is the one that the
    target is for, not one above it. `days`: how many days of it there were before `until`. `weekdays`: Monday to Sunday in
    thousandths of a usual day.
    """

    first: date
    weights: tuple[int, ...]
    monthly: bool = False
    told_by: str = ""
    own: bool = False
    days: int = 0
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    _sums: tuple[int, ...] = ()

    @property
    def last(self) -> date:
        return self.first + DAY * (len(self.weights) - 1)

    def span(self, today: date) -> tuple[date, date]:
        """The first and the last day of the way that `today` lies on."""
        if not self.monthly:
            return self.first, self.last
        day = min(max(today, self.first), self.last)
        month_end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY
        return max(self.first, day.replace(day=1)), min(self.last, month_end)

    def weight(self, day: date) -> int:
        return self.between(day, day)

    def between(self, first: date, last: date) -> int:
        """What the days from `first` to `last` weigh together, both included; days outside weigh nothing."""
        begin = max(0, (first - self.first).days)
        end = min(len(self.weights), (last - self.first).days + 1)
        return self._sums[end] - self._sums[begin] if end > begin else 0

    def share(self, today: date) -> Decimal:
        """The part of the way that the days before `today` carry: 0 on the first day, 1 from the last on."""
        if today >= self.last:
            return ONE
        first, last = self.span(today)
        whole = self.between(first, last)
        return Decimal(self.between(first, today - DAY)) / whole if whole else ZERO

    def expected(self, start: Decimal, target: Decimal, today: date) -> Decimal:
        """How far, of 1, a sum that begins at 0 should be on its way from start to target."""
        if today >= self.last:
            return ONE
        way = (target * self.share(today) - start) / (target - start)
        return min(ONE, max(ZERO, way))

    def axis(self, day: date) -> Decimal:
        """How many usual days have passed when `day` is over; all of them are as many as there are days."""
        whole = self._sums[-1]
        if day > self.last:
            return Decimal(len(self.weights) + (day - self.last).days)
        return Decimal(self.between(self.first, day)) * len(self.weights) / whole

    def arrival(self, axis: Decimal) -> date:
        """The first day on which so many usual days have passed; after the last day all are usual."""
        count = len(self.weights)
        if axis > count:
            return self.last + DAY * int((axis - count).to_integral_value(rounding=ROUND_CEILING))
        reached = axis * self._sums[-1] / count
        place = bisect_left(self._sums, reached)
        return self.first + DAY * max(0, place - 1)

    def part(self, first: date, last: date) -> Curve:
        """The same days, from one to another."""
        begin, end = max(0, (first - self.first).days), (last - self.first).days + 1
        return curve(max(first, self.first), self.weights[begin:end])


def curve(  # each says something else about the same days
    first: date,
    weights: Sequence[int],
    *,
    monthly: bool = False,
    told_by: str = "",
    own: bool = False,
    days: int = 0,
    weekdays: Sequence[int] = (),
    until: date | None = None,
) -> Curve:
    sums = (0, *accumulate(weights))
    return Curve(first, tuple(weights), monthly, told_by, own, days, tuple(weekdays), until, sums)


def curve_text(made: Curve) -> str:
    """A curve as it is kept."""
    kept = {
        "first": made.first.isoformat(),
        "weights": made.weights,
        "monthly": made.monthly,
        "by": made.told_by,
        "own": made.own,
        "days": made.days,
        "week": made.weekdays,
        "until": made.until.isoformat() if made.until else None,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def curve_of(text: str) -> Curve | None:
    """A curve from what is kept."""
    if not text:
        return None
    kept = json.loads(text)
    return curve(
        date.fromisoformat(kept["first"]),
        kept["weights"],
        monthly=kept["monthly"],
        told_by=kept["by"],
        own=kept["own"],
        days=kept["days"],
        weekdays=kept["week"],
        until=date.fromisoformat(kept["until"]) if kept["until"] else None,
    )
