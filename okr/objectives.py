"""Objectives and key results as the rules see them. Numbers are Decimal, days are dates in company time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from okr.curve import Curve


class Kind(StrEnum):
    """How a key result is measured (okr-rules: metric kinds)."""

    NUMBER = "number"
    """From a start to a target, up or down: the sign of target - start tells."""
    MAINTAIN = "maintain"
    """Stay at or above `low`, at or below `high`, or between both."""
    BOOLEAN = "boolean"
    MILESTONE = "milestone"
    ORDINAL = "ordinal"
    BASELINE = "baseline"
    """Find out the number: done once a first value is known."""


class Basis(StrEnum):
    """The period that a number speaks of (统计口径)."""

    DAILY = "日均"
    WEEKLY = "周均"
    MONTH = "本月累计"
    QUARTER = "本季累计"
    LATEST = "最新值"


class State(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class CycleState(StrEnum):
    PLANNED = "planned"
    DRAFTING = "drafting"
    ACTIVE = "active"
    REVIEWING = "reviewing"
    CLOSED = "closed"
    REOPENED = "reopened"
    """Open for corrections once more; on record with who and why."""


class Commitment(StrEnum):
    """How a key result is meant (okr-rules: committed, stretch)."""

    COMMITTED = "承诺"
    """Only all of it is success."""
    STRETCH = "挑战"
    """0.7 of it is the sweet spot."""


class Origin(StrEnum):
    """Where a key result comes from; independent of how it is meant."""

    TOP_DOWN = "自上而下"
    BOTTOM_UP = "自下而上"


class RollUp(StrEnum):
    """How the value of a key result follows from what supports it."""

    MANUAL = "manual"
    """It does not: somebody or a data source says it."""
    AVERAGE = "average"
    """The weighted mean of the progress of what supports it."""
    SUM = "sum"
    """The sum of the values of what it was broken down into."""


class Visibility(StrEnum):
    """Who, beside its owner and his line, may see a goal in force."""

    PUBLIC = "公开"
    DEPARTMENT = "本部门"
    LINE = "上下级"
    NAMED = "指定人"


class Status(StrEnum):
    """The light of a goal: derived, never stored (okr-rules 4.3)."""

    NOT_STARTED = "未开始"
    ON_TRACK = "正常"
    BEHIND = "偏慢"
    AT_RISK = "告急"
    STALE = "待更新"
    DUE = "已到期"
    ACHIEVED = "已达成"
    MISSED = "未达成"
    CANCELLED = "已取消"


@dataclass(frozen=True, slots=True)
class Milestone:
    title: str
    weight: Decimal = Decimal(1)
    due: date | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What a key result measures and between which ends. Percent values are as people say them: 8% is 8.

    NUMBER needs start and target; MAINTAIN low, high or both, `tolerance` None for the default; ORDINAL the
    three texts in `rungs`; MILESTONE its list. `cumulative`: values are sums over the period, so a fall is
    an error.
    """

    kind: Kind
    unit: str = ""
    basis: Basis = Basis.LATEST
    start: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    tolerance: Decimal | None = None
    milestones: tuple[Milestone, ...] = ()
    rungs: tuple[str, str, str] | None = None
    cumulative: bool = False
    sealed: bool = field(default=False, compare=False)
    """Its amounts are not for who will read this: only the percent is said (`okr.masking`). What is no amount is never
    sealed; an amount is when it comes out of storage."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The last thing known about a key result: its value, when it was so, and who or what said it."""

    value: Decimal
    at: datetime
    source: str
    """An employee's name or a data source's name."""
    typed: bool = True


@dataclass(frozen=True, slots=True)
class Cycle:
    """A period of goals; both days belong to it.

    `state` as it was kept last: where the calendar has gone on since, `okr.lifecycle.state_on` knows it.
    """

    id: int
    name: str
    start: date
    end: date
    state: CycleState = CycleState.ACTIVE


@dataclass(frozen=True, slots=True)
class KeyResult:
    """`weight` is relative, as typed; `share` a fixed part of 1 where it was typed as a percent."""

    id: int
    objective_id: int
    title: str
    measure: Measure
    weight: Decimal = Decimal(1)
    share: Decimal | None = None
    state: State = State.ACTIVE
    reading: Reading | None = None
    confidence: int | None = None
    """0-10, as shown; None until somebody said."""
    due: date | None = None
    metric: str = ""
    """The fed metric's key, empty where a person reports."""
    metric_own: bool = False
    """Fed by the owner's own figures instead of the unit's."""
    order: int = 0
    commitment: Commitment = Commitment.COMMITTED
    origin: Origin = Origin.BOTTOM_UP
    is_kpi: bool = False
    """A daily figure (日常指标): watched like the others, never scored."""
    parent_kr: int | None = None
    """The key result it was broken down from."""
    roll_up: RollUp = RollUp.MANUAL
    stages: tuple[tuple[date, Decimal], ...] = ()
    """By the end of that day, that share of the way (阶段性成果); empty for the straight line."""
    score: Decimal | None = None
    """0.0-1.0, the final judgement at the cycle's close."""
    curve: Curve | None = None
    """How its way is spread over the days, where data of days that are not alike feed it; else the straight line."""
    overdue: bool = False
    """What the week asked for was not reported for days, by its owner's own calendar (checkin_overdue)."""

    @property
    def ref(self) -> str:
        return f"KR{self.id}"

    @property
    def value(self) -> Decimal | None:
        return self.reading.value if self.reading else None


@dataclass(frozen=True, slots=True)
class Objective:
    id: int
    title: str
    owner_id: int
    cycle: Cycle
    state: State
    key_results: tuple[KeyResult, ...] = ()
    parent_kr: int | None = None
    """The key result it supports first of all; `storage.alignments` knows the others."""
    version: int = 1
    visibility: Visibility = Visibility.PUBLIC
    direction: int | None = None
    """The annual objective it belongs to, by its id."""
    exception: str = ""
    """Why a quarter's objective belongs to no annual direction, where that was said."""
    score: Decimal | None = None

    @property
    def ref(self) -> str:
        return f"O{self.id}"

    @property
    def counting(self) -> tuple[KeyResult, ...]:
        """The key results that count: cancelled, paused and deleted ones leave the sum.

        One that is added to an objective in force counts only when it is in force itself.
        """
        leaves = _LEFT if self.state in (State.DRAFT, State.PENDING) else _LEFT_IN_FORCE
        kept = [kr for kr in self.key_results if kr.state not in leaves]
        return self.key_results if len(kept) == len(self.key_results) else tuple(kept)


_LEFT = frozenset({State.CANCELLED, State.PAUSED, State.DELETED})
_LEFT_IN_FORCE = _LEFT | {State.DRAFT, State.PENDING}
