"""A goal as a line of a table: what goes in from a file and comes out into one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okr.objectives import Commitment, Measure, Origin


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A key result with its objective; without a `title` the objective alone.

    `line`: where it stands in its file. `cycle` is a cycle's name, `metric` a metric's key. `supports`: `KR7`, or
    somebody's number with a slash and the title of his key result. `value` is that of `value_day`, or of the day it is
    taken in.
    """

    line: int
    number: str
    cycle: str
    objective: str
    title: str
    measure: Measure
    weight: Decimal = Decimal(1)
    share: Decimal | None = None
    commitment: Commitment = Commitment.COMMITTED
    origin: Origin = Origin.BOTTOM_UP
    is_kpi: bool = False
    metric: str = ""
    metric_own: bool = False
    supports: str = ""
    due: date | None = None
    stages: tuple[tuple[date, Decimal], ...] = ()
    value: Decimal | None = None
    value_day: date | None = None
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Something to be put right in the file before anything is taken from it."""

    line: int
    column: str
    reason: str
