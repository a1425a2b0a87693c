"""How near a day is, in steps, and when somebody is to be reminded of a cycle's end (docs/rules/reminders.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from okr.objectives import KeyResult, Kind
from okr.workdays import OfficeCalendar


def next_day(kr: KeyResult, today: date) -> tuple[date, str] | None:
    """The nearest day from today on that is set for a key result or an open step of it, and the step's title.

    None where there is none; the end of the cycle is no such day.
    """
    days = [(kr.due, "")] if kr.due is not None else []
    if kr.measure.kind is Kind.MILESTONE:
        days += [(step.due, step.title) for step in kr.measure.milestones if step.due and not step.done]
    ahead = [day for day in days if day[0] >= today]
    return min(ahead, key=lambda day: day[0]) if ahead else None


def nearness(days_left: int, steps: Sequence[int]) -> int:
    """How many of the steps (7, 3, 1, 0 days before) have come; 0 where none has."""
    return sum(days_left <= step for step in steps)


def days_over(end: date, today: date, calendar: OfficeCalendar) -> int:
    """How many working days have passed since a day: 0 on it and before its first working day is over."""
    return calendar.between(end, today) - calendar.is_workday(end) if today > end else 0
