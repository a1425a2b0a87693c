from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.cycle import Period
from okr.expected import Stage, expected, expected_of
from okr.objectives import Kind, Measure, Milestone
from tests.okr.goals import Q4, TODAY, key_result, number
from tests.okr.worked import rows

STAGES: list[Stage] = [(date(2026, 11, 30), Decimal("0.7")), (date(2026, 10, 31), Decimal("0.2"))]
days = st.dates(date(2026, 9, 1), date(2027, 1, 31))


@pytest.mark.parametrize("row", rows("expected", "按时间"))
def test_the_line_of_the_page(row: dict[str, str]) -> None:
    cycle = Period("", date.fromisoformat(row["第一天"]), date.fromisoformat(row["最后一天"]))
    over, _, under = row["该到"].partition("/")
    assert expected(cycle, date.fromisoformat(row["今天"])) == Decimal(over) / Decimal(under or 1)


@pytest.mark.parametrize("row", rows("expected", "阶段目标"))
def test_the_stages_of_the_page(row: dict[str, str]) -> None:
    assert expected(Q4, date.fromisoformat(row["今天"]), stages=STAGES) == Decimal(row["该到"])


def test_the_line_ends_on_a_deadline_of_its_own() -> None:
    assert expected(Q4, date(2026, 10, 16), due=date(2026, 10, 31)) == Decimal("0.5")
    assert expected(Q4, date(2026, 10, 31), due=date(2026, 10, 31)) == 1
    assert expected(Q4, date(2026, 9, 1), due=date(2026, 9, 15)) == 0


def test_a_cycle_of_one_day_is_due_on_it() -> None:
    assert expected(Period("", TODAY, TODAY), TODAY) == 1
    assert expected(Period("", TODAY, TODAY), TODAY - timedelta(days=1)) == 0


def test_yes_or_no_is_never_expected_in_part() -> None:
    kr = key_result(1, Measure(Kind.BOOLEAN), due=TODAY)
    assert [expected_of(kr, Q4, TODAY + timedelta(days=step)) for step in (-1, 0, 1)] == [0, 0, 1]


def test_a_maintained_value_is_always_expected_inside() -> None:
    assert expected_of(key_result(1, Measure(Kind.MAINTAIN, high=Decimal(2))), Q4, Q4.start) == 1


def test_dated_milestones_are_expected_after_their_day() -> None:
    dated = Milestone("选址", due=date(2026, 11, 22)), Milestone("开业", Decimal(3), due=TODAY)
    kr = key_result(1, Measure(Kind.MILESTONE, milestones=dated))
    assert expected_of(kr, Q4, TODAY) == Decimal("0.25")


def test_milestones_without_every_date_follow_the_line() -> None:
    some = Milestone("选址", due=date(2026, 11, 22)), Milestone("开业")
    kr = key_result(1, Measure(Kind.MILESTONE, milestones=some))
    assert expected_of(kr, Q4, TODAY) == Decimal(53) / 91


@given(pair=st.tuples(days, days), due=st.none() | days, staged=st.booleans())
def test_what_is_expected_never_falls(pair: tuple[date, date], due: date | None, staged: bool) -> None:
    stages = STAGES if staged else []
    earlier, later = (expected(Q4, day, due=due, stages=stages) for day in sorted(pair))
    assert 0 <= earlier <= later <= 1


@given(day=days)
def test_a_number_follows_the_calendar_exactly(day: date) -> None:
    share = Fraction(min(91, max(0, (day - Q4.start).days)), 91)
    assert abs(Fraction(expected_of(key_result(1, number("0", "1")), Q4, day)) - share) < Fraction(1, 10**20)
