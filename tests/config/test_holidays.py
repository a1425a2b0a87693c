"""The office calendar as it comes from bot.yaml, by the worked days of its page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.holidays import office_calendar
from config.settings import Calendar
from okr.policy import SHANGHAI
from tests.okr.worked import rows

USUAL = office_calendar(Calendar())
days = st.dates(date(2004, 1, 1), date(2030, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("row", rows("workdays", "上不上班"))
def test_whether_the_office_works(row: dict[str, str]) -> None:
    assert USUAL.is_workday(day(row["日子"])) is (row["上班"] == "是")


@pytest.mark.parametrize("row", rows("workdays", "第几个工作日"))
def test_the_nth_working_day(row: dict[str, str]) -> None:
    assert USUAL.after(day(row["从"]), int(row["之后第几个"])) == day(row["是"])


@pytest.mark.parametrize("row", rows("workdays", "之前最近的"))
def test_the_working_day_before(row: dict[str, str]) -> None:
    assert USUAL.on_or_before(day(row["日子"])) == day(row["挪到"])


@pytest.mark.parametrize("row", rows("workdays", "最后一个工作日"))
def test_the_last_of_a_week_and_of_a_month(row: dict[str, str]) -> None:
    last = USUAL.last_of_week(day(row["日子"]))
    assert (last.isoformat() if last else "没有") == row["这一周"]
    assert USUAL.last_of_month(day(row["日子"])) == day(row["这个月"])


def test_the_company_comes_before_the_state() -> None:
    calendar = office_calendar(
        Calendar(holidays=(date(2026, 10, 10), date(2027, 10, 1)), workdays=(date(2026, 10, 1),))
    )
    assert calendar.is_workday(date(2026, 10, 1))
    assert not calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2027, 10, 1))


def test_a_year_nobody_knows_is_known_to_be_so() -> None:
    assert USUAL.knows(2026)
    assert not USUAL.knows(2027)
    assert office_calendar(Calendar(holidays=(date(2027, 1, 1),))).knows(2027)


@given(days, st.integers(1, 15))
def test_counting_forward_and_counting_between_agree(start: date, count: int) -> None:
    assert USUAL.between(start + timedelta(days=1), USUAL.after(start, count)) == count
    assert USUAL.between(start, start - timedelta(days=1)) == 0


@pytest.mark.parametrize("row", rows("workdays", "过了几个小时"))
def test_hours_of_days_off_do_not_count(row: dict[str, str]) -> None:
    since, until = (datetime.fromisoformat(row[name]).replace(tzinfo=SHANGHAI) for name in ("从", "到"))
    assert USUAL.hours_between(since, until) == float(row["小时"])
