"""What a platform's month may cost: what is spent on what, what has to wait as it runs short, and what a month will come to
(docs/rules/quota.md). Calls are what the bot sends by the API; pushes are what people say to it, and its replies to that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from math import ceil

from okr.reminding import Reminder


class Class(IntEnum):
    """What goes first, in order; the numbers are those of `chat.answers.Urgency`."""

    ANSWER = 0
    DECISION = 1
    COLLABORATION = 2
    WARNING = 3
    REPORT = 4
    PRAISE = 5


NAMES: Mapping[Class, str] = {
    Class.ANSWER: "回答",
    Class.DECISION: "审批",
    Class.COLLABORATION: "协作",
    Class.WARNING: "预警和更新提醒",
    Class.REPORT: "报告和复盘",
    Class.PRAISE: "喝彩",
}
CAPS: Mapping[Class, float] = {Class.WARNING: 0.8, Class.REPORT: 0.65, Class.PRAISE: 0.55}
"""So much of the month's budget may be gone before a class is folded; what is not named goes as long as it can."""
DIGEST_CAP = 0.9
"""Beyond it not even digests are sent: what they would say stands in 我的待办."""
HEAD_START = 0.15
"""So much of the month may be spent ahead of the calendar."""
WARN_AT = 0.8
PICTURES_SHARE = 0.1
WEEKS = 52 / 12


@dataclass(frozen=True, slots=True)
class Quota:
    """What the edition gives the whole organisation a month, 0 for unlimited, and the share that other robots need."""

    calls: int = 5000
    pushes: int = 3000
    reserved: float = 0.2

    @property
    def usable_calls(self) -> int:
        return int(self.calls * (1 - self.reserved))

    @property
    def usable_pushes(self) -> int:
        return int(self.pushes * (1 - self.reserved))

    def share_spent(self, calls: int, pushes: int) -> float:
        """How much of the budget is gone, by what is scarcer; 0 where nothing is limited."""
        of_calls = calls / self.usable_calls if self.usable_calls else float(self.calls > 0)
        of_pushes = pushes / self.usable_pushes if self.usable_pushes else float(self.pushes > 0)
        return max(of_calls, of_pushes)


def bears_pictures(quota: Quota, people: int) -> bool:
    """Whether so many people's weekly pictures may be uploaded, a call each: while they take a tenth of the month's at most."""
    return not quota.calls or people * WEEKS <= PICTURES_SHARE * quota.usable_calls


def may_go(what: Class, spent: float, elapsed: float, *, digest: bool = False) -> bool:
    """Whether a letter of a class may still be sent by itself, or as a digest.

    `spent`: the share of the budget that is gone; `elapsed`: the share of the month. Answers, approvals and
    requests always go.
    """
    cap = CAPS.get(what)
    if cap is None:
        return True
    return spent < (DIGEST_CAP if digest else cap) * min(1.0, elapsed + HEAD_START)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a class comes to in a month."""

    calls: float
    pushes: float


@dataclass(frozen=True, slots=True)
class Forecast:
    costs: Mapping[Class, Cost]
    chores: Mapping[str, float] = field(default_factory=dict)
    """Calls a month of what the bot looks up for itself, by what it is called."""

    @property
    def calls(self) -> int:
        return round(sum(cost.calls for cost in self.costs.values()) + sum(self.chores.values()))

    @property
    def pushes(self) -> int:
        return round(sum(cost.pushes for cost in self.costs.values()))


_OF_REMINDERS: Mapping[Reminder, tuple[Class, float]] = {
    Reminder.PROGRESS_WARNING: (Class.WARNING, 12.2),
    Reminder.FORECAST_MISS: (Class.WARNING, 0.03),
    Reminder.KR_STALLED: (Class.WARNING, 4.2),
    Reminder.CONFIDENCE_DROP: (Class.WARNING, 0.3),
    Reminder.CHECKIN_DUE: (Class.WARNING, 0.44),
    Reminder.CHECKIN_OVERDUE: (Class.WARNING, 7.0),
    Reminder.UPSTREAM_CHANGED: (Class.COLLABORATION, 0.42),
    Reminder.APPROVAL_PENDING: (Class.DECISION, 0.01),
    Reminder.WEEKLY_REPORT: (Class.REPORT, 4.3),
    Reminder.MONTHLY_REVIEW: (Class.REPORT, 1.6),
    Reminder.DEADLINE_DUE: (Class.WARNING, 0.5),
    Reminder.DATA_STALE: (Class.WARNING, 0.05),
    Reminder.ALIGNMENT_GAP: (Class.WARNING, 0.3),
    Reminder.GROWTH_DUE: (Class.WARNING, 0.3),
    Reminder.COLLAB_BLOCKED: (Class.COLLABORATION, 0.2),
    Reminder.ACHIEVEMENT: (Class.PRAISE, 0.5),
}
"""Letters a person and month. Down to the monthly review they are measured: `python -m tests.quarter.month --people 100
--unlimited`, November 2026, stores and an office, three key results each, a fifth of the people never report. What has
no cause in that month comes after, and is an estimate.
"""
_DIGESTS = Cost(3.6, 0.0)
"""What is over people's ceiling, told once or twice a day; measured with the others."""
_OF_DEEDS: Mapping[Class, Cost] = {
    Class.ANSWER: Cost(0.2, 6.3),
    Class.DECISION: Cost(0.2, 0.0),
    Class.COLLABORATION: Cost(0.14, 0.0),
}
"""What people cause themselves, a person and month, measured there: live cards, requests with their outcome; words, and the
answers to them. Who reports all his numbers in one message, once a week.
"""


