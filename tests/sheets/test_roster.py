"""The roster file: shifts, nights, days off, and everything that is wrong in such files."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from sheets.clock_cells import clock
from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.roster import RosterFile, RosterRow, read_roster
from sheets.staff import Problem
from sheets.staff_cells import WrongCell
from sheets.writing import write_table

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
HEADER = "工号,日期,开始,结束\n"


def read(text: str, *known: str) -> RosterFile:
    return read_roster(read_table((HEADER + text).encode(), "排班.csv"), set(known or ("E1", "E2")), TODAY)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_shifts_nights_days_off_and_two_in_a_day(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"排班.{ending}"
    write_table(
        file,
        HEADER.strip().split(","),
        [
            ("E1", FRIDAY, time(10), time(18, 30)),
            ("e2", FRIDAY, time(22), time(6)),
            ("E1", date(2026, 11, 28), "休", ""),
            ("E2", date(2026, 11, 29), time(10), time(14)),
            ("E2", date(2026, 11, 29), time(17), time(21)),
        ],
    )
    found = read_roster(read_table(file, file.name), {"E1", "E2"}, TODAY)
    assert found.problems == ()
    assert found.rows == (
        RosterRow(2, "E1", FRIDAY, (time(10), time(18, 30))),
        RosterRow(3, "E2", FRIDAY, (time(22), time(6))),
        RosterRow(4, "E1", date(2026, 11, 28), None),
        RosterRow(5, "E2", date(2026, 11, 29), (time(10), time(14))),
        RosterRow(6, "E2", date(2026, 11, 29), (time(17), time(21))),
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("E9,2026-11-27,10:00,18:00\n", [(2, "工号", "E9 不在在职人员里")]),
        (",2026-11-27,10:00,18:00\n", [(2, "工号", "没有填")]),
        ("E1,,10:00,18:00\n", [(2, "日期", "没有填")]),
        ("E1,2027-11-27,10:00,18:00\n", [(2, "日期", "2027-11-27 离今天太远,只收前 31 天到后 92 天")]),
        ("E1,周五,10:00,18:00\n", [(2, "日期", "「周五」不是日期,请写成 2024-01-05")]),
        ("E1,2026-11-27,25:00,早\n", [(2, "开始", "没有「25:00」这个时间"), (2, "结束", "「早」不是时间,请写成 10:00")]),
        ("E1,2026-11-27,,18:00\n", [(2, "开始", "没有填;休息的那天在「开始」写 休")]),
        ("E1,2026-11-27,10:00,10:00\n", [(2, "结束", "和开始一样")]),
        ("E1,2026-11-27,9:00,18:00\nE1,2026-11-27,17:00,21:00\n", [(3, "开始", "和第 2 行重叠")]),
        ("E1,2026-11-27,22:00,6:00\nE1,2026-11-28,5:00,9:00\n", [(3, "开始", "和第 2 行重叠")]),
        ("E1,2026-11-27,9:00,18:00\nE1,2026-11-27,休,\n", [(3, "日期", "和第 2 行矛盾:一行休,一行有班")]),
        ("E1,2026-11-27,休,休\nE1,2026-11-27,休,\n", [(3, "日期", "和第 2 行重复")]),
    ],
)  # fmt: skip
def test_problems(text: str, problems: list[tuple[int, str, str]]) -> None:
    assert list(read(text).problems) == [Problem(*one) for one in problems]


def test_one_after_the_other_and_two_people_at_once_are_no_clash() -> None:
    text = "E1,2026-11-27,22:00,6:00\nE1,2026-11-28,6:00,9:00\nE2,2026-11-27,22:00,6:00\n"
    assert read(text).problems == ()


@pytest.mark.parametrize("text", ["工号,日期,开始\nE1,2026-11-27,9:00\n", HEADER])
def test_what_is_no_roster(text: str) -> None:
    with pytest.raises(BadTable):
        read_roster(read_table(text.encode(), "排班.csv"), {"E1"}, TODAY)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9", time(9)), ("9:05", time(9, 5)), ("09：30", time(9, 30)), ("18:30:00", time(18, 30)), ("9点", time(9)),
        ("9点半", time(9, 30)), ("18点05分", time(18, 5)), ("24:00", time()), ("次日6:00", time(6)), ("0.4375", time(10, 30)),
        ("1899-12-30 18:30", time(18, 30)), ("", None),
    ],
)  # fmt: skip
def test_times_of_day(text: str, moment: time | None) -> None:
    assert clock(text) == moment


@pytest.mark.parametrize("text", ["24:01", "9:60", "早班", "9-18", "99"])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(WrongCell):
        clock(text)
