"""One transaction, as the rest of `storage` sees it: hand-written SQL for the hot paths, the ORM for the others.

SQL is written once, with `?` for parameters. Values are plain: Decimal, aware UTC datetime, date, str, int,
bool, None. SQLite gives some of them back as text; `moment`, `day` and `amount` read both engines alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient

T = TypeVar("T")
Row = Any
"""A row readable by column name and by position."""


Statement = tuple[str, Sequence[object]]
"""SQL and its values."""


class Session(Protocol):
    """An open transaction. On SQLite none of these ever suspends, see `storage.sqlite`."""

    @property
    def orm(self) -> BaseDBAsyncClient:
        """Give it to the ORM after a `flush`: `Model.filter(...).using_db(session.orm)`."""

    @property
    def for_update(self) -> str:
        """Appended to a SELECT, it locks the rows read; SQLite's writer is alone anyway."""

    @property
    def judged_as_posted(self) -> bool:
        """Whether what is posted is judged and sent as of the moment it is posted for, whatever the clock says."""

    async def all(self, sql: str, *values: object) -> Sequence[Row]: ...

    async def one(self, sql: str, *values: object) -> Row | None: ...

    async def run(self, sql: str, *values: object) -> int:
        """Execute and return how many rows were changed."""

    async def later(self, sql: str, *values: object) -> None:
        """Execute a write of one table whose outcome nobody asks for: before anything else is asked, and before the commit.

        On PostgreSQL it travels with what comes next.
        """

    async def flush(self) -> None:
        """Do what was left for later, which the ORM would not see."""

    async def insert(self, sql: str, *values: object) -> Row | None:
        """Execute an INSERT of values and return what it returns. It reads nothing, so that what was left for later goes with it."""

    async def insert_and_one(self, insert: Statement, select: Statement) -> tuple[bool, Row | None]:
        """Whether the INSERT inserted anything, and the one row of a SELECT from other tables; in one go."""

    async def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Execute once for each row of parameters."""

    async def pour(self, sql: str, types: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Row]:
        """Execute with all rows at once where `{rows}` stands, as many statements as the engine needs; what they return.

        `types`: PostgreSQL's names of the columns' types.
        """

    async def insert_new(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> Sequence[Row]:
        """Insert those rows whose key, a text and the first column, is not there yet; the others as they were and stay, locked.

        Where another transaction brings the same key at the same moment, the engine's error is raised: `Database.patiently`
        tries again.
        """

    @property
    def awaited(self) -> bool:
        """Whether somebody else waits for this transaction to end, or on PostgreSQL has one of his own beside it.

        A long one may ask, and come to its end sooner. What is done `patiently` is nobody else.
        """


_SIZES = (1, 4, 16, 64, 128, 256, 400)
"""What a list of an `IN` is made as long as."""


def evened(values: Sequence[T]) -> Sequence[T]:
    """For `IN (…)`: the values with the last one repeated, so that there are few different lengths. That means the same, and
    statements of few texts are found again prepared; of every length there are hundreds, tens of megabytes.
    """
    size = next((size for size in _SIZES if size >= len(values)), 0)
    return [*values, *[values[-1]] * (size - len(values))] if values and size else values


@lru_cache(maxsize=512)
def numbered(sql: str) -> str:
    """The same SQL with PostgreSQL's `$1, $2 …`. No literal of ours contains a question mark."""
    first, *rest = sql.split("?")
    return first + "".join(f"${n}{part}" for n, part in enumerate(rest, 1))


def moment(value: Any) -> datetime:
    """A stored moment as an aware UTC time."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    stamp: datetime = value
    return stamp if stamp.tzinfo is not None else stamp.replace(tzinfo=UTC)


def moment_or_none(value: Any) -> datetime | None:
    return None if value is None else moment(value)


def day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def day_or_none(value: Any) -> date | None:
    return None if value is None else day(value)


def amount(value: Any) -> Decimal | None:
    """A stored number without trailing zeros, so that `7.000000` is said as 7."""
    if value is None:
        return None
    return _shortest(value) if isinstance(value, Decimal) else _read(str(value))


@lru_cache(maxsize=8192)
def _read(text: str) -> Decimal:
    """The same few weights, starts and targets are read with every command."""
    return _shortest(Decimal(text))


def _shortest(number: Decimal) -> Decimal:
    number = number.normalize()
    return number if number.as_tuple().exponent <= 0 else number.quantize(Decimal(1))  # type: ignore[operator]
