"""What looks wrong in the numbers that a source brings: a jump within a day, a sum that has become smaller.

Looked for in what a key result has shown, a value a day (docs/rules/metrics.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from okr.objectives import Basis

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
USUAL = 3
"""So many days make a usual one, where the same day a week ago is not known."""


class Odd(StrEnum):
    JUMP = "jump"
    FALL = "fall"


@dataclass(frozen=True, slots=True)
class Oddity:
    """`share`: of a jump, the day as a part of what it was before; of a fall, how much of the sum is lost."""

    kind: Odd
    day: date
    share: Decimal


def adds_up(kind: str, basis: Basis) -> bool:
    """Whether a key result shows a sum that only grows. `kind`: of its metric."""
    return kind == "cumulative" and basis in (Basis.QUARTER, Basis.MONTH)


def look(
    days: Sequence[tuple[date, Decimal]], *, summed: bool, monthly: bool, today: date, most: Decimal
) -> Oddity | None:
    """What is odd about the newest of these days. `most`: a change by more than this part is a jump.

    A day of a sum is compared with the same weekday a week before, else with the mean of the days known: at weekends
    shops sell more. A day that is not over has no usual.
    """
    if len(days) < 2:
        return None
    (before, was), (newest, value) = days[-2:]
    if not summed:
        changed = was != 0 and newest - before == DAY and abs(value - was) > most * abs(was)
        return Oddity(Odd.JUMP, newest, value / was) if changed else None
    same_month = (before.year, before.month) == (newest.year, newest.month)
    if value < was and (same_month or not monthly):
        return Oddity(Odd.FALL, newest, (was - value) / was if was > 0 else Decimal(1))
    return _unusual(_gains(days, monthly=monthly), today, most)


def _gains(days: Sequence[tuple[date, Decimal]], *, monthly: bool) -> dict[date, Decimal]:
    found: dict[date, Decimal] = {}
    for (before, was), (day, value) in pairwise(days):
        if day - before == DAY and not (monthly and day.day == 1):
            found[day] = value - was
    return found


def _unusual(gains: dict[date, Decimal], today: date, most: Decimal) -> Oddity | None:
    finished = sorted(day for day in gains if day < today)
    if not finished or finished[-1] != today - DAY:
        return None
    newest = finished[-1]
    others = [gains[day] for day in finished[:-1]]
    usual = gains.get(newest - WEEK)
    if usual is None and len(others) >= USUAL:
        usual = sum(others, Decimal(0)) / len(others)
    if usual is None or usual <= 0 or abs(gains[newest] - usual) <= most * usual:
        return None
    return Oddity(Odd.JUMP, newest, gains[newest] / usual)
