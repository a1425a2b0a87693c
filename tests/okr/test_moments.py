from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from okr.moments import day_of, say_date, say_day, say_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "day", "hour", "said"),
    [
        (11, 23, 1, "今天 09:00"),
        (11, 22, 10, "昨天 18:00"),
        (11, 22, 16, "今天 00:00"),
        (11, 24, 1, "明天 09:00"),
        (11, 20, 1, "上周五"),
        (11, 16, 1, "上周一"),
        (11, 15, 1, "11月15日"),
        (11, 27, 1, "周五"),
        (11, 29, 1, "周日"),
        (11, 30, 1, "下周一"),
        (12, 7, 1, "12月7日"),
    ],
)
def test_moments_as_seen_from_a_monday(month: int, day: int, hour: int, said: str) -> None:
    assert say_moment(datetime(2026, month, day, hour, tzinfo=UTC), MONDAY_NOON, SHANGHAI) == said


def test_another_year_is_named() -> None:
    assert say_date(date(2025, 11, 25), date(2026, 11, 23)) == "2025年11月25日"
    assert say_date(date(2025, 12, 31), date(2026, 1, 1)) == "昨天"


def test_a_deadline_is_said_by_its_date_however_near() -> None:
    assert say_day(date(2026, 11, 24), date(2026, 11, 23)) == "11月24日"


def test_a_day_begins_at_the_companys_midnight() -> None:
    assert day_of(datetime(2026, 12, 31, 16, tzinfo=UTC), SHANGHAI) == date(2027, 1, 1)
