"""What figures come to, worked out from the raw points by the words of docs/rules, slow and plain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import floor

from tests.figures.company import (
    CLOSED,
    PART_TIME,
    POLICY,
    Company,
    closed_at,
    name_of,
)
from tests.figures.goals import AIMS, EVENINGS, feeds, owner_of, place_of, refs_of
from tests.figures.points import (
    METRICS,
    REGIONS,
    STORES,
    TODAY,
    Belongs,
    Raw,
    known_on,
    of_person,
    of_store,
    sellers_of,
)

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Q4, NOVEMBER, MONDAY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 23)
YESTERDAY = TODAY - DAY
SPANS = {
    "今天": (TODAY, TODAY),
    "昨天": (YESTERDAY, YESTERDAY),
    "本周": (MONDAY, TODAY),
    "上周": (MONDAY - WEEK, MONDAY - DAY),
    "本月": (NOVEMBER, TODAY),
    "本季": (Q4, TODAY),
}
QUARTER_END, MONTH_END = date(2026, 12, 31), date(2026, 11, 30)
FIRST_MONDAY, LAST_SUNDAY = date(2026, 10, 5), date(2026, 12, 27)
"""Between which the weeks of the quarter are whole."""
BIG_DAYS = ((6, 18), (11, 11), (12, 12))


@cache
def value(ref: str, on: date = TODAY) -> Fraction | None:
    """As it was recorded on an evening, by the table of docs/rules/metrics.md; of what is typed, what was typed."""
    aim, belongs, known = AIMS[ref], next(feeds(ref)), known_on(on)
    if not aim.metric:
        return next((Fraction(number) for day, number in reversed(aim.typed) if day <= on), None)
    first, last = counted(ref, on)
    if aim.basis == "日均":
        days = known.days(aim.metric, first, last, belongs)
        return sum(days.values(), Fraction(0)) / len(days)
    if aim.basis == "周均":
        weeks: dict[date, Fraction] = {}
        for day, brought in known.days(aim.metric, first, last, belongs).items():
            weeks[monday_of(day)] = weeks.get(monday_of(day), Fraction(0)) + brought
        return sum(weeks.values(), Fraction(0)) / len(weeks)
    return known.total(aim.metric, first, last, belongs)


def counted(ref: str, on: date = TODAY) -> tuple[date, date]:
    """The days that its number is over."""
    basis = AIMS[ref].basis
    if basis == "周均":
        return FIRST_MONDAY, monday_of(on) - DAY
    return NOVEMBER if basis == "本月累计" else Q4, on - DAY if basis == "日均" else on


def monday_of(day: date) -> date:
    return day - DAY * day.weekday()


@cache
def story(ref: str) -> dict[date, Fraction]:
    """What it stood at, by the day that the number speaks of: that of its newest point, or on which it was typed."""
    aim, belongs = AIMS[ref], next(feeds(ref))
    found: dict[date, Fraction] = {}
    for evening in EVENINGS:
        if not aim.metric:
            found |= {day: Fraction(number) for day, number in aim.typed if day == evening}
        elif (one := value(ref, evening)) is not None:
            spec, days = METRICS[aim.metric], counted(ref, evening)
            sides = [spec.numerator, spec.denominator] if spec.kind == "ratio" else [aim.metric]
            some = [point.day for side in sides for point in known_on(evening).points(side, *days, belongs)]
            found[max(some)] = one
    return dict(sorted(found.items()))


def stood(ref: str, on: date) -> Fraction | None:
    """The last number that spoke of that day or one before."""
    return next((one for day, one in reversed(story(ref).items()) if day <= on), None)


def progress(ref: str, reached: Fraction | None) -> Fraction:
    """Of 1, at most all of it; what nobody has reported is nothing."""
    aim = AIMS[ref]
    if reached is None:
        return Fraction(0)
    return max(Fraction(0), min(Fraction(1), (reached - aim.start) / (aim.target - aim.start)))


def progress_now(ref: str) -> Fraction:
    return progress(ref, value(ref))


def shares_of(number: str) -> dict[str, Fraction]:
    """What each key result of somebody weighs: alike, in millionths that add up to 1."""
    refs = refs_of(number)
    even, rest = divmod(10**6, len(refs))
    return {ref: Fraction(even + (at < rest), 10**6) for at, ref in enumerate(refs)}


def reached(number: str, on: date | None = None) -> Fraction:
    """How far somebody has come with his goal: the weighted mean."""
    return sum(
        (
            share * (progress_now(ref) if on is None else progress(ref, stood(ref, on)))
            for ref, share in shares_of(number).items()
        ),
        Fraction(0),
    )


@cache
def expected(ref: str) -> Fraction:
    """By the days' weights for a sum that data feed, as they were known when its goal came into force; else by the line."""
    if not is_sum(ref):
        return Fraction((TODAY - Q4).days, (QUARTER_END - Q4).days)
    first, last = way_of(ref)
    of_days = weights(ref)
    spent = sum((weight for day, weight in of_days.items() if first <= day < TODAY), Fraction(0))
    return spent / sum((weight for day, weight in of_days.items() if first <= day <= last), Fraction(0))


