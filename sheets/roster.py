"""The roster file: 工号,日期,开始,结束, a row a shift. A row that says 休 is a day off; two rows of one day are two shifts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, time
from typing import TypeVar

from okr.rosters import FURTHEST, Hours, span
from sheets import staff_cells
from sheets.clock_cells import clock, is_rest
from sheets.errors import BadTable
from sheets.staff import Problem
from sheets.staff_cells import WrongCell
from sheets.table import Row, Table

T = TypeVar("T")
NUMBER, DAY, START, END = HEADINGS = ("工号", "日期", "开始", "结束")
BACK = 31
"""Days: a month that is over may be put right, last year is a slip."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A shift of one person on one day; no hours is a day off."""

    line: int
    number: str
    day: date
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class RosterFile:
    """`rows` are the ones that nothing is wrong with; `problems` in the file's order."""

    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]


def read_roster(table: Table, known: AbstractSet[str], today: date) -> RosterFile:
    """Every shift of the table, and everything wrong with it.

    `known`: the numbers of those who work here; one that differs only in case means the same. Raises BadTable
    where a column is missing or no row follows the headings.
    """
    if missing := [heading for heading in HEADINGS if heading not in table.header]:
        raise BadTable(f"表头里缺少{'、'.join(missing)};第一行应当是表头:{','.join(HEADINGS)}")
    if not table.rows:
        raise BadTable("表头下面一行都没有")
    spellings = {number.casefold(): number for number in known}
    problems: list[Problem] = []
    rows = [read for row in table.rows if (read := _read(row, spellings, today, problems)) is not None]
    problems += _clashes(rows)
    problems.sort(key=lambda problem: (problem.line, HEADINGS.index(problem.column)))
    return RosterFile(tuple(rows), tuple(problems))


def _read(row: Row, spellings: Mapping[str, str], today: date, problems: list[Problem]) -> RosterRow | None:
    """The shift of one row; None where something is wrong with it, which is added to the problems."""
    before = len(problems)

    def cell(column: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(row.cells[column])
        except WrongCell as wrong:
            problems.append(Problem(row.line, column, str(wrong)))
            return None

    number = cell(NUMBER, lambda text: _number(text, spellings))
    day = cell(DAY, lambda text: _day(text, today))
    rests = is_rest(row.cells[START]) and (not row.cells[END] or is_rest(row.cells[END]))
    start = None if rests else cell(START, _clock)
    end = None if rests else cell(END, _clock)
    if start is not None and start == end:
        problems.append(Problem(row.line, END, "和开始一样"))
    if len(problems) > before or number is None or day is None:
        return None
    return RosterRow(row.line, number, day, (start, end) if start is not None and end is not None else None)


def _number(text: str, spellings: Mapping[str, str]) -> str:
    written = staff_cells.number(text, limit=64)
    if not written:
        raise WrongCell("没有填")
    if written.casefold() not in spellings:
        raise WrongCell(f"{written} 不在在职人员里")
    return spellings[written.casefold()]


def _day(text: str, today: date) -> date:
    day = staff_cells.day(text)
    if day is None:
        raise WrongCell("没有填")
    if not -BACK <= (day - today).days <= FURTHEST:
        raise WrongCell(f"{day} 离今天太远,只收前 {BACK} 天到后 {FURTHEST} 天")
    return day


def _clock(text: str) -> time:
    found = clock(text)
    if found is None:
        raise WrongCell("没有填;休息的那天在「开始」写 休")
    return found


def _clashes(rows: Sequence[RosterRow]) -> Iterator[Problem]:
    """Rows of one person that cannot both be: a day off with a shift, two shifts at once, the same said twice."""
    by_person: dict[str, list[RosterRow]] = {}
    for row in rows:
        by_person.setdefault(row.number, []).append(row)
    for mine in by_person.values():
        for n, row in enumerate(mine):
            clash = next(((one, why) for one in mine[:n] if (why := _clash(one, row))), None)
            if clash is not None:
                other, why = clash
                yield Problem(row.line, DAY if row.hours is None else START, f"和第 {other.line} 行{why}")


def _clash(one: RosterRow, other: RosterRow) -> str:
    """Why two rows cannot both be; empty where they can."""
    if one.hours is None or other.hours is None:
        if one.day != other.day:
            return ""
        return "重复" if one.hours == other.hours else "矛盾:一行休,一行有班"
    (start, end), (begin, stop) = span(one.day, one.hours, UTC), span(other.day, other.hours, UTC)
    return "重叠" if start < stop and begin < end else ""
