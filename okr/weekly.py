"""One person's week: what each key result did, the best of it, and what to look after next (docs/rules/weekly-report.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from okr.forecast import Forecast, Point
from okr.funnels import Flow
from okr.metrics import Window
from okr.objectives import Basis, KeyResult, RollUp, Status
from okr.policy import Policy
from okr.progress import progress
from okr.selling import Selling
from okr.status import Verdict

ZERO = Decimal(0)
MICRO = Decimal("0.000001")
"""What is kept of a number; less is what dividing leaves over."""
DAY_COUNTS_FROM = 16
"""The hour from which a running day is told among the others."""
_SUMS = (Basis.MONTH, Basis.QUARTER)
_LAGGING = frozenset({Status.BEHIND, Status.AT_RISK, Status.DUE})


@dataclass(frozen=True, slots=True)
class Week:
    """`monday` to the Sunday after it; named as in 2026-W47."""

    monday: date

    @property
    def name(self) -> str:
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def after(self) -> Week:
        return Week(self.monday + timedelta(days=7))

    def counted(self, now: datetime) -> tuple[Window, Window] | None:
        """The days whose figures are told at a moment of company time, and the same days of the week before.

        A day counts from four in the afternoon on: half a morning against a whole day would only look bad. None before
        its first day has.
        """
        whole_days = now.date() if now.hour >= DAY_COUNTS_FROM else now.date() - timedelta(days=1)
        if whole_days < self.monday:
            return None
        last = min(self.sunday, whole_days)
        back = timedelta(days=7)
        return Window(self.monday, last), Window(self.monday - back, last - back)


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))


def week_named(name: str) -> Week:
    """Raises ValueError for what is no week."""
    return Week(date.fromisocalendar(int(name[:4]), int(name[6:]), 1))


def week_to_report(today: date) -> Week:
    """On a Monday the week that is over, else the running one."""
    return week_of(today - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class KrWeek:
    """What one key result did in a week. `before`: its value when the week began; None where nothing was known."""

    kr: KeyResult
    verdict: Verdict
    weight: Decimal
    """Its part of its objective."""
    before: Decimal | None
    points: tuple[Point, ...] = ()
    ahead: Forecast | None = None
    reported: bool = False
    """Whether somebody or something reported within the week."""
    behind_points: int = 10
    """So many points are 偏慢."""
    ends: date | None = None
    """Its last day."""
    first: Decimal | None = None
    """The first value known of what data or the goals below feed, where it is of this week: where it stood when it began."""

    @property
    def change(self) -> Decimal | None:
        """In its unit; None where one of the two values is not known."""
        if self.kr.value is None or self.before is None:
            return None
        return self.kr.value - self.before

    @property
    def gained(self) -> Decimal:
        """How much of the way it came nearer to its target, as a share; what was not known began at its start, or, where it is
        fed, at the first value it was given: a goal that comes into force in the middle of its quarter has not come so far in a week.
        """
        now = progress(self.kr.measure, self.kr.value) if self.kr.value is not None else None
        began = self.first if self.first is not None else self.kr.measure.start
        before = self.before if self.before is not None else began
        then = progress(self.kr.measure, before) if before is not None else None
        return now.clamped - then.clamped if now and then else ZERO

    @property
    def lags(self) -> bool:
        """Of what nobody reported, lately or ever, the gap tells."""
        verdict = self.verdict
        if verdict.status in (Status.STALE, Status.NOT_STARTED) and verdict.paced:
            return verdict.gap_points >= self.behind_points
        if verdict.status is Status.STALE:
            return True
        return verdict.status in _LAGGING


@dataclass(frozen=True, slots=True)
class Aim:
    """What somebody has set himself for a week: a key result, words, or both. `kr_id` None where it is words only."""

    kr_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """Everything of one person, in the order of his goals.

    `selling`: what the data say beside the goals, None where they say nothing of the person. `aim` was set for this
    week, `next_aim` is set for the one after it.
    """

    week: Week
    lines: tuple[KrWeek, ...]
    selling: Selling | None = None
    aim: Aim | None = None
    next_aim: Aim | None = None

    def line_of(self, aim: Aim | None) -> KrWeek | None:
        """The key result that an aim is about, where it is still in force."""
        return next((line for line in self.lines if aim is not None and line.kr.id == aim.kr_id), None)

    @property
    def lagging(self) -> list[KrWeek]:
        return [line for line in self.lines if line.lags]

    @property
    def best(self) -> KrWeek | None:
        """What came furthest this week; None where nothing moved towards its target."""
        moved = [line for line in self.lines if line.gained > ZERO]
        return max(moved, key=lambda line: line.gained, default=None)

    @property
    def focus(self) -> KrWeek | None:
        """The one with the largest weighted lag; where nothing lags the one that is heading least far."""
        open_ = [line for line in self.lines if line.verdict.status is not Status.ACHIEVED]
        lagging = [line for line in open_ if line.verdict.gap_points > ZERO]
        if lagging:
            return max(lagging, key=lambda line: (line.weight * line.verdict.gap_points, -line.kr.id))
        return min(
            (line for line in open_ if line.ahead is not None),
            key=lambda line: (line.ahead.attainment if line.ahead else ZERO, line.kr.id),
            default=None,
        )

    @property
    def unreported(self) -> list[KrWeek]:
        """What somebody has to say and has not said this week."""
        return [
            line
            for line in self.lines
            if not line.reported
            and not line.kr.metric
            and line.kr.roll_up is RollUp.MANUAL
            and line.verdict.status is not Status.ACHIEVED
        ]


def missing_results(flow: Flow, lines: Sequence[KrWeek], policy: Policy) -> Fraction | None:
    """How many results of a funnel the goals lack by now, not rounded; None where no goal in force counts them.

    A goal that counts its last step lacks what is expected less what there is; one that counts what the results are
    worth lacks so many of them as that is worth. Both are sums, of the person or of the store as the funnel is: what a
    mean lacks is no number of results, and what the store lacks is not for one person to bring.
    """
    for line in lines:
        measure, value = line.kr.measure, line.kr.value
        if measure.start is None or measure.target is None or value is None or not line.verdict.paced:
            continue
        if measure.basis not in _SUMS or line.kr.metric_own is not flow.spec.own:
            continue
        by_now = measure.start + line.verdict.expected * (measure.target - measure.start)
        lacks = Fraction(max(ZERO, by_now - value).quantize(MICRO))
        if line.kr.metric == flow.spec.steps[-1]:
            return lacks
        is_worth = (
            line.kr.metric == flow.spec.brings and measure.unit == policy.metrics[flow.spec.brings].unit
        )
        if is_worth and flow.worth and flow.now[-1]:
            return lacks * Fraction(flow.now[-1]) / Fraction(flow.worth)
    return None


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """The week of who reports to somebody, in numbers."""

    week: Week
    members: tuple[tuple[str, PersonWeek], ...]
    """Name and week of each who has a key result in force."""

    @property
    def lines(self) -> list[KrWeek]:
        return [line for _, week in self.members for line in week.lines]

    @property
    def progress(self) -> Decimal:
        return _mean([line.verdict.progress.clamped for line in self.lines])

    @property
    def expected(self) -> Decimal:
        return _mean([line.verdict.expected for line in self.lines if line.verdict.paced])

    @property
    def reported(self) -> Decimal:
        """The share of the key results that were reported within the week."""
        return _mean([Decimal(line.reported) for line in self.lines])


def _mean(shares: Sequence[Decimal]) -> Decimal:
    return sum(shares, ZERO) / len(shares) if shares else ZERO