def is_sum(ref: str) -> bool:
    return AIMS[ref].basis in ("本季累计", "本月累计")


def way_of(ref: str) -> tuple[date, date]:
    return (NOVEMBER, MONTH_END) if AIMS[ref].basis == "本月累计" else (Q4, QUARTER_END)


def behind(ref: str) -> int:
    """By how many points it lags, of the whole percents that people see; negative where it is ahead."""
    return percent(expected(ref)) - percent(progress_now(ref))


def percent(share: Fraction) -> int:
    return floor(share * 100 + Fraction(1, 2))


@cache
def weights(ref: str) -> dict[date, Fraction]:
    """Of every day of the quarter, by docs/rules/day-targets.md: by its own history, else by that of the next place above.

    A sum's are made when its goal comes into force, of what was known then; a mean's anew every day.
    """
    place = place_of(owner_of(ref))
    closed = CLOSED.get(place, set()) if place in REGIONS else closed_at(place)
    until = EVENINGS[0] if is_sum(ref) else TODAY
    of_metric = [one for one in known_on(until).raw if one.metric == AIMS[ref].metric]
    for belongs in feeds(ref):
        found = _weighed([one for one in of_metric if belongs(one)], until)
        if found is not None:
            return {day: Fraction(0) if day in closed else weight for day, weight in found.items()}
    return {Q4 + DAY * n: Fraction(Q4 + DAY * n not in closed) for n in range(92)}


def _weighed(raw: Sequence[Raw], until: date) -> dict[date, Fraction] | None:
    """What the same weekday has brought of late; None where there is too little to tell."""
    calendar, half_a_year, a_year = POLICY.calendar, until - DAY * 182, until - DAY * 400
    sums: dict[date, Fraction] = {}
    for one in raw:
        if a_year <= one.day < until:
            sums[one.day] = sums.get(one.day, Fraction(0)) + one.value
    known = {day: max(brought, Fraction(0)) for day, brought in sums.items()}
    usual = {
        day: brought
        for day, brought in known.items()
        if day not in calendar.holidays
        and (day.month, day.day) not in BIG_DAYS
        and not (day in calendar.workdays and day.weekday() >= 5)
    }
    lately = {day: brought for day, brought in usual.items() if day >= half_a_year}
    some = [[brought for day, brought in lately.items() if day.weekday() == one] for one in range(7)]
    if len(lately) < 42 or any(0 < len(one) < 4 for one in some):
        return None
    means = [sum(one, Fraction(0)) / len(one) if one else Fraction(0) for one in some]
    level = sum(means, Fraction(0)) / sum(bool(one) for one in some)
    week = [_thousandths(mean / level) for mean in means]
    feasts = [brought for day, brought in known.items() if day in calendar.holidays]
    feast = (
        _thousandths(sum(feasts, Fraction(0)) / len(feasts) / level) if len(feasts) >= 3 else max(week[5:])
    )
    found: dict[date, Fraction] = {}
    for n in range(92):
        day = Q4 + DAY * n
        found[day] = week[day.weekday()]
        if day in calendar.holidays:
            found[day] = feast
        elif day in calendar.workdays and day.weekday() >= 5:
            found[day] = _thousandths(sum(week[:5], Fraction(0)) / 5)
        elif (day.month, day.day) in BIG_DAYS:
            found[day] = _thousandths(week[day.weekday()] * _sale(day.replace(year=2025), known, usual))
    return found


