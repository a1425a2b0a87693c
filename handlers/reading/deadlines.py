"""By when something is needed: 周五前, 明天下班前, 月底 at the end of what was said."""

from __future__ import annotations

import re
from datetime import date

from handlers.reading.dates import take_date

_HOUR = re.compile(
    r"^(?:早上|上午|中午|下午|晚上|傍晚|下班|开门|打烊|[0-9]{1,2}(?:[点:][0-9]{0,2}半?))+(?:之|以)?前?"
)
_TAIL = " ,，。;；、\n"
_BEFORE = re.compile("(?:之|以)?前(?:给我|要|发我|就行)?$")


def take_deadline(text: str, today: date) -> tuple[date | None, str]:
    """The day by which it is needed, and the words without it: `需要客流数据 周五前` is the coming Friday.

    A day counts that stands at the end or is followed by 前; one that has passed does not. Where an hour is named with
    it (明天下班前) the words keep both, for only the day is kept elsewhere.
    """
    at = 0
    while at < len(text):
        day, rest = take_date(text[at:], today, "future")
        if day is None:
            at += 1
            continue
        end = len(text) - len(rest)
        hour = _HOUR.match(rest)
        named = text[at : end + (hour.end() if hour else 0)]
        left = text[end + (hour.end() if hour else 0) :].strip(_TAIL)
        if day >= today and (not left or _BEFORE.search(named.rstrip(_TAIL)) or left.startswith("前")):
            if hour is not None:
                return day, text.strip(_TAIL)
            return day, _without(text[:at], left.removeprefix("前"))
        at = max(end, at + 1)
    return None, text.strip(_TAIL)


def _without(before: str, after: str) -> str:
    return " ".join(part for part in (before.strip(_TAIL), after.strip(_TAIL)) if part)
