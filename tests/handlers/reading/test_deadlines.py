from __future__ import annotations

from datetime import date

import pytest

from handlers.reading.deadlines import take_deadline

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "day", "words"),
    [
        ("需要客流数据 周五前", date(2026, 11, 27), "需要客流数据"),
        ("需要上周五的客流数据 周五前", date(2026, 11, 27), "需要上周五的客流数据"),
        ("周五前要客流数据", date(2026, 11, 27), "要客流数据"),
        ("月底前把排班表给我", date(2026, 11, 30), "把排班表给我"),
        ("报价 12月5日之前", date(2026, 12, 5), "报价"),
        ("报价 下周三", date(2026, 12, 2), "报价"),
        ("明天下班前给我客流数据", date(2026, 11, 24), "明天下班前给我客流数据"),
        ("借两个人 明天下午3点前", date(2026, 11, 24), "借两个人 明天下午3点前"),
    ],
)
def test_by_when_it_is_needed(said: str, day: date, words: str) -> None:
    assert take_deadline(said, MONDAY) == (day, words)


@pytest.mark.parametrize(
    "said",
    ["客流数据", "上周客流数据", "需要客流数据 上周五", "周五的排班表", "需要11月的客流数据", "昨天的数", ""],
)
def test_a_day_within_what_is_wanted_is_no_deadline(said: str) -> None:
    assert take_deadline(said, MONDAY) == (None, said)
