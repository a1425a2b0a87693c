"""Figures by two things at once: of groups such as a region's stores of one type, and of stores within their region."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from okr.comparison import median, outliers
from okr.metrics import Window, ratio
from okr.policy import MetricSpec

ZERO = Decimal(0)
G = TypeVar("G", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Crossed:
    """A figure of rows by columns: `table` has a value for each of `heads`, None where nothing is known, or too little.

    `few`: places of the table whose groups are too small to be shown. `by`: the rows, then the columns, in words.
    `say`: the words that ask for it again; `turned`: those that ask for it the other way round.
    """

    measure: str
    by: str
    span: str
    unit: str
    heads: Sequence[str]
    table: Mapping[str, Sequence[Decimal | None]]
    say: str
    turned: str
    few: Collection[tuple[str, ...]] = ()

    def column(self, head: str) -> dict[str, Decimal]:
        """What is known of one column, by row."""
        at = self.heads.index(head)
        return {row: value for row, values in self.table.items() if (value := values[at]) is not None}

    @property
    def count(self) -> int:
        """How many places are filled."""
        return sum(value is not None for values in self.table.values() for value in values)

    @property
    def highest(self) -> tuple[str, str, Decimal]:
        """Row, column and value."""
        return max(
            ((row, head, value) for head in self.heads for row, value in self.column(head).items()),
            key=lambda each: each[2],
        )

    @property
    def widest(self) -> Apart | None:
        """The column in which one row is farthest above another; None where no column has two to compare."""
        found = [_apart(head, self.column(head)) for head in self.heads]
        return max((one for one in found if one is not None), key=lambda one: one.part, default=None)


@dataclass(frozen=True, slots=True)
class Apart:
    """Within one column, `high` is by such a part of it above `low`."""

    head: str
    high: str
    low: str
    part: Decimal


def _apart(head: str, column: Mapping[str, Decimal]) -> Apart | None:
    if len(column) < 2:
        return None
    high, low = max(column, key=lambda row: column[row]), min(column, key=lambda row: column[row])
    if column[low] <= 0:
        return None
    return Apart(head, high, low, (column[high] - column[low]) / column[low])


@dataclass(frozen=True, slots=True)
class Group:
    """Stores that belong together: `value` is that of the whole, None where it is not known or not for the reader."""

    name: str
    value: Decimal | None
    stores: Mapping[str, Decimal]

    @property
    def ordered(self) -> list[str]:
        """The highest first."""
        return sorted(self.stores, key=lambda name: -self.stores[name])

    @property
    def middle(self) -> Decimal:
        return median(self.stores.values())

    @property
    def far(self) -> Mapping[str, Decimal]:
        """Who is far from the others of the group, with how far."""
        return outliers(self.stores)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Stores within what they belong to, each judged among its own. `mean`: a group's value is that of its stores."""

    measure: str
    by: str
    span: str
    unit: str
    groups: Sequence[Group]
    say: str
    mean: bool = False

    @property
    def count(self) -> int:
        """How many stores there are."""
        return sum(len(group.stores) for group in self.groups)


def of_groups(
    spec: MetricSpec,
    sums: Sequence[Mapping[str, Decimal]],
    groups: Mapping[str, G],
    window: Window,
    *,
    fewest: int = 1,
) -> tuple[dict[G, Decimal], set[G]]:
    """What each group comes to, and which have too few members to be told.

    `sums`: by member, of the figure, or of both sides of a ratio, which are added up before they are divided.
    Everything else is a member's mean. Who has no figure is no member.
    """
    members: dict[G, list[str]] = {}
    for key in sums[-1]:
        if key in groups:
            members.setdefault(groups[key], []).append(key)
    few = {group for group, keys in members.items() if len(keys) < fewest}
    values: dict[G, Decimal] = {}
    for group, keys in members.items():
        if group in few:
            continue
        totals = [sum((some.get(key, ZERO) for key in keys), ZERO) for some in sums]
        value = ratio(spec, totals[0], totals[1], window).value if len(totals) > 1 else totals[0] / len(keys)
        if value is not None:
            values[group] = value
    return values, few
