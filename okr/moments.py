"""How days and moments are said, as seen from now: 今天 09:30, 昨天 18:02, 周五, 11月25日."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

WEEKDAYS = "一二三四五六日"
_NEAR = {-1: "昨天", 0: "今天", 1: "明天"}
_WEEKS = {-1: "上周", 0: "周", 1: "下周"}


def say_date(day: date, today: date) -> str:
    """今天, 周五 (weeks start on Monday), 上周五, 下周五, else 11月25日, with the year if another."""
    near = _NEAR.get((day - today).days)
    if near is not None:
        return near
    week = _WEEKS.get((_monday(day) - _monday(today)).days // 7)
    if week is not None:
        return f"{week}{WEEKDAYS[day.weekday()]}"
    return say_day(day, today)


def say_day(day: date, today: date) -> str:
    """11月25日, with the year if another: for deadlines and tables, where 周五 needs a second look."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def say_short_day(day: date) -> str:
    """11月25日, where there is no room for a year."""
    return f"{day.month}月{day.day}日"


def say_moment(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """A past or coming moment; the time of day is said from yesterday to tomorrow. Both are aware."""
    local, today = moment.astimezone(zone), day_of(now, zone)
    said = say_date(local.date(), today)
    return f"{said} {local:%H:%M}" if said in _NEAR.values() else said


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day in company time that an aware moment belongs to."""
    return moment.astimezone(zone).date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
