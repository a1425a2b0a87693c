"""Rules for a new reading: what it makes of the last one, and when it is asked about first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from okr.objectives import Kind, Measure
from okr.refusals import NotANumberGoal, OutOfRange

ZERO = Decimal(0)
ONE = Decimal(1)
TEN_THOUSAND = Decimal(10_000)
HALF = Decimal("0.5")
LARGEST = Decimal(10) ** 15
"""Beyond this a number is a slip of the finger."""
RUNGS = (ZERO, Decimal("0.3"), Decimal("0.7"), ONE)
"""The values of an ordinal key result: nothing, commit, target, stretch."""


class Way(StrEnum):
    """How a reported number is meant."""

    SET = "set"
    ADD = "add"


class Entry(Protocol):
    """One line of a key result's history. `on_at`, aware, is the moment it speaks of; ids only grow."""

    @property
    def id(self) -> int: ...

    @property
    def on_at(self) -> datetime: ...

    @property
    def value(self) -> Decimal | None: ...

    @property
    def taken_back(self) -> bool: ...


EntryT = TypeVar("EntryT", bound=Entry)


def next_value(
    measure: Measure, current: Decimal | None, amount: Decimal, way: Way = Way.SET, *, ref: str = ""
) -> Decimal:
    """The value after a report: `amount` itself, or a change from the last value, before any from the start.

    Raises NotANumberGoal for a milestone list (and for changes of what has no number), OutOfRange for what
    cannot be a value here.
    """
    kind = measure.kind
    if kind is Kind.MILESTONE or (way is Way.ADD and kind in (Kind.BOOLEAN, Kind.ORDINAL)):
        raise NotANumberGoal(ref, str(kind))
    value = amount if way is Way.SET else _base(measure, current) + amount
    if not value.is_finite() or abs(value) > LARGEST:
        raise OutOfRange(value, -LARGEST, LARGEST, ref)
    if kind is Kind.BOOLEAN and value not in (ZERO, ONE):
        raise NotANumberGoal(ref, str(kind))
    if kind is Kind.ORDINAL and value not in RUNGS:
        raise OutOfRange(value, ZERO, ONE, ref)
    return value


def is_jump(measure: Measure, old: Decimal | None, new: Decimal) -> bool:
    """Whether a value moved by more than half of the whole way, so that it is asked back once.

    The first report is compared with the start. Only numbers jump: what is kept within a band or done at once
    has no way to go.
    """
    if measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return False
    before = measure.start if old is None else old
    return abs(new - before) > abs(measure.target - measure.start) * HALF


def falls(measure: Measure, old: Decimal | None, new: Decimal) -> bool:
    """Whether a sum became smaller, which sums do not: to be asked about, a refund or a slip."""
    return measure.cumulative and old is not None and new < old


def in_ten_thousands(measure: Measure, old: Decimal | None, new: Decimal) -> Decimal | None:
    """What a number comes to that may have been said in 万: ten thousand times, where that goes on towards the target.

    150 after 1,310,000 on the way to 2,400,000 is likely 1,500,000. None where it fits nothing, or would be beyond the target.
    """
    if measure.kind is not Kind.NUMBER or measure.start is None or measure.target is None:
        return None
    before = measure.start if old is None else old
    meant = new * TEN_THOUSAND
    if abs(before - new) < TEN_THOUSAND:
        return None
    low, high = sorted((before, measure.target))
    return meant if low <= meant <= high else None


def entry_on(history: Iterable[EntryT], day: date, zone: tzinfo) -> EntryT | None:
    """The last entry with a value that spoke of a moment no later than that day's end, in whatever order.

    What was taken back never was. Of two entries of the same moment the later recorded holds.
    """
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    found: EntryT | None = None
    for entry in history:
        if entry.value is None or entry.taken_back or entry.on_at >= midnight:
            continue
        if found is None or (entry.on_at, entry.id) > (found.on_at, found.id):
            found = entry
    return found


def value_on(history: Iterable[Entry], day: date, zone: tzinfo) -> Decimal | None:
    """The value that held at the end of a day; None where nothing was known."""
    entry = entry_on(history, day, zone)
    return entry.value if entry else None


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """A rate in percent as people say it (9 of 100 is 9). None is 无数据: of nothing there is no rate.

    Over several days both sides are summed first: else a quiet day would weigh as much as a busy one.
    """
    return numerator * 100 / denominator if denominator else None


def _base(measure: Measure, current: Decimal | None) -> Decimal:
    return current if current is not None else measure.start or ZERO
