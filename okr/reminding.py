"""The sixteen reminders by name, and the rules common to all of them (docs/rules/reminders.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from okr.people import Person
from okr.schedule import When
from okr.schemes import EVERYBODY, Criteria, most_specific


class Reminder(StrEnum):
    """The keys of the sixteen, as bot.yaml and the list of jobs call them."""

    PROGRESS_WARNING = "progress_warning"
    FORECAST_MISS = "forecast_miss"
    KR_STALLED = "kr_stalled"
    CONFIDENCE_DROP = "confidence_drop"
    CHECKIN_DUE = "checkin_due"
    CHECKIN_OVERDUE = "checkin_overdue"
    WEEKLY_REPORT = "weekly_report"
    MONTHLY_REVIEW = "monthly_review"
    COLLAB_BLOCKED = "collab_blocked"
    APPROVAL_PENDING = "approval_pending"
    UPSTREAM_CHANGED = "upstream_changed"
    ALIGNMENT_GAP = "alignment_gap"
    DEADLINE_DUE = "deadline_due"
    DATA_STALE = "data_stale"
    GROWTH_DUE = "growth_due"
    ACHIEVEMENT = "achievement"

    @property
    def called(self) -> str:
        return TITLES[self]


TITLES: Mapping[Reminder, str] = {
    Reminder.PROGRESS_WARNING: "目标进度预警",
    Reminder.FORECAST_MISS: "达成预测预警",
    Reminder.KR_STALLED: "进展停滞提醒",
    Reminder.CONFIDENCE_DROP: "信心下滑提醒",
    Reminder.CHECKIN_DUE: "进展更新提醒",
    Reminder.CHECKIN_OVERDUE: "更新逾期催办",
    Reminder.WEEKLY_REPORT: "个人进度周报",
    Reminder.MONTHLY_REVIEW: "月度复盘发起",
    Reminder.COLLAB_BLOCKED: "协作障碍提示",
    Reminder.APPROVAL_PENDING: "变更审批提醒",
    Reminder.UPSTREAM_CHANGED: "上级目标变更提醒",
    Reminder.ALIGNMENT_GAP: "目标未制定/未对齐提醒",
    Reminder.DEADLINE_DUE: "截止与收官评分提醒",
    Reminder.DATA_STALE: "数据断更提醒",
    Reminder.GROWTH_DUE: "学习与面谈提醒",
    Reminder.ACHIEVEMENT: "达成喝彩与排名激励",
}


SPEAKING = (
    Reminder.PROGRESS_WARNING,
    Reminder.FORECAST_MISS,
    Reminder.KR_STALLED,
    Reminder.CONFIDENCE_DROP,
    Reminder.CHECKIN_DUE,
    Reminder.CHECKIN_OVERDUE,
    Reminder.WEEKLY_REPORT,
    Reminder.MONTHLY_REVIEW,
    Reminder.COLLAB_BLOCKED,
    Reminder.APPROVAL_PENDING,
    Reminder.UPSTREAM_CHANGED,
    Reminder.ALIGNMENT_GAP,
    Reminder.DEADLINE_DUE,
    Reminder.ACHIEVEMENT,
    Reminder.DATA_STALE,
)
"""Those that speak already; the others wait for what they speak of."""
ALWAYS = frozenset({Reminder.APPROVAL_PENDING})
"""Somebody else waits for what these ask for: they cannot be switched off, and do not pause."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """What differs for some: a unit, a store type, or people by their numbers. Only what is named differs."""

    criteria: Criteria = EVERYBODY
    people: frozenset[str] = frozenset()
    on: bool | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    times: Mapping[str, When] = field(default_factory=dict)
    """By slot, when it looks for these; empty is when it does for everybody."""


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """One reminder as the company wants it: on or off, and its thresholds by name."""

    on: bool = True
    numbers: Mapping[str, Any] = field(default_factory=dict)
    exceptions: tuple[Exceptional, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What each threshold is, in words."""

    def of(self, person: Person) -> ReminderRule:
        """The rule as it holds for a person: named people come first, then the narrowest criteria."""
        found = self._exception_of(person, self.exceptions)
        if found is None:
            return self
        on = self.on if found.on is None else found.on
        return ReminderRule(on, {**self.numbers, **found.numbers})

    @property
    def for_nobody(self) -> bool:
        """Whether it is off for everybody, without exception."""
        return not self.on and not any(one.on for one in self.exceptions)

    def times_of(self, person: Person) -> Mapping[str, When]:
        """Times that are his and not everybody's, by slot; empty where he has none."""
        found = self._exception_of(person, [one for one in self.exceptions if one.times])
        return found.times if found is not None else {}

    @property
    def own_times(self) -> list[Mapping[str, When]]:
        """Times that differ for some."""
        found: list[Mapping[str, When]] = []
        for one in self.exceptions:
            if one.times and one.times not in found:
                found.append(one.times)
        return found

    @staticmethod
    def _exception_of(person: Person, exceptions: Sequence[Exceptional]) -> Exceptional | None:
        named = next((one for one in exceptions if person.number in one.people), None)
        return named or most_specific((one for one in exceptions if not one.people), person)

    def __getitem__(self, name: str) -> Any:
        """A threshold by its name. Raises KeyError for one that this reminder does not have."""
        return self.numbers[name]


def is_mandatory(reminder: str, rule: ReminderRule, person: Person) -> bool:
    """Whether somebody gets it whatever he switches off: the weekly report of who sells."""
    if reminder != Reminder.WEEKLY_REPORT:
        return False
    return any(word in person.position for word in rule.of(person).numbers.get("sales_positions", ()))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many private letters a person may get unasked; 0 is no ceiling."""

    day: int = 3
    week: int = 10

    def is_reached(self, today: int, this_week: int) -> bool:
        """Whether another one has to wait for the digest."""
        return (0 < self.day <= today) or (0 < self.week <= this_week)


AGAIN_AFTER = timedelta(days=7)
"""The same level of the same cause is said at most so often."""


def may_say(level: int, now: datetime, said: tuple[int, datetime] | None) -> bool:
    """Whether a cause is worth another letter: a worse level at once, the same or a better one after a while.

    `said`: the level and the moment it was said last; None where it never was. Days count, in the zone of `now`: what
    had to wait for noon last Monday may be said this Monday morning.
    """
    return (
        said is None or level > said[0] or now.date() - said[1].astimezone(now.tzinfo).date() >= AGAIN_AFTER
    )
