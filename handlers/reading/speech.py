"""Recognised speech in the form that people type: 可二三十四 一千零五十 is KR34 1050."""

from __future__ import annotations

import re

from handlers.reading.ids import find_refs
from handlers.reading.normal import tidy
from handlers.reading.numbers import Meaning, Quantity, read_number
from handlers.reading.numerals import NUMERALS, small_integer

_HEARD = {
    "KR": (
        "可二",
        "可儿",
        "可尔",
        "可阿",
        "凯尔",
        "凯二",
        "开尔",
        "开二",
        "课二",
        "克二",
        "科二",
        "可R",
        "凯R",
        "K二",
        "K阿",
        "KR",
        "K R",
    ),
    "O": ("欧", "噢", "O"),
    "R": ("阿尔", "R"),
    "X": ("艾克斯", "叉", "X"),
    "A": ("诶", "A"),
}
"""What recognition writes for the letters of an id."""
_LETTERS = {heard.casefold(): kind for kind, all_heard in _HEARD.items() for heard in all_heard}
_SPOKEN_ID = re.compile(
    r"(?<![A-Za-z0-9@])(?P<letters>"
    + "|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True))
    + rf") ?(?:号)?(?P<number>[{NUMERALS}]+|[0-9]+(?![0-9A-Za-z.]))",
    re.IGNORECASE,
)
_PAUSE = re.compile("[,、。;:!?]+(?= |$)|[,、。](?=[^0-9])")


def spoken(text: str) -> str:
    """Ids and the number after them as typed; pauses become spaces. What is not recognised stays."""
    text = tidy(_PAUSE.sub(" ", tidy(text)))
    return _typed_number(tidy(_SPOKEN_ID.sub(_typed_id, text)))


def _typed_id(match: re.Match[str]) -> str:
    """The longest beginning that is a number belongs to the id: 三十四一千零五十 is 34, then 1050."""
    digits = match["number"]
    for end in range(len(digits), 0, -1):
        number = small_integer(digits[:end])
        if number:
            return f"{_LETTERS[match['letters'].casefold()]}{number} {digits[end:]}"
    return match[0]


def _typed_number(text: str) -> str:
    """`KR34 一千零五十 …` with the number in digits."""
    refs = find_refs(text)
    if not refs:
        return text
    _, end, _ = refs[0]
    word, space, more = text[end:].lstrip().partition(" ")
    number = read_number(word)
    return f"{text[:end]} {_digits(number) if number else word}{space}{more}".rstrip()


def _digits(number: Quantity) -> str:
    lead = {Meaning.CHANGE: "+" if number.value > 0 else "", Meaning.EXACT: "="}.get(number.meaning, "")
    if number.meaning is Meaning.VALUE and number.value < 0:
        lead = "="
    tail = "%" if number.percent else "个点" if number.points else number.unit
    return f"{lead}{number.value:f}{tail}"
