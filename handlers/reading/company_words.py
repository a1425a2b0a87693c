"""设置 进度预警 偏慢 15: which of the company's settings is meant, for whom, and what it is to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okr.amendments import COMPANY, PEAKS
from okr.reminding import Reminder, ReminderRule

ON, OFF = ("开", "打开", "开启", "启用"), ("关", "关掉", "关闭", "停用")
SLOTS: Mapping[Reminder, Mapping[str, str]] = {
    Reminder.WEEKLY_REPORT: {"时间": "office", "办公室时间": "office", "门店时间": "store"},
    Reminder.MONTHLY_REVIEW: {"时间": "open", "发起时间": "open", "关闭时间": "close"},
}
"""Reminders that have more than one time."""
_NUMBER = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<percent>[%%])?\s*(?P<unit>\D{0,8})")
_APART = re.compile(r"[、,,/\s]+")


@dataclass(frozen=True, slots=True)
class Said:
    """`key` as in the file; `field` what it is called; `value` as the file would hold it, None where nothing follows."""

    key: str
    field: str
    value: Any = None


def of_company(words: str) -> Said | None:
    """每天上限 5, 门店忙时 11:30-13:30 17:30-20:00."""
    for key, names in COMPANY.items():
        for name in sorted(names, key=len, reverse=True):
            if words.startswith(name):
                return Said(key, names[0], _company_value(key, words.removeprefix(name).strip(" :,")))
    return None


def of_reminder(reminder: Reminder, rule: ReminderRule, words: str) -> Said | None:
    """偏慢 15, 关, 时间 周五 16:00; None where the words name nothing that may be changed."""
    words = words.strip(" :,")
    if words in (*ON, *OFF):
        return Said(f"reminders.{reminder}.enabled", "开关", words in ON)
    times = SLOTS.get(reminder, {"时间": ""})
    for name in sorted(times, key=len, reverse=True):
        if words.startswith(name):
            key = ".".join(part for part in ("schedule", str(reminder), times[name]) if part)
            return Said(key, name, words.removeprefix(name).strip(" :,") or None)
    for field, (name, old) in fields_of(rule).items():
        for said in (name, field):
            if words.startswith(said):
                value = read_value(words[len(said) :].strip(" :,"), old)
                return Said(f"reminders.{reminder}.{field}", name, value)
    numbers = fields_of(rule)
    if len(numbers) == 1 and words:
        [(field, (name, old))] = numbers.items()
        return Said(f"reminders.{reminder}.{field}", name, read_value(words, old))
    return None


def fields_of(rule: ReminderRule) -> dict[str, tuple[str, Any]]:
    """What each threshold is called, and what it is; the longer names first, as 告诉上级 before 告诉."""
    named = {
        field: (rule.meanings.get(field, field).partition(":")[0], value)
        for field, value in rule.numbers.items()
    }
    return dict(sorted(named.items(), key=lambda one: -len(one[1][0])))


def read_value(text: str, like: Any) -> Any:
    """A value as the schema wants it, of the kind of the old one; what is none stays words, for the schema to refuse."""
    if not text:
        return None
    if isinstance(like, tuple):
        parts = [part for part in _APART.split(text) if part]
        return [read_value(part, like[0] if like else "") for part in parts]
    if isinstance(like, bool) or not isinstance(like, int | float):
        return text
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    number = float(found["number"])
    if isinstance(like, float):
        return number / 100 if found["percent"] else number
    return int(number) if number.is_integer() else text


def _company_value(key: str, text: str) -> Any:
    if not text:
        return None
    if key == PEAKS:
        return [_hours(part) for part in _APART.split(text) if part]
    if key.startswith("reminders.send_window"):
        return "shift" if text in ("上班时", "班里", "shift") else _hours(text)
    return read_value(text, 1)


def _hours(text: str) -> str:
    """9:00-19:00 as 09:00-19:00."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})\s*[-~到至]\s*(\d{1,2}):(\d{2})", text)
    if found is None:
        return text
    one, two, three, four = found.groups()
    return f"{int(one):02}:{two}-{int(three):02}:{four}"


def take_whom(words: str, units: Sequence[str]) -> tuple[str, str]:
    """A unit's name that stands first or last in the words, and the words without it; empty where none does."""
    tokens = words.split()
    for index in (0, -1):
        if tokens and tokens[index].removeprefix("对") in units:
            unit = tokens[index].removeprefix("对")
            rest = tokens[1:] if index == 0 else tokens[:-1]
            return unit, " ".join(rest)
    return "", words
