"""The staff file: who works here, for whom, and under which accounts. Every doubt is named, nothing is guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from chat.events import Account, PlatformName
from sheets import staff_cells
from sheets.errors import BadTable
from sheets.reporting_lines import ReportingLine, broken
from sheets.staff_cells import WrongCell
from sheets.table import Row, Table


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One employee; what the file does not say is empty. `home_platform`: dingtalk, wecom or empty."""

    number: str
    name: str
    department: str = ""
    position: str = ""
    grade: str = ""
    manager_number: str = ""
    region: str = ""
    store: str = ""
    dingtalk_id: str = ""
    wecom_id: str = ""
    joined_on: date | None = None
    mobile: str = ""
    store_type: str = ""
    employment: str = ""
    active: bool = True
    home_platform: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be put right in the file before anything is taken from it."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class StaffFile:
    """`rows` are the ones that nothing is wrong with; `problems` in the file's order.

    `columns` are the fields of StaffRow that the file has a column for: of the others it says nothing at all.
    """

    rows: tuple[StaffRow, ...]
    problems: tuple[Problem, ...]
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Column:
    """`read` turns the cell's text into the field's value or raises WrongCell. Limits are those of the database."""

    heading: str
    field: str
    read: Callable[[str], object]
    required: bool = False


def _text(limit: int) -> Callable[[str], str]:
    return partial(staff_cells.plain, limit=limit)


_NUMBER = partial(staff_cells.number, limit=64)

_COLUMNS = (
    _Column("工号", "number", _NUMBER, required=True),
    _Column("姓名", "name", _text(64), required=True),
    _Column("部门", "department", partial(staff_cells.department, limit=255)),
    _Column("岗位", "position", _text(64)),
    _Column("职级", "grade", _text(64)),
    _Column("上级工号", "manager_number", _NUMBER),
    _Column("区域", "region", _text(64)),
    _Column("门店", "store", _text(64)),
    _Column("钉钉userid", "dingtalk_id", _text(128)),
    _Column("企业微信userid", "wecom_id", _text(128)),
    _Column("入职日期", "joined_on", staff_cells.day),
    _Column("手机号", "mobile", staff_cells.mobile),
    _Column("门店类型", "store_type", _text(64)),
    _Column("用工类型", "employment", _text(32)),
    _Column("状态", "active", staff_cells.active),
    _Column("常用平台", "home_platform", staff_cells.platform),
)
_ORDER = {column.heading: place for place, column in enumerate(_COLUMNS)}


def read_staff(table: Table, *, known_numbers: AbstractSet[str] = frozenset()) -> StaffFile:
    """Everybody in the table, and everything that is wrong with it.

    `known_numbers`: employees who are on file already; a manager may be one of them, and a number that differs
    only in case means the one on file. Raises BadTable where 工号 or 姓名 have no column, or nobody is listed.
    """
    headings = _headings(table)
    if not table.rows:
        raise BadTable("表头下面一个人都没有")
    problems: list[Problem] = []
    people = [(row.line, _read(row, headings, problems)) for row in table.rows]
    people = _with_one_spelling(people, known_numbers)
    problems += _duplicates(people)
    lines = [ReportingLine(line, person.number, person.manager_number) for line, person in people]
    problems += [Problem(line, "上级工号", reason) for line, reason in broken(lines, known_numbers)]
    problems.sort(key=lambda problem: (problem.line, _ORDER[problem.column]))
    wrong = {problem.line for problem in problems}
    return StaffFile(
        rows=tuple(person for line, person in people if line not in wrong),
        problems=tuple(problems),
        columns=frozenset(column.field for column in _COLUMNS if column.heading in headings),
    )


def _headings(table: Table) -> dict[str, str]:
    """The table's own spelling of each heading it has: case, width, spaces and a star make no difference."""
    headings: dict[str, str] = {}
    wanted = {_compared(column.heading): column.heading for column in _COLUMNS}
    for written in table.header:
        heading = wanted.get(_compared(written))
        if heading in headings:
            raise BadTable(f"表头里有两列都是「{heading}」")
        if heading is not None:
            headings[heading] = written
    if missing := [
        column.heading for column in _COLUMNS if column.required and column.heading not in headings
    ]:
        raise BadTable(f"表头里缺少{'、'.join(missing)};第一行应当是表头,例如 工号,姓名,部门,上级工号")
    return headings


def _compared(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(folded.split()).strip("*").removesuffix("(必填)")


def _read(row: Row, headings: Mapping[str, str], problems: list[Problem]) -> StaffRow:
    """The person of one row; a field whose cell is wrong keeps its default and adds a problem."""
    fields: dict[str, Any] = {"number": "", "name": ""}
    for column in _COLUMNS:
        if column.heading not in headings:
            continue
        text = row.cells[headings[column.heading]]
        try:
            fields[column.field] = column.read(text)
        except WrongCell as wrong:
            problems.append(Problem(row.line, column.heading, str(wrong)))
        else:
            if column.required and not fields[column.field]:
                problems.append(Problem(row.line, column.heading, "没有填"))
    return StaffRow(**fields)


def _with_one_spelling(
    people: Sequence[tuple[int, StaffRow]], known: AbstractSet[str]
) -> list[tuple[int, StaffRow]]:
    """People type numbers in any case, so e0001 is E0001: as on file, else as its own row writes it."""
    spellings = {number.casefold(): number for number in sorted(known)}
    for _, person in people:
        spellings.setdefault(person.number.casefold(), person.number)

    def spelled(number: str) -> str:
        return number if number in known else spellings.get(number.casefold(), number)

    return [
        (line, replace(person, number=spelled(person.number), manager_number=spelled(person.manager_number)))
        for line, person in people
    ]


def _duplicates(people: Sequence[tuple[int, StaffRow]]) -> Iterator[Problem]:
    """What belongs to one person only, where a second one has it. Accounts are compared as the platforms do."""
    seen: dict[tuple[str, str], int] = {}
    for line, person in people:
        for heading, written, compared in (
            ("工号", person.number, person.number.casefold()),
            ("钉钉userid", person.dingtalk_id, Account(PlatformName.DINGTALK, person.dingtalk_id).key),
            ("企业微信userid", person.wecom_id, Account(PlatformName.WECOM, person.wecom_id).key),
        ):
            first = seen.setdefault((heading, compared), line)
            if written and first != line:
                yield Problem(line, heading, f"{written} 与第 {first} 行重复")
