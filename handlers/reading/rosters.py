"""A roster as it is typed or pasted: `@张三 周五 10:00-18:30`, `李四 周六 休`, lines below a day, a table out of a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from handlers.reading.dates import take_date
from handlers.reading.normal import tidy
from okr.rosters import FURTHEST, Hours

_T = r"(?:早上|早|上午|中午|下午|晚上|晚|次日|第二天)?\d{1,2}(?:[:点时](?:\d{1,2}分?|半)?)?"
_SPAN = rf"{_T} ?(?:-|~|—|至|到) ?{_T}"
_CELL = re.compile(rf"{_SPAN}(?: ?[,+/&、] ?{_SPAN})*(?![\d:点.])")
_ONE = re.compile(_SPAN)
_TIME = re.compile(
    r"(?P<when>早上|早|上午|中午|下午|晚上|晚|次日|第二天)?(?P<h>\d{1,2})(?:[:点时](?:(?P<m>\d{1,2})分?|(?P<half>半))?)?"
)
_BARE = re.compile(r"\d{1,2}-\d{1,2}(?![\d:点半])")
"""Hours after a day, a day before one: 张三 12-1 10-18."""
_REST = re.compile(r"(?:公休|轮休|调休|休息|休假|不上班|休|off(?![a-z]))", re.IGNORECASE)
_CLEAR = re.compile(r"(?:不定|待定|清空|没定|未定)")
_TO = re.compile(r" ?(?:-|~|—|至|到) ?")
_GAP = re.compile(r"[\s,、。:|;]+")
_WORD = re.compile(r"@? ?[^\s,、。:|;]+")
_HEADING = re.compile(r"^(?:姓名|名字|员工|人员|工号)$")
_AFTERNOON = frozenset({"下午", "晚上", "晚"})


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """What a line says of a person on some days: no hours is a day off, None that it is unknown again.

    `who` as it was written, empty where the line names nobody.
    """

    who: str
    days: tuple[date, ...]
    hours: tuple[Hours, ...] | None


@dataclass(frozen=True, slots=True)
class WrittenRoster:
    """`unread`: lines that nothing was made of, as they were typed."""

    entries: tuple[RosterEntry, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass
class _Line:
    """What stands on a line, in order: words, days, and cells of hours."""

    words: list[str] = field(default_factory=list)
    pairs: list[tuple[tuple[date, ...], tuple[Hours, ...] | None]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    """Days that no hours have followed yet."""
    ok: bool = True


def read_roster(text: str, today: date) -> WrittenRoster:
    """Read what follows 排班, on one line or several. Lines of nothing but days are headings of those below them."""
    entries: list[RosterEntry] = []
    unread: list[str] = []
    heading: tuple[date, ...] = ()
    for raw in re.split(r"[\n;]", tidy(text)):
        line = _read(raw.strip(), today, heading)
        if not (line.words or line.pairs or line.days):
            continue
        named = [word for word in line.words if not _HEADING.match(word)]
        if line.ok and line.days and not line.pairs and not named:
            heading = tuple(line.days)
            continue
        pairs = _under(heading, line.pairs)
        if not line.ok or line.days or len(named) > 1 or not pairs:
            unread.append(raw.strip())
            continue
        who = named[0].lstrip("@ ") if named else ""
        entries += [RosterEntry(who, days, hours) for days, hours in pairs]
    return WrittenRoster(tuple(_joined(entries)), tuple(unread))


def _read(text: str, today: date, heading: Sequence[date]) -> _Line:
    line, rest = _Line(), text
    while rest := _GAP.sub("", rest, count=1) if _GAP.match(rest) else rest:
        known = bool(line.days or heading)
        cell, after = (None, rest) if _BARE.match(rest) and not known else _take_cell(rest)
        if cell is not None:
            line.pairs.append((tuple(line.days), cell.hours))
            line.days = []
            rest = after
            continue
        days, after = _take_days(rest, today)
        if days:
            line.days += days
            line.ok &= all(0 <= (day - today).days <= FURTHEST for day in days)
            rest = after
            continue
        word = _WORD.match(rest)
        assert word is not None
        line.words.append(word[0])
        rest = rest[word.end() :]
    return line


@dataclass(frozen=True, slots=True)
class _Cell:
    hours: tuple[Hours, ...] | None


def _take_cell(text: str) -> tuple[_Cell | None, str]:
    """Hours, a day off, or 待定, at the beginning of a text."""
    if match := _REST.match(text):
        return _Cell(()), text[match.end() :]
    if match := _CLEAR.match(text):
        return _Cell(None), text[match.end() :]
    if match := _CELL.match(text):
        found = [_span(one[0]) for one in _ONE.finditer(match[0])]
        hours = tuple(one for one in found if one is not None)
        if len(hours) == len(found):
            return _Cell(hours), text[match.end() :]
    return None, text


def _span(text: str) -> Hours | None:
    """10:00-18:30, 早9点到晚6点, 22-次日6点; None where there is no such time or it lasts no time."""
    found = list(_TIME.finditer(text))
    if len(found) != 2:
        return None
    start, end = (_time(match) for match in found)
    return (start, end) if start is not None and end is not None and start != end else None


def _time(match: re.Match[str]) -> time | None:
    hour, minute = int(match["h"]), 30 if match["half"] else int(match["m"] or 0)
    if match["when"] in _AFTERNOON and hour < 12:
        hour += 12
    if (hour, minute) == (24, 0):
        return time()
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _take_days(text: str, today: date) -> tuple[list[date], str]:
    """A day, or from one to another: 周五, 12月1日, 周一到周五."""
    first, rest = take_date(text, today, "future")
    if first is None:
        return [], text
    until = _TO.match(rest)
    if until is not None:
        last, after = take_date(rest[until.end() :], first, "future")
        if last is not None and first < last <= first + timedelta(days=FURTHEST):
            return [first + timedelta(days=n) for n in range((last - first).days + 1)], after
    return [first], rest


def _under(
    heading: Sequence[date], pairs: Sequence[tuple[tuple[date, ...], tuple[Hours, ...] | None]]
) -> list[tuple[tuple[date, ...], tuple[Hours, ...] | None]]:
    """The cells with their days: their own, those right before, or those of the heading, one each. Empty where unclear."""
    if pairs and not any(days for days, _ in pairs):
        if len(pairs) == len(heading):
            return [((day,), hours) for day, (_, hours) in zip(heading, pairs, strict=True)]
        return [(tuple(heading), pairs[0][1])] if heading and len(pairs) == 1 else []
    found: list[tuple[tuple[date, ...], tuple[Hours, ...] | None]] = []
    for days, hours in pairs:
        if not days and not found:
            return []
        found.append((days or found[-1][0], hours))
    return found


def _joined(entries: Sequence[RosterEntry]) -> list[RosterEntry]:
    """Two shifts of one day as one entry of that day."""
    found: list[RosterEntry] = []
    for entry in entries:
        before = found[-1] if found else None
        if before and entry.hours and before.hours and (before.who, before.days) == (entry.who, entry.days):
            found[-1] = RosterEntry(entry.who, entry.days, (*before.hours, *entry.hours))
        else:
            found.append(entry)
    return found
