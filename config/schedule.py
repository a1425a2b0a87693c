"""What bot.yaml may say about when a job runs: `17:30`, `fri 17:30`, `25 10:00`, or a whole crontab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from config.reminders import KEYS
from okr.schedule import FIELDS, Schedule, When

HOUSEKEEPING = (
    "open_cycle",
    "keep_mechanisms",
    "close_cycles",
    "forget_heard",
    "forget_files",
    "erase_leavers",
    "expire_requests",
    "hand_over_leavers",
    "quota_watch",
    "followed",
    "day_opening",
    "sync_directory",
    "sync_rosters",
    "turn_figures",
    "digest",
    "calendar_years",
    "turn_figures",
)
"""The names of the jobs that are no reminders."""
SLOTS: Mapping[str, tuple[str, ...]] = {
    "weekly_report": ("office", "store"),
    "monthly_review": ("open", "close"),
}
"""Jobs that have more than one time, each with a name; what is said without a name is the first one's."""
ALLOWED = "像 17:30、fri 17:30、mon-fri 9:00、25 10:00(每月 25 号)、last 10:00(月底)这样,或五段的 crontab,星期写英文缩写"

_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = {f"周{name}": day for name, day in zip("一二三四五六日", _DAYS, strict=True)} | {"周天": "sun"}
_WEEKDAYS = re.compile(rf"(?:{'|'.join(_DAYS)})(?:[-,](?:{'|'.join(_DAYS)}))*")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month, at most."""
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12))
_PART = re.compile(r"(?:\*|(?P<first>\d{1,2})(?:-(?P<last>\d{1,2}))?)(?:/(?P<step>\d{1,2}))?")

Problem = tuple[tuple[str, ...], str, str]
"""A key path below `schedule`, what was found there, what is allowed."""


def read_when(text: str) -> When:
    """Read what stands behind a job's name. Raises ValueError for what makes no sense."""
    words = text.lower().split()
    for name, day in _NAMES.items():
        words = [word.replace(name, day) for word in words]
    if len(words) == FIELDS:
        return _crontab(words)
    if len(words) not in (1, 2) or (clock := _CLOCK.fullmatch(words[-1])) is None:
        raise ValueError(text)
    hour, minute = str(int(clock["hour"])), str(int(clock["minute"]))
    if len(words) == 1:
        return When(minute, hour)
    days = words[0].replace("~", "-").replace("至", "-")
    if days in ("daily", "每天"):
        return When(minute, hour, "*", "*", "*")
    if _WEEKDAYS.fullmatch(days):
        return When(minute, hour, "*", "*", days)
    if days in ("last", "月底") or (days.isdecimal() and 1 <= int(days) <= _RANGES[2][1]):
        return When(minute, hour, "last" if days in ("last", "月底") else str(int(days)), "*", "*")
    raise ValueError(text)


def _crontab(words: list[str]) -> When:
    for word, (least, most) in zip(words, _RANGES, strict=False):
        if not all(_is_part(part, least, most) for part in word.split(",")) and (word, most) != ("last", 31):
            raise ValueError(word)
    if words[4] != "*" and not _WEEKDAYS.fullmatch(words[4]):
        raise ValueError(words[4])
    if not _exists(words[2], words[3]):
        raise ValueError(f"{words[2]} {words[3]}")
    return When(*words)


def _exists(days: str, months: str) -> bool:
    """Whether any of the months has any of the days; 31 February never comes."""
    if days == "last":
        return True
    first = min(int(number) for number in re.findall(r"\d+", days.split("/", maxsplit=1)[0]) or ["1"])
    lengths = [_LONGEST[int(number) - 1] for number in re.findall(r"\d+", months.split("/", maxsplit=1)[0])]
    return first <= max(lengths or _LONGEST)


def _is_part(part: str, least: int, most: int) -> bool:
    match = _PART.fullmatch(part)
    if match is None or match["step"] == "0":
        return False
    said = [int(match[name]) for name in ("first", "last") if match[name]]
    return said == sorted(said) and all(least <= number <= most for number in said)


def makes_sense(text: str) -> bool:
    try:
        read_when(text)
    except ValueError:
        return False
    return True


def schedule_of(said: Mapping[str, str | dict[str, Any]]) -> Schedule:
    """What holds; only for what has no problems."""
    return {name: dict(_slots(name, value)) for name, value in said.items()}


def problems(said: Mapping[str, str | dict[str, Any]]) -> Iterator[Problem]:
    """Names of jobs that there are not, and times that make no sense."""
    for name, value in said.items():
        if name not in (*KEYS, *HOUSEKEEPING):
            yield (name,), "没有叫这个名字的任务", "、".join((*KEYS, *HOUSEKEEPING))
            continue
        slots = SLOTS.get(name, ())
        for key in value if isinstance(value, dict) else ():
            if key not in ("at", "days", *slots):
                allowed = "、".join(slots) or "at 和 days"
                yield (name, str(key)), "没有这一项", f"写 {allowed}"
                break
        else:
            try:
                dict(_slots(name, value))
            except ValueError as wrong:
                yield (name,), f"写的是 {wrong}", ALLOWED


def _slots(name: str, value: str | dict[str, Any]) -> Iterator[tuple[str, When]]:
    slots = SLOTS.get(name, ("",))
    if isinstance(value, str):
        yield slots[0], read_when(value)
        return
    if not value:
        raise ValueError("空的")
    if "at" in value or "days" in value:
        if "at" not in value:
            raise ValueError(f"days {value['days']},没有写 at")
        yield slots[0], read_when(f"{value.get('days', '')} {value['at']}")
    for slot in slots:
        if slot in value:
            yield slot, read_when(str(value[slot]))
