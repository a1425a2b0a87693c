"""What a month has brought of what it was to bring."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from okr.attainment import Attained, Month, attained, month_of
from okr.objectives import Basis, Kind, Measure
from tests.okr.goals import Q4, key_result, number

D = Decimal
OCTOBER = Month(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = Month(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2026-11-24", NOVEMBER),
        ("2026-11-01", NOVEMBER),
        ("2026-11-30", NOVEMBER),
        ("2026-12-31", Month(date(2026, 12, 1), date(2026, 12, 31))),
        ("2027-01-05", Month(date(2026, 12, 1), date(2026, 12, 31))),
        ("2026-09-28", OCTOBER),
    ],
)
def test_a_month_lies_within_the_cycle(day: str, month: Month) -> None:
    assert month_of(date.fromisoformat(day), Q4) == month


@pytest.mark.parametrize(
    ("start", "target", "had", "value", "more", "month", "found"),
    [
        # ten a day after the first: 300 by the end of October, 600 by the end of November, 910 at the end
        ("0", "910", "300", "450", {}, NOVEMBER, Attained(D("0.5"), D(150), D(300))),
        ("0", "910", None, "300", {}, OCTOBER, Attained(D(1), D(300), D(300))),
        ("0", "910", "400", "400", {}, NOVEMBER, Attained(D(0), D(0), D(300))),
        ("0", "910", "400", "370", {}, NOVEMBER, Attained(D("-0.1"), D(-30), D(300))),
        ("8", "5.27", "7.1", "6.5", {}, NOVEMBER, Attained(D("2") / 3, D("-0.6"), D("-0.9"))),
        ("0", "200", "900", "150", {"basis": Basis.MONTH}, NOVEMBER, Attained(D("0.75"), D(150), D(200))),
        ("0", "910", None, None, {}, NOVEMBER, Attained(D(0), D(0), D(300))),
    ],
)
def test_of_what_the_month_was_to_bring(
    start: str, target: str, had: str | None, value: str | None, more: Any, month: Month, found: Attained
) -> None:
    kr = key_result(34, number(start, target, **more), value)
    made = attained(kr, Q4, month, None if had is None else D(had))

    assert made.share is not None
    assert found.share is not None
    assert [round(one, 9) for one in (made.share, made.gained or D(0), made.wanted or D(0))] == [
        round(one, 9) for one in (found.share, found.gained or D(0), found.wanted or D(0))
    ]


def test_what_is_not_done_in_part_is_its_progress() -> None:
    assert attained(key_result(36, Measure(Kind.BOOLEAN)), Q4, NOVEMBER, None) == Attained(D(0))
