"""What somebody wants to do today, as it is typed: 陈列调整; 10点前赠饮."""

from __future__ import annotations

import re
from typing import NamedTuple

from handlers.reading.normal import narrow

LONGEST = 100
"""Characters of one."""
_PARTS = re.compile(r"[;；\n]+")
_WHO = re.compile(r"^@?(?P<who>E\d{2,12}|(?<=@)[^\s@,，:]{2,10}|全店)[ ,，:]+(?=\S)", re.IGNORECASE)
_BY = re.compile(
    r"(?P<half>早上|上午|中午|下午|晚上)?(?P<hour>[01]?\d|2[0-4])(?:[::](?P<minute>[0-5]\d)|点(?P<thirty>半)?(?P<odd>[0-5]?\d)?分?)"
    r"(?:之|以)?前[,， ]*"
)
_NUMBERS = re.compile(
    r"^(?P<which>(?:A ?)?\d{1,6}(?:[和、,，跟 ]+(?:A ?)?\d{1,6})*)[都也已经 ]{0,3}(?:做完|完成|搞定|弄完|好)了?[。!~ ]*$",
    re.IGNORECASE,
)


class Wanted(NamedTuple):
    """`who`: a name or number, 全店, or nobody said. `until`: `10:00` or empty."""

    words: str
    until: str
    who: str


def read_actions(text: str) -> list[Wanted]:
    """One for each part; parts without words are left out."""
    found = [_read(part.strip()) for part in _PARTS.split(text)]
    return [one for one in found if one.words]


def read_ticks(text: str) -> tuple[list[int], list[int]]:
    """`1和3做完了`: places in the list; `A5和A6做完了`: numbers. Both empty where it says nothing of the kind."""
    match = _NUMBERS.match(narrow(text).strip())
    if match is None:
        return [], []
    said = re.findall(r"(A ?)?(\d+)", match["which"], re.IGNORECASE)
    refs = [int(number) for letter, number in said if letter]
    places = [int(number) for letter, number in said if not letter]
    if refs and places:  # A5和6: the letter stands for both
        return [], refs + places
    return places, refs


def _read(part: str) -> Wanted:
    who = _WHO.match(part)
    words = part[who.end() :] if who else part
    until = _BY.search(words)
    if until is None:
        return Wanted(words.strip()[:LONGEST], "", who["who"] if who else "")
    hour = int(until["hour"])
    if until["half"] in ("下午", "晚上") and hour < 12:
        hour += 12
    minute = until["minute"] or until["odd"] or ("30" if until["thirty"] else "0")
    left = f"{words[: until.start()]}{words[until.end() :]}".strip(" ,，")
    if hour > 23:
        return Wanted(left[:LONGEST], "", who["who"] if who else "")
    return Wanted(left[:LONGEST], f"{hour:02}:{int(minute):02}", who["who"] if who else "")
