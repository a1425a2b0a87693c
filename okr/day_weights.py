"""How much of a week's work each day carries, by a place's own history (docs/rules/day-targets.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from okr.workdays import SATURDAY, OfficeCalendar

USUAL = 1000
"""The weight of a day like any other."""
LOOKS_BACK = 400
"""Days of history that tell of holidays: last year's are among them."""
LATELY = 182
"""Days of history that tell of the week."""
FEWEST_DAYS = 42
FEWEST_OF_A_WEEKDAY = 4
FEWEST_HOLIDAYS = 3
PROMOTIONS = ((6, 18), (11, 11), (12, 12))
"""Month and day of what is celebrated with sales."""
_BEFORE = 28


@dataclass(frozen=True, slots=True)
class DayWeights:
    """In thousandths of a usual day. `weekdays`: Monday first, 0 where it is closed; `holiday`: None where unknown.

    `promotions`: what each such day was against its weekday, in thousandths. `days`: how many days of history spoke.
    """

    weekdays: tuple[int, ...]
    holiday: int | None = None
    promotions: tuple[tuple[date, int], ...] = ()
    days: int = 0

    def of(self, day: date, calendar: OfficeCalendar, closed: Collection[date] = ()) -> int:
        """What one day weighs. A weekend that is worked (调休) weighs what the days from Monday to Friday do."""
        if day in closed:
            return 0
        if day in calendar.holidays and self.holiday is not None:
            return self.holiday
        if day in calendar.holidays:
            return max(self.weekdays[SATURDAY:])
        if day in calendar.workdays and day.weekday() >= SATURDAY:
            return _rounded(Decimal(sum(self.weekdays[:SATURDAY])) / SATURDAY)
        usual = self.weekdays[day.weekday()]
        return _rounded(Decimal(usual * self._against_usual(day)) / USUAL)

    def _against_usual(self, day: date) -> int:
        """Of a promotion what it was a year before: what a day should bring does not follow from what it has brought."""
        same = [
            (one, ratio)
            for one, ratio in self.promotions
            if one < day and (one.month, one.day) == (day.month, day.day)
        ]
        return max(same)[1] if same else USUAL


EVEN = DayWeights((USUAL,) * 7, USUAL)


def weigh(history: Mapping[date, Decimal], today: date, calendar: OfficeCalendar) -> DayWeights | None:
    """The weights that a history tells; None where it is too short.

    `history`: what each finished day before `today` came to; days without points are not in it. A weekday on which
    nothing has ever come in is closed.
    """
    known = {
        day: max(Decimal(0), value)
        for day, value in history.items()
        if today - timedelta(days=LOOKS_BACK) <= day < today
    }
    usual = {day: value for day, value in known.items() if _is_usual(day, calendar)}
    lately = {day: value for day, value in usual.items() if day >= today - timedelta(days=LATELY)}
    by_weekday = [[value for day, value in lately.items() if day.weekday() == one] for one in range(7)]
    if len(lately) < FEWEST_DAYS or any(0 < len(some) < FEWEST_OF_A_WEEKDAY for some in by_weekday):
        return None
    means = [_mean(some) for some in by_weekday]
    open_ = [mean for some, mean in zip(by_weekday, means, strict=True) if some]
    level = _mean(open_)
    if not level:
        return None
    weekdays = tuple(_rounded(mean * USUAL / level) for mean in means)
    return DayWeights(
        weekdays, _holiday(known, calendar, level), _promotions(known, usual, calendar), len(lately)
    )


def _is_usual(day: date, calendar: OfficeCalendar) -> bool:
    if day in calendar.holidays or (day.month, day.day) in PROMOTIONS:
        return False
    return not (day in calendar.workdays and day.weekday() >= SATURDAY)


def _holiday(known: Mapping[date, Decimal], calendar: OfficeCalendar, level: Decimal) -> int | None:
    values = [value for day, value in known.items() if day in calendar.holidays]
    return _rounded(_mean(values) * USUAL / level) if len(values) >= FEWEST_HOLIDAYS else None


def _promotions(
    known: Mapping[date, Decimal], usual: Mapping[date, Decimal], calendar: OfficeCalendar
) -> tuple[tuple[date, int], ...]:
    """Each against the same weekday of the four weeks before it."""
    found: list[tuple[date, int]] = []
    for day in sorted(known):
        if (day.month, day.day) not in PROMOTIONS or day in calendar.holidays:
            continue
        same = [usual[one] for n in range(7, _BEFORE + 1, 7) if (one := day - timedelta(days=n)) in usual]
        if len(same) >= 2 and _mean(same):
            found.append((day, _rounded(known[day] * USUAL / _mean(same))))
    return tuple(found)


def _mean(values: Collection[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values) if values else Decimal(0)


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
