from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.dates import find_date, read_date, take_date

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "ahead", "back"),
    [
        ("2026-12-05", "2026-12-05", "2026-12-05"),
        ("2026/12/5", "2026-12-05", "2026-12-05"),
        ("2026.12.5", "2026-12-05", "2026-12-05"),
        ("2026年12月5日", "2026-12-05", "2026-12-05"),
        ("12月5日", "2026-12-05", "2025-12-05"),
        ("１２月５号", "2026-12-05", "2025-12-05"),
        ("十二月五日", "2026-12-05", "2025-12-05"),
        ("11月24日", "2026-11-24", "2026-11-24"),
        ("12-05", "2026-12-05", "2025-12-05"),
        ("1/3", "2027-01-03", "2026-01-03"),
        ("去年12月5日", "2025-12-05", "2025-12-05"),
        ("明年1月5日", "2027-01-05", "2027-01-05"),
        ("25号", "2026-11-25", "2026-10-25"),
        ("24号", "2026-11-24", "2026-11-24"),
        ("二十五号", "2026-11-25", "2026-10-25"),
        ("31号", "2026-12-31", "2026-10-31"),
        ("下个月5号", "2026-12-05", "2026-12-05"),
        ("上月31号", "2026-10-31", "2026-10-31"),
        ("周五", "2026-11-27", "2026-11-20"),
        ("星期五", "2026-11-27", "2026-11-20"),
        ("礼拜天", "2026-11-29", "2026-11-22"),
        ("周二", "2026-11-24", "2026-11-24"),
        ("本周一", "2026-11-23", "2026-11-23"),
        ("下周五", "2026-12-04", "2026-12-04"),
        ("下周日", "2026-12-06", "2026-12-06"),
        ("上周五", "2026-11-20", "2026-11-20"),
        ("明天", "2026-11-25", "2026-11-25"),
        ("后天", "2026-11-26", "2026-11-26"),
        ("大后天", "2026-11-27", "2026-11-27"),
        ("昨天", "2026-11-23", "2026-11-23"),
        ("前天", "2026-11-22", "2026-11-22"),
        ("今晚", "2026-11-24", "2026-11-24"),
        ("3天前", "2026-11-21", "2026-11-21"),
        ("三天后", "2026-11-27", "2026-11-27"),
        ("月底", "2026-11-30", "2026-10-31"),
        ("下月底", "2026-12-31", "2026-12-31"),
        ("2月底", "2027-02-28", "2026-02-28"),
        ("季末", "2026-12-31", "2026-09-30"),
        ("下季末", "2027-03-31", "2027-03-31"),
        ("年底", "2026-12-31", "2025-12-31"),
    ],
)
def test_days_ahead_and_back(typed: str, ahead: str, back: str) -> None:
    assert read_date(typed, TUESDAY, "future") == date.fromisoformat(ahead)
    assert read_date(typed, TUESDAY, "past") == date.fromisoformat(back)


@pytest.mark.parametrize(
    "typed",
    [
        "", "32号", "0号", "2月30日", "13月1日", "2026-02-29", "2026-13-01", "9999-12-31", "0000-01-01", "上月32号", "周八",
        "周末", "1050", "12.5", "十十月五日", "12月", "13月底", "明天见", "x" * 100,
    ],
)  # fmt: skip
def test_no_day_or_no_such_day(typed: str) -> None:
    assert read_date(typed, TUESDAY) is None


@pytest.mark.parametrize(
    ("typed", "today", "direction", "expected"),
    [
        ("2月29日", "2027-12-01", "future", "2028-02-29"),
        ("2月29日", "2028-02-29", "past", "2028-02-29"),
        ("2月29日", "2026-11-24", "future", None),
        ("月底", "2028-02-10", "future", "2028-02-29"),
        ("月底", "2026-11-30", "past", "2026-11-30"),
        ("1月1日", "2026-12-31", "future", "2027-01-01"),
        ("12月31日", "2027-01-01", "past", "2026-12-31"),
        ("昨天", "2027-01-01", "past", "2026-12-31"),
        ("30号", "2027-01-31", "future", "2027-03-30"),
        ("31号", "2027-03-01", "past", "2027-01-31"),
        ("下周一", "2026-11-29", "future", "2026-11-30"),
        ("周一", "2026-11-29", "future", "2026-11-30"),
        ("上月底", "2027-01-15", "past", "2026-12-31"),
        ("月底", "2027-01-15", "past", "2026-12-31"),
        ("11月底", "2026-11-24", "past", "2025-11-30"),
        ("11月底", "2026-11-30", "past", "2026-11-30"),
    ],
)
def test_ends_of_months_and_years(typed: str, today: str, direction: str, expected: str | None) -> None:
    read = read_date(typed, date.fromisoformat(today), "past" if direction == "past" else "future")

    assert read == (date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("phrase", "day", "rest"),
    [
        ("昨天 980", "2026-11-23", "980"),
        ("昨天980", "2026-11-23", "980"),
        ("昨天忘报了，980", "2026-11-23", "980"),
        ("昨天忘了报 980", "2026-11-23", "980"),
        ("昨天的 980", "2026-11-23", "980"),
        ("周五 周末活动", "2026-11-20", "周末活动"),
        ("11月5日", "2026-11-05", ""),
        ("11-05 980", "2026-11-05", "980"),
        ("11月5日前完成", "2026-11-05", "完成"),
        ("1号店 980", None, "1号店 980"),
        ("3日均客流 980", None, "3日均客流 980"),
        ("5月客流1050", None, "5月客流1050"),
        ("2月30日 980", None, "2月30日 980"),
        ("980", None, "980"),
        ("12.5 万", None, "12.5 万"),
    ],
)
def test_a_phrase_that_begins_with_a_day(phrase: str, day: str | None, rest: str) -> None:
    assert take_date(phrase, TUESDAY, "past") == (date.fromisoformat(day) if day else None, rest)


def test_a_day_within_a_sentence() -> None:
    text = "需要客流数据 周五前,不是 12月1日"

    assert find_date(text, TUESDAY) == (7, 9, date(2026, 11, 27))
    assert find_date("3-5 之间", TUESDAY) is None


@given(st.dates(date(2001, 1, 1), date(2190, 1, 1)), st.integers(1, 31))
def test_a_day_of_a_month_lies_in_its_direction(today: date, day: int) -> None:
    ahead, back = read_date(f"{day}号", today, "future"), read_date(f"{day}号", today, "past")

    assert ahead is not None
    assert back is not None
    assert back <= today <= ahead
    assert back.day == ahead.day == day


@given(st.text(), st.dates())
def test_reading_days_never_raises(text: str, today: date) -> None:
    read_date(text, today)
    take_date(text, today, "past")
    find_date(text, today)


@given(
    st.sampled_from(
        ["明天", "大后天", "上上周一", "下下周日", "99天后", "99天前", "下季末", "下月底", "上月1号"]
    )
)
def test_the_ends_of_time(word: str) -> None:
    for today in (date.min, date.max):
        assert read_date(word, today) is None
