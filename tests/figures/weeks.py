"""What a week comes to, by docs/rules/weekly-report.md, funnels.md and forecast.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from okr.funnels import FunnelSpec
from tests.figures import by_hand
from tests.figures.by_hand import DAY, MONDAY, Q4, QUARTER_END, WEEK
from tests.figures.company import OWN_FUNNEL, STORE_FUNNEL, Company
from tests.figures.goals import AIMS, place_of, refs_of
from tests.figures.points import REGIONS, TODAY, of_person, of_store


def lags(ref: str) -> bool:
    """Ten points behind and not done: also what nobody has reported."""
    return by_hand.progress_now(ref) < 1 and by_hand.behind(ref) >= 10


def before(ref: str, monday: date) -> Fraction | None:
    return by_hand.stood(ref, monday - DAY)


def change(ref: str, monday: date = MONDAY) -> Fraction | None:
    """Since the last number before the week began; None where one of both is not known."""
    now, then = by_hand.value(ref), before(ref, monday)
    return now - then if now is not None and then is not None else None


def gained(ref: str, monday: date = MONDAY) -> Fraction:
    return by_hand.progress_now(ref) - by_hand.progress(ref, before(ref, monday))


def reported(ref: str, monday: date) -> bool:
    """Whether there is a number of this week; a mean of weeks speaks of the one before."""
    since = monday - WEEK if AIMS[ref].basis == "周均" else monday
    return any(day >= since for day in by_hand.story(ref))


def focus(number: str) -> str | None:
    """Whose lag weighs most."""
    shares = by_hand.shares_of(number)
    lagging = [ref for ref in refs_of(number) if by_hand.progress_now(ref) < 1 and by_hand.behind(ref) > 0]
    return max(lagging, key=lambda ref: shares[ref] * by_hand.behind(ref), default=None)


# --- where it is heading ---


def heading(ref: str) -> Fraction | None:
    """By least squares over four weeks, else at the pace since the start, from the last number on to the last day."""
    aim, story = AIMS[ref], by_hand.story(ref)
    is_sum = by_hand.is_sum(ref)
    first, end = by_hand.way_of(ref) if is_sum else (Q4, QUARTER_END)
    known = [(day, value) for day, value in story.items() if first <= day <= TODAY]
    finished = known[:-1] if is_sum and len(known) > 1 and known[-1][0] == TODAY else known
    if not finished:
        return None
    at = _days_along(ref, first, end) if is_sum else {first + DAY * n: Fraction(n) for n in range(92)}
    lately = [(day, value) for day, value in finished if (TODAY - day).days <= 28]
    if len(lately) >= 4 and (lately[-1][0] - lately[0][0]).days >= 10:
        pace = _slope([(at[day], value) for day, value in lately])
    else:
        day, value = finished[-1]
        pace = (value - (0 if is_sum else aim.start)) / at[day]
    day, value = finished[-1]
    found = value + pace * max(Fraction(0), at[end] - at[day])
    if is_sum:
        found = max(found, known[-1][1])
    return max(found, Fraction(0))


def _days_along(ref: str, first: date, end: date) -> dict[date, Fraction]:
    """How many usual days have passed when a day is over; all together are as many as there are days."""
    weights = {day: one for day, one in by_hand.weights(ref).items() if first <= day <= end}
    whole, passed, found = sum(weights.values(), Fraction(0)), Fraction(0), {}
    for day, one in weights.items():
        passed += one
        found[day] = passed * len(weights) / whole
    return found


def _slope(points: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    x = sum((one for one, _ in points), Fraction(0)) / len(points)
    y = sum((one for _, one in points), Fraction(0)) / len(points)
    upper = sum(((at - x) * (value - y) for at, value in points), Fraction(0))
    return upper / sum(((at - x) ** 2 for at, _ in points), Fraction(0))


# --- the funnel ---


@dataclass(frozen=True)
class Through:
    """What went through a funnel this week and in the same days of the week before; `worth`: what it brought."""

    spec: FunnelSpec
    now: list[Fraction]
    before: list[Fraction]
    worth: Fraction | None


def through(company: Company, number: str) -> Through | None:
    """A head's is that of his store; None where nothing is known of the first step."""
    place = place_of(number)
    own = number[0] == "S"
    if place in REGIONS:
        return None
    spec, belongs = (OWN_FUNNEL, of_person(number)) if own else (STORE_FUNNEL, of_store(place))
    first, last = by_hand.told_week()
    spans = ((first, last), (first - WEEK, last - WEEK))
    known = [[company.total(step, *span, belongs) for step in spec.steps] for span in spans]
    if known[0][0] is None and known[1][0] is None:
        return None
    now, then = ([one or Fraction(0) for one in some] for some in known)
    return Through(spec, now, then, company.total("sales", first, last, belongs))


def rates(counts: list[Fraction]) -> list[Fraction | None]:
    return [out / into if into else None for into, out in pairwise(counts)]


def _out(into: Fraction, shares: Sequence[Fraction | None]) -> Fraction:
    for share in shares:
        into *= share or 0
    return into


def weakest(one: Through) -> tuple[int, Fraction] | None:
    """Which step, had it gone as a week ago with all else as it is, would have brought most; at least one more."""
    now, then = rates(one.now), rates(one.before)
    filled = [here if here is not None else there for here, there in zip(now, then, strict=True)]
    would: list[tuple[Fraction, int]] = []
    if one.before[0] > one.now[0]:
        would.append((_out(one.before[0], filled), 0))
    for at, (here, there) in enumerate(zip(now, then, strict=True), 1):
        if here is not None and there is not None and there > here:
            would.append((_out(one.now[0], [*filled[: at - 1], there, *filled[at:]]), at))
    if not would:
        return None
    out, step = max(would, key=lambda each: (each[0], -each[1]))
    more = out - one.now[-1]
    return (step, Fraction(floor(more + Fraction(1, 2)))) if more >= 1 else None


def still_needed(number: str, one: Through) -> int | None:
    """What the goals lack by now, else what is missing against a week ago, by the rate of a week ago."""
    rate = _out(Fraction(1), rates(one.before))
    lacks = _lacks(number, one)
    missing = max(Fraction(0), one.before[-1] - one.now[-1]) if lacks is None else lacks
    return ceil(missing / rate) if rate and missing > 0 else None


def _lacks(number: str, one: Through) -> Fraction | None:
    for ref in refs_of(number):
        aim, value = AIMS[ref], by_hand.value(ref)
        if not by_hand.is_sum(ref) or aim.own is not one.spec.own or value is None:
            continue
        lacks = max(Fraction(0), aim.target * by_hand.expected(ref) - value)
        if aim.metric == one.spec.steps[-1]:
            return lacks
        if aim.metric == one.spec.brings and one.worth and one.now[-1]:
            return lacks * one.now[-1] / one.worth
    return None
