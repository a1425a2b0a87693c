"""Days as people type them. A day without its year or month is the nearest one in the direction meant."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from handlers.reading.normal import narrow, tidy
from handlers.reading.numerals import small_integer
from okr.cycle import next_quarter, quarter_of

Direction = Literal["past", "future"]
"""Check-ins look back, deadlines look forward; today belongs to both."""

_WORDS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1,
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今儿": 0,
    "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6} | {
    str(n): n - 1 for n in range(1, 8)
}
_EARLIEST, _LATEST = 2000, 2199

_N = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_DAY_END = "(?:日(?![均常])|号(?![店楼门仓线机员柜]))"
_RELATIVE_YEAR = {"去年": -1, "今年": 0, "明年": 1}
_RELATIVE_MONTH = {"上": -1, "本": 0, "这": 0, "下": 1}
_END = "(?![0-9]|[-/.][0-9])"

_FULL = (
    rf"(?P<y>[0-9]{{4}})(?:(?P<s>[-/.])(?P<ym>[0-9]{{1,2}})(?P=s)(?P<yd>[0-9]{{1,2}}){_END}"
    rf"|年(?P<cm>{_N})月(?P<cd>{_N}){_DAY_END}?)"
)
_MONTH_DAY = (
    rf"(?P<ry>去年|今年|明年)?(?P<m>{_N})月"
    rf"(?:(?P<d>{_N})(?:{_DAY_END}|(?![0-9万千百wW.%元人]))|(?P<me>底|末))"
)
_SLASHED = rf"(?P<sm>[0-9]{{1,2}})[-/](?P<sd>[0-9]{{1,2}}){_END}"
_DAY = rf"(?P<rm>[上本这下])?(?(rm)个?月)(?P<day>{_N}){_DAY_END}"
_WEEKDAY = r"(?P<week>上上|下下|上|下|本|这)?个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天1-7])(?![0-9])"
_MONTH_END = "(?P<rme>上|本|这|下)?(?:个?月)(?:底|末)"
_QUARTER_END = "(?P<rq>上|本|这|下)?个?季度?(?:底|末)"
_YEAR_END = "年底|年末"
_AGO = rf"(?P<n>{_N}) ?天(?P<way>之?前|之?后)"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))

DATE_LIKE = re.compile(
    rf"[0-9]{{4}}[-/.年][0-9]{{1,2}}(?:[-/.月][0-9]{{1,2}}日?)?|[0-9]{{4}}年|[0-9]{{4}}[QHqh][1-4]"
    rf"|{_N}月(?:{_N}{_DAY_END}?)?(?!度)|(?<![0-9]){_N}{_DAY_END}|(?:周|星期|礼拜)[一二三四五六日天1-7]"
    rf"|{_N} ?天之?[前后]|[0-9]{{1,2}}:[0-9]{{2}}|(?:上午|下午|早上|晚上|中午|明早|今晚|凌晨){_N}点{_N}?"
    rf"|{_N}点(?:{_N}分|半|钟|[整前后]|之前|以前|(?![0-9一二三四五六七八九零〇两]))"
)
"""What stands for a day or an hour and is therefore no number."""

_AFTERWARDS = re.compile(
    r"(?:的|之?前|以前|(?:那天)?我?"
    r"(?:忘记?了?(?:上?报|填)数?了?|漏报了?|没有?报|补报?))?[ ,、:;。]*"
)


def read_date(text: str, today: date, direction: Direction = "future") -> date | None:
    """The day that a whole text is; None where it is none or there is no such day."""
    text = tidy(text)
    if len(text) > 20:
        return None
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(text):
            return _possible(read, match, today, direction)
    return None


def take_date(text: str, today: date, direction: Direction = "future") -> tuple[date | None, str]:
    """The day that a phrase begins with, and what follows: `昨天忘报了,980` leaves `980`.

    `(None, text)` where no day stands there, or one that does not exist.
    """
    plain = narrow(text).lstrip()
    for pattern, read in _FORMS:
        if match := pattern.match(plain):
            day = _possible(read, match, today, direction)
            if day is not None:
                after = _AFTERWARDS.match(plain, match.end())
                return day, plain[after.end() if after else match.end() :]
            return None, text
    return None, text


def find_date(text: str, today: date, direction: Direction = "future") -> tuple[int, int, date] | None:
    """The first day that a sentence names, with start and end; `12-05` and `12/5` are not looked for."""
    plain = narrow(text)
    found = [
        (match.start(), match.end(), day)
        for pattern, read in _FORMS
        if read is not _slashed
        for match in pattern.finditer(plain)
        if (day := _possible(read, match, today, direction)) is not None
    ]
    return min(found, key=lambda one: (one[0], -one[1]), default=None)


_Read = Callable[[re.Match[str], date, Direction], date | None]


def _possible(read: _Read, match: re.Match[str], today: date, direction: Direction) -> date | None:
    try:
        day = read(match, today, direction)
    except (ValueError, OverflowError):  # no such day
        return None
    return day if day and _EARLIEST <= day.year <= _LATEST else None


def _full(match: re.Match[str], _today: date, _direction: Direction) -> date:
    return date(int(match["y"]), _int(match["ym"] or match["cm"]), _int(match["yd"] or match["cd"]))


def _month_day(match: re.Match[str], today: date, direction: Direction) -> date:
    month = _int(match["m"])

    def in_year(year: int) -> date:
        return _end_of_month(year, month) if match["me"] else date(year, month, _int(match["d"]))

    if match["ry"]:
        return in_year(today.year + _RELATIVE_YEAR[match["ry"]])
    return _nearest_year(in_year, month, 0 if match["me"] else _int(match["d"]), today, direction)


def _slashed(match: re.Match[str], today: date, direction: Direction) -> date:
    month, day = int(match["sm"]), int(match["sd"])
    return _nearest_year(lambda year: date(year, month, day), month, day, today, direction)


def _nearest_year(
    in_year: Callable[[int], date], month: int, day: int, today: date, direction: Direction
) -> date:
    """Decided by month and day alone, so that the 29th of February does not wander to a far leap year."""
    here, there = (today.month, today.day), (month, day or 31)
    if direction == "future":
        return in_year(today.year + (there < here))
    if not day and here[0] == month:
        # The end of this month lies ahead, unless it is today.
        return in_year(today.year - (today != _end_of_month(today.year, month)))
    return in_year(today.year - (there > here))


def _day(match: re.Match[str], today: date, direction: Direction) -> date | None:
    day = _int(match["day"])
    if match["rm"]:
        year, month = _months_on(today, _RELATIVE_MONTH[match["rm"]])
        return date(year, month, day)
    if not 1 <= day <= 31:
        return None
    step = 1 if direction == "future" else -1
    for months in range(4):
        year, month = _months_on(today, step * months)
        if day > calendar.monthrange(year, month)[1]:
            continue
        found = date(year, month, day)
        if (found - today).days * step >= 0:
            return found
    return None


def _weekday(match: re.Match[str], today: date, direction: Direction) -> date:
    """Weeks start on Monday; 下周五 is in next week, whatever today is."""
    wanted = _WEEKDAYS[match["wd"]]
    if match["week"]:
        weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(match["week"], 0)
        return today + timedelta(days=wanted - today.weekday() + 7 * weeks)
    if direction == "future":
        return today + timedelta(days=(wanted - today.weekday()) % 7)
    return today - timedelta(days=(today.weekday() - wanted) % 7)


def _month_end(match: re.Match[str], today: date, direction: Direction) -> date:
    this = _end_of_month(today.year, today.month)
    if match["rme"]:
        return _end_of_month(*_months_on(today, _RELATIVE_MONTH[match["rme"]]))
    return this if direction == "future" or this == today else _end_of_month(*_months_on(today, -1))


def _quarter_end(match: re.Match[str], today: date, direction: Direction) -> date:
    this = quarter_of(today)
    before = this.start - timedelta(days=1)
    if match["rq"]:
        return {"上": before, "下": next_quarter(today).end}.get(match["rq"], this.end)
    return this.end if direction == "future" or this.end == today else before


def _year_end(_match: re.Match[str], today: date, direction: Direction) -> date:
    this = date(today.year, 12, 31)
    return this if direction == "future" or this == today else date(today.year - 1, 12, 31)


def _ago(match: re.Match[str], today: date, _direction: Direction) -> date:
    days = _int(match["n"])
    return today + timedelta(days=-days if match["way"].endswith("前") else days)


def _word(match: re.Match[str], today: date, _direction: Direction) -> date:
    return today + timedelta(days=_WORDS[match[0]])


def _int(text: str) -> int:
    """Raises ValueError for a numeral that is none, such as 十十."""
    number = small_integer(text)
    if number is None:
        raise ValueError(text)
    return number


def _months_on(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def _end_of_month(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, calendar.monthrange(year, month)[1])


_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (_FULL, _full),
        (_MONTH_DAY, _month_day),
        (_SLASHED, _slashed),
        (_AGO, _ago),
        (_DAY, _day),
        (_WEEKDAY, _weekday),
        (_MONTH_END, _month_end),
        (_QUARTER_END, _quarter_end),
        (_YEAR_END, _year_end),
        (_WORD, _word),
    )
)
