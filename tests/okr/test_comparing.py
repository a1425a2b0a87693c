"""The period before, the year before, and shops that can be compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from okr.comparing import Open, Period, alike, before, growth, over, year_before
from okr.metrics import Window

D = Decimal
DAY, WEEK, MONTH, QUARTER = Period


def window(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("period", "now", "then"),
    [
        (MONTH, ("2026-11-01", "2026-11-24"), ("2026-10-01", "2026-10-24")),
        (MONTH, ("2026-11-01", "2026-11-01"), ("2026-10-01", "2026-10-01")),
        (MONTH, ("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31")),
        (MONTH, ("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
        (QUARTER, ("2026-10-01", "2026-11-24"), ("2026-07-01", "2026-08-24")),
        (QUARTER, ("2026-10-01", "2026-10-20"), ("2026-07-01", "2026-07-20")),
        (QUARTER, ("2026-01-01", "2026-03-30"), ("2025-10-01", "2025-12-28")),
        (QUARTER, ("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (QUARTER, ("2026-04-01", "2026-06-30"), ("2026-01-01", "2026-03-31")),
        (QUARTER, ("2026-04-01", "2026-06-29"), ("2026-01-01", "2026-03-31")),
        (WEEK, ("2026-11-23", "2026-11-24"), ("2026-11-16", "2026-11-17")),
        (WEEK, ("2026-11-23", "2026-11-23"), ("2026-11-16", "2026-11-16")),
        (WEEK, ("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15")),
        (DAY, ("2026-11-24", "2026-11-24"), ("2026-11-23", "2026-11-23")),
    ],
)
def test_the_same_part_of_the_period_before(
    period: Period, now: tuple[str, str], then: tuple[str, str]
) -> None:
    assert before(window(*now), period) == window(*then)


@pytest.mark.parametrize(
    ("period", "now", "then"),
    [
        (MONTH, ("2028-02-01", "2028-02-29"), ("2027-02-01", "2027-02-28")),
        (MONTH, ("2029-02-01", "2029-02-28"), ("2028-02-01", "2028-02-29")),
        (MONTH, ("2029-02-01", "2029-02-27"), ("2028-02-01", "2028-02-27")),
        (QUARTER, ("2026-10-01", "2026-11-24"), ("2025-10-01", "2025-11-24")),
        (WEEK, ("2026-11-16", "2026-11-22"), ("2025-11-17", "2025-11-23")),
        (DAY, ("2026-11-22", "2026-11-22"), ("2025-11-23", "2025-11-23")),
    ],
)
def test_the_same_days_of_the_year_before(
    period: Period, now: tuple[str, str], then: tuple[str, str]
) -> None:
    assert year_before(window(*now), period) == window(*then)


def test_a_day_that_is_not_over_is_no_day_yet() -> None:
    today = date(2026, 11, 24)
    assert over(window("2026-11-01", "2026-11-24"), today) == window("2026-11-01", "2026-11-23")
    assert over(window("2026-11-16", "2026-11-22"), today) == window("2026-11-16", "2026-11-22")
    assert over(window("2026-11-24", "2026-11-24"), today) == window("2026-11-24", "2026-11-24")


def test_only_shops_open_in_both_and_by_the_days_they_were_open() -> None:
    now = {"old": Open(D(240), 24), "half": Open(D(60), 12), "new": Open(D(500), 24)}
    then = {"old": Open(D(200), 24), "half": Open(D(100), 24), "closed": Open(D(900), 24)}

    found = alike(now, then)

    assert (found.shops, found.now, found.then) == (2, D(300), D(250))
    assert growth(found.now, found.then) == D("0.2")


@pytest.mark.parametrize(
    ("now", "then", "grown"),
    [
        (D(110), D(100), D("0.1")),
        (D(90), D(100), D("-0.1")),
        (D(1), D(0), None),
        (D(1), D(-5), None),
        (None, D(1), None),
        (D(1), None, None),
    ],
)
def test_growth(now: Decimal | None, then: Decimal | None, grown: Decimal | None) -> None:
    assert growth(now, then) == grown