def foresee(
    people: int, switched_on: Collection[Reminder], chores: Mapping[str, float] | None = None
) -> Forecast:
    """What a month comes to if nothing is folded. `people`: who is written to on the platform."""
    costs = {
        kind: Cost(cost.calls * people, cost.pushes * people) for kind, cost in _OF_DEEDS.items() if people
    }
    for reminder, (kind, letters) in _OF_REMINDERS.items():
        if reminder in switched_on and people:
            had = costs.get(kind, Cost(0, 0))
            costs[kind] = Cost(had.calls + letters * people, had.pushes)
    if Class.WARNING in costs:
        costs[Class.WARNING] = Cost(costs[Class.WARNING].calls + _DIGESTS.calls * people, 0.0)
    return Forecast(dict(sorted(costs.items())), chores or {})


NIGHTS = 30
WORKING_DAYS = 22
"""Of one person in a month."""
PAGE = 100
"""People that the directory lists in one call."""
CHANGED = 0.2
"""Of the people change in a month, each with two events: an estimate."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Calls that following a directory takes: on a night, on a Sunday when everybody is asked for, in a month with its events."""

    night: int
    sunday: int
    month: int


ROSTER_PAGE = 50
"""People whose week of shifts is told in one call."""


def rostering(people: int) -> int:
    """Calls a month of a nightly look at so many people's shifts."""
    return NIGHTS * -(-people // ROSTER_PAGE)


def pulling(units: int, people: int) -> Pull:
    """Of DingTalk, where departments, their people and a superior are a call each."""
    night = 1 + 2 * units + people // PAGE
    return Pull(night, night + people, round(NIGHTS * night + WEEKS * people + 2 * CHANGED * people))


EDITIONS: tuple[tuple[str, int, int], ...] = (("标准版", 5_000, 3_000), ("专业版", 200_000, 50_000))
"""DingTalk's, with calls and pushes a month and organisation."""
PACK = (5_000_000, 500_000)
"""What a pack adds to the largest edition; there may be several."""
_IN_WORDS = "一两三四五六七八九"


def edition_for(forecast: Forecast, reserved: float) -> str:
    """The smallest edition that carries a month whole, with as many packs as it takes; empty where none does."""
    left = 1 - reserved
    if left <= 0:
        return ""
    calls, pushes = forecast.calls / left, forecast.pushes / left
    for name, given_calls, given_pushes in EDITIONS:
        if calls <= given_calls and pushes <= given_pushes:
            return name
    name, given_calls, given_pushes = EDITIONS[-1]
    packs = max(ceil((calls - given_calls) / PACK[0]), ceil((pushes - given_pushes) / PACK[1]))
    return f"{name}加{_IN_WORDS[packs - 1] if packs <= len(_IN_WORDS) else f' {packs} '}个加量包"
