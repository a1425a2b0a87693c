"""The monthly review (docs/rules/review.md): its days, what can become of it, and what its numbers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from okr.forecast import RESOURCE_GAP, Forecast
from okr.lifecycle import follow
from okr.objectives import Cycle, KeyResult
from okr.progress import progress
from okr.status import Verdict
from okr.workdays import OfficeCalendar

ZERO = Decimal(0)


class ReviewState(StrEnum):
    OPENED = "opened"
    FILLING = "filling"
    SUBMITTED = "submitted"
    ARCHIVED = "archived"

    @property
    def called(self) -> str:
        return _CALLED[self]


_CALLED = {
    ReviewState.OPENED: "已发起",
    ReviewState.FILLING: "填写中",
    ReviewState.SUBMITTED: "已提交",
    ReviewState.ARCHIVED: "已归档",
}


class ReviewMove(StrEnum):
    FILL = "填写"
    SUBMIT = "提交"
    ARCHIVE = "归档"


REVIEW_MOVES: Mapping[ReviewState, Mapping[ReviewMove, ReviewState]] = {
    ReviewState.OPENED: {ReviewMove.FILL: ReviewState.FILLING, ReviewMove.ARCHIVE: ReviewState.ARCHIVED},
    ReviewState.FILLING: {
        ReviewMove.FILL: ReviewState.FILLING,
        ReviewMove.SUBMIT: ReviewState.SUBMITTED,
        ReviewMove.ARCHIVE: ReviewState.ARCHIVED,
    },
    ReviewState.SUBMITTED: {
        ReviewMove.FILL: ReviewState.FILLING,
        ReviewMove.ARCHIVE: ReviewState.ARCHIVED,
    },
    ReviewState.ARCHIVED: {},
}
"""What is changed after it was handed in has to be handed in again; what is archived is never changed."""


class Cause(StrEnum):
    """Why a key result is not where it was planned to be; one is chosen, words may be added."""

    RESOURCES = "资源不够"
    DEPENDS = "等别人"
    UNCLEAR = "目标不清"
    PRIORITY = "被别的事挤掉"
    OUTSIDE = "外部变了"
    METHOD = "办法不对路"


class Decision(StrEnum):
    GO_ON = "继续"
    ADJUST = "调整"
    STOP = "停止"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One key result: as it stood when the review was opened, and what its owner says to it.

    `planned` and `actual` are shares of the way; the rates are changes a day, with the sign of the way.
    """

    kr_id: int
    planned: Decimal
    actual: Decimal
    value: Decimal | None
    needed: Decimal | None
    recent: Decimal | None
    cause: Cause | None = None
    decision: Decision | None = None
    words: str = ""

    @property
    def ratio(self) -> Decimal | None:
        """Needed by recent pace; None where it does not move towards its target."""
        if not self.needed or not self.recent or (self.needed > ZERO) != (self.recent > ZERO):
            return None
        return self.needed / self.recent

    def lacks(self, from_: Decimal = RESOURCE_GAP) -> bool:
        """Whether it has to become so many times faster that more hands, days or money are needed."""
        if not self.needed or self.recent is None:
            return False
        return self.ratio is None or self.ratio > from_

    def lag(self, points: int) -> bool:
        """Whether it is so many points behind its plan, and a cause is to be said."""
        return (self.planned - self.actual) * 100 >= points

    def is_done(self, points: int) -> bool:
        """Whether everything is said that has to be: a cause where it lags, and what is to become of it."""
        return self.decision is not None and (self.cause is not None or not self.lag(points))


def line_of(kr: KeyResult, verdict: Verdict, ahead: Forecast | None) -> ReviewLine:
    """What is filled in before anybody says a word."""
    return ReviewLine(
        kr_id=kr.id,
        planned=verdict.expected if verdict.paced else verdict.progress.clamped,
        actual=verdict.progress.clamped,
        value=kr.value,
        needed=ahead.required if ahead else None,
        recent=ahead.recent if ahead else None,
    )


def missing(line: ReviewLine, days: int) -> Decimal:
    """How much will be missing after so many days at the pace of late, in the key result's unit; never negative."""
    if not line.needed or line.recent is None:
        return ZERO
    way = 1 if line.needed > ZERO else -1
    return max(ZERO, (line.needed - line.recent) * way * days)


def heading_for(kr: KeyResult, line: ReviewLine, days: int) -> Decimal | None:
    """The share of the way at the end, at the pace of late; None where nothing moves or is known."""
    if line.value is None or line.recent is None:
        return None
    ahead = progress(kr.measure, line.value + line.recent * days)
    return ahead.clamped if ahead else None


def days_to_end(kr: KeyResult, cycle: Cycle, today: date) -> int:
    return max(0, ((kr.due or cycle.end) - today).days)


# --- its days ---


@dataclass(frozen=True, slots=True)
class ReviewDays:
    """`opening`: when it is sent out; `again`: when who has not answered is asked once more; `closing`: its last day."""

    opening: date
    again: date
    closing: date


def review_days(today: date, day: int, remind_after: int, calendar: OfficeCalendar) -> ReviewDays:
    """The days of this month's review: on that day or the working day before, until the month's last working day."""
    opening = calendar.on_or_before(today.replace(day=day))
    closing = calendar.last_of_month(today)
    return ReviewDays(opening, min(calendar.after(opening, remind_after), closing), closing)


def in_shifts(days: ReviewDays, working: Sequence[date], to_fill: int, remind_after: int) -> ReviewDays:
    """The same for somebody in a store, by the days of his own shifts from the opening on, as far as they are known."""
    after = [one for one in sorted(working) if one >= days.opening]
    closing = after[to_fill - 1] if len(after) >= to_fill else days.opening + timedelta(days=to_fill)
    again = after[remind_after] if len(after) > remind_after else days.opening + timedelta(days=remind_after)
    closing = min(closing, days.closing)
    return ReviewDays(days.opening, min(again, closing), closing)


@dataclass(frozen=True, slots=True)
class Review:
    """One person's review of a month (`2026-11`) within that of a team, which `team_id` leads."""

    id: int
    month: str
    team_id: int
    employee_id: int
    state: ReviewState
    opened_at: datetime
    due: date
    submitted_at: datetime | None = None
    lines: tuple[ReviewLine, ...] = ()

    @property
    def ref(self) -> str:
        return f"{int(self.month[5:])}月复盘"

    @property
    def is_open(self) -> bool:
        return self.state in (ReviewState.OPENED, ReviewState.FILLING)

    def after(self, move: ReviewMove) -> ReviewState:
        """Raises IllegalMove."""
        return follow(REVIEW_MOVES, self.state, move, self.ref)

    def open_lines(self, points: int) -> list[ReviewLine]:
        """What still needs a word."""
        return [line for line in self.lines if not line.is_done(points)]
