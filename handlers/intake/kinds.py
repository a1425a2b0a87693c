"""What every kind of table has in common: how it is known, and what is told of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from chat.answers import Letter
from handlers.asking import Asking
from sheets.table import Table

ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
"""What stands in a cell whose formula has failed."""
EMPTY = "没有填(合并过的单元格只有第一格有内容,拆开再填满)"


class CannotBeUndone(Exception):
    """A kind whose tables keep nothing to undo them with was asked to."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that cannot be taken as it is. `near`: what was likely meant."""

    line: int
    column: str
    reason: str
    near: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a table: how many lines are good, which are not, and what it does, in words.

    `mark` tells whether it would still do the same. `undo` is what takes it back, None where nothing can.
    """

    good: int
    bad: tuple[Bad, ...]
    says: tuple[str, ...]
    mark: str
    undo: Any = None
    letters: tuple[Letter, ...] = ()
    after: tuple[str, ...] = field(default=())
    """What is said instead once it is written; the same where nothing is given."""


class Kind(Protocol):
    """`name` as people call it, `key` as it is kept, `headings` those of an empty form with a line that shows how."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...

    def fits(self, header: Sequence[str], asking: Asking) -> bool:
        """Whether the headings are those of such a table."""

    async def form(self, asking: Asking) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Headings and sample lines of an empty one."""

    async def require(self, asking: Asking) -> None:
        """Raises NotForYou where the asker may bring none at all."""

    async def take(self, asking: Asking, table: Table) -> Taken:
        """Write the good lines. Raises BadTable."""

    async def undo(self, asking: Asking, undo: Any) -> str:
        """Take back what was written; what was done, in words. Raises Refusal."""


def mark_of(*what: Any) -> str:
    return hashlib.sha256(json.dumps(what, ensure_ascii=False, default=str).encode()).hexdigest()[:40]


def has(header: Sequence[str], *needed: Collection[str]) -> bool:
    """Whether each group has a heading."""
    folded = {heading.lower().strip("*") for heading in header}
    return all(any(one.lower() in folded for one in group) for group in needed)


def failed_cells(table: Table, columns: Collection[str]) -> list[Bad]:
    """Cells of these columns whose formula has failed."""
    return [
        Bad(row.line, column, f"「{row.cells[column]}」是表格算不出来的值,先改好")
        for row in table.rows
        for column in table.header
        if column in columns and row.cells[column].upper() in ERRORS
    ]


def without(table: Table, lines: Collection[int]) -> Table:
    return Table(table.header, tuple(row for row in table.rows if row.line not in lines))


def first_of_each_line(found: Sequence[Bad]) -> tuple[Bad, ...]:
    """One reason a line is enough to find it."""
    told: dict[int, Bad] = {}
    for one in sorted(found, key=lambda bad: bad.line):
        told.setdefault(one.line, one)
    return tuple(told.values())
