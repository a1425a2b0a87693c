"""Days of an absence as people say them, on Tuesday, 24 November 2026."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.away import read_days
from storage.database import Database
from tests.handlers.desk import desk
from tests.storage.company import TODAY


def day(month: int, number: int) -> date:
    return date(2026, month, number)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("明天", (day(11, 25), day(11, 25))),
        ("12月1日-12月3日", (day(12, 1), day(12, 3))),
        ("12月1日 到 12月3日", (day(12, 1), day(12, 3))),
        ("12月1日-3日", (day(12, 1), day(12, 3))),
        ("周五到下周一", (day(11, 27), day(11, 30))),
        ("2026-12-30 至 2027-01-02", (day(12, 30), date(2027, 1, 2))),
        ("我周五", (day(11, 27), day(11, 27))),
        ("几天", None),
        ("", None),
    ],
)
def test_days(words: str, days: tuple[date, date] | None) -> None:
    assert read_days(words, TODAY) == days


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("我明天休", "明天你不在"),
        ("明天休息", "明天你不在"),
        ("我周五请假", "周五你不在"),
        ("我要请假", "哪几天不在"),
        ("请假", "哪几天不在"),
        ("请假 12月3日-12月1日", "哪几天不在"),
        ("请假 明天 代理 @李四", "要批的先给李四"),
        ("代理 @李四 明天", "要批的先给李四"),
        ("请假 明天 代理 @王店", "不能是自己"),
        ("请假 取消", "你没有请着的假"),
    ],
)
async def test_what_is_said_about_it(database: Database, said: str, answered: str) -> None:
    async with desk(database) as office:
        assert answered in await office.says("E0101", said)
