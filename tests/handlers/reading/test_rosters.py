"""Rosters as store managers type and paste them, on Monday, 23 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.rosters import read_roster
from okr.rosters import say_hours

TODAY = date(2026, 11, 23)


def read(text: str) -> tuple[list[str], list[str]]:
    """`张三 27,28 10:00-18:30` for each entry, and what was not read."""
    found = read_roster(text, TODAY)
    lines = [
        f"{entry.who} {','.join(f'{day.day}' for day in entry.days)} "
        + ("?" if entry.hours is None else say_hours(entry.hours))
        for entry in found.entries
    ]
    return lines, list(found.unread)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("@张三 周五 10:00-18:30", ["张三 27 10:00-18:30"]),
        ("@张三 周六 休", ["张三 28 休"]),
        ("张三 周六休息", ["张三 28 休"]),
        ("张三 周五 10点到18点半", ["张三 27 10:00-18:30"]),
        ("张三 周五 早9点-晚6点", ["张三 27 09:00-18:00"]),
        ("张三 周五 9-18", ["张三 27 09:00-18:00"]),
        ("张三 12-1 10-18", ["张三 1 10:00-18:00"]),
        ("张三 11/27 22:00-次日6:00", ["张三 27 22:00-次日06:00"]),
        ("张三 周五 16:00—24:00", ["张三 27 16:00-24:00"]),
        ("E0103 11月27日 10：00－18：30", ["E0103 27 10:00-18:30"]),
        ("E0103 2026-11-27 10:00-18:30", ["E0103 27 10:00-18:30"]),
        ("张三 周一到周五 9-18 周六 休", ["张三 23,24,25,26,27 09:00-18:00", "张三 28 休"]),
        ("张三 周五、周六 9-18", ["张三 27,28 09:00-18:00"]),
        ("张三 周五 10-14,17-21", ["张三 27 10:00-14:00 + 17:00-21:00"]),
        ("张三 周五 10:00-14:00 17:00-21:00", ["张三 27 10:00-14:00 + 17:00-21:00"]),
        ("张三 周五 待定", ["张三 27 ?"]),
        ("周五 10-18", [" 27 10:00-18:00"]),
        ("张三 周五 9-18; 李四 周五 休", ["张三 27 09:00-18:00", "李四 27 休"]),
        ("\n张三 周五 9-18\n\n李四 周五 off", ["张三 27 09:00-18:00", "李四 27 休"]),
        ("周五\n张三 9-18\n李四 休\n周六\n张三 休", ["张三 27 09:00-18:00", "李四 27 休", "张三 28 休"]),
        (
            "姓名\t周五\t周六\n张三\t9-18\t休\n李四\t10-14,17-21\t9:00-18:00",
            ["张三 27 09:00-18:00", "张三 28 休", "李四 27 10:00-14:00 + 17:00-21:00", "李四 28 09:00-18:00"],
        ),
    ],
)
def test_what_is_read(text: str, entries: list[str]) -> None:
    assert read(text) == (entries, [])


@pytest.mark.parametrize(
    "text",
    [
        "张三 周五",
        "张三 10-18:30",
        "张三 周五 25:00-26:00",
        "张三 周五 9-9",
        "张三 周五 早班",
        "张三 李四 周五 9-18",
        "张三 2027-11-27 9-18",
        "张三 11月20日-11月25日",
    ],
)
def test_what_is_not(text: str) -> None:
    assert read(text) == ([], [text])


def test_a_row_with_too_many_cells_is_not_read() -> None:
    assert read("姓名 周五 周六\n张三 9-18 休 休") == ([], ["张三 9-18 休 休"])


@given(st.text(alphabet="张三 周五六日一到-~:0123456789点半休@E\n;,早晚次待定", max_size=60))
def test_whatever_is_typed_is_read_or_said_to_be_unread(text: str) -> None:
    for entry in read_roster(text, TODAY).entries:
        assert entry.days
        assert all(day >= TODAY for day in entry.days)