def _sale(last_year: date, known: dict[date, Fraction], usual: dict[date, Fraction]) -> Fraction:
    """What such a day was a year ago against the same weekday of the four weeks before it; 1 where nothing is known."""
    same = [usual[day] for n in (7, 14, 21, 28) if (day := last_year - DAY * n) in usual]
    if last_year not in known or len(same) < 2 or not any(same):
        return Fraction(1)
    return _thousandths(known[last_year] / (sum(same, Fraction(0)) / len(same)))


def _thousandths(value: Fraction) -> Fraction:
    return Fraction(floor(value * 1000 + Fraction(1, 2)), 1000)


def told_week() -> tuple[date, date]:
    """Up to the newest day that has been told of by four in the afternoon."""
    newest = max(one.at for one in known_on(TODAY).raw) + timedelta(hours=8)
    last = newest.date() if newest.hour >= 16 else newest.date() - DAY
    return MONDAY, min(last, TODAY)


def _fields(kind: str) -> dict[str, Belongs]:
    if kind == "门店":
        return {store: of_store(store) for store in STORES}
    if kind == "区域":
        return {region: of_store(*stores) for region, stores in REGIONS.items()}
    return {name_of(one): of_person(one) for store in STORES for one in sellers_of(store) if one != PART_TIME}


def placed(values: dict[str, Fraction]) -> dict[str, int]:
    """Equal ones share a place, and the next follows without a gap."""
    steps = sorted(set(values.values()), reverse=True)
    return {name: steps.index(value) + 1 for name, value in values.items()}


def values_of(company: Company, kind: str, metric: str, first: date, last: date) -> dict[str, Fraction]:
    return {
        name: value
        for name, belongs in _fields(kind).items()
        if (value := company.total(metric, first, last, belongs)) is not None
    }


def part_before(span: str) -> tuple[tuple[date, date], tuple[date, date]]:
    """The days that are over, and the same part of the period before."""
    first, last = SPANS[span]
    last = YESTERDAY if last == TODAY and first < TODAY else last
    if span in ("今天", "昨天"):
        then = (first - DAY, last - DAY)
    elif span in ("本周", "上周"):
        then = (first - WEEK, last - WEEK)
    elif span == "本月":
        then = (date(2026, 10, 1), date(2026, 10, 1) + (last - first))
    else:
        then = (date(2026, 7, 1), date(2026, 7, 1) + (last - first))
    return (first, last), then


def year_before(span: str) -> tuple[date, date]:
    """The same days of the year before; of a day or a week the same weekdays."""
    first, last = part_before(span)[0]
    if span in ("本月", "本季"):
        return first.replace(year=first.year - 1), last.replace(year=last.year - 1)
    return first - WEEK * 52, last - WEEK * 52


def open_at(store: str, first: date, last: date, metric: str = "sales") -> dict[date, Fraction]:
    """What a store has counted on each day that it was open: those that have points and were not said to be closed."""
    days = known_on(TODAY).days(metric, first, last, of_store(store))
    return {day: one for day, one in days.items() if day not in closed_at(store)}
