"""The size of one numeral, in plain digits, in Chinese or mixed: `1,050.5`, `1万2`, `6点9`, `一千零五十`."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

from handlers.reading.numerals import DIGITS, NUMERALS, ascii_digits, chinese_integer

CEILING = Decimal(10) ** 15
MOST_DECIMALS = 6

_POWERS = {"百": 2, "k": 3, "千": 3, "w": 4, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_PIECE = re.compile(
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:[.点][0-9]+)?) ?(?P<scale>万亿|[百千]万|[百千万亿wk])?"
)
_CHINESE = re.compile(
    f"(?P<whole>[{NUMERALS}]+)(?:点(?P<fraction>[{DIGITS}]+)(?P<scale>万亿|[百千]万|[百千万亿])?)?"
)


class Misread(StrEnum):
    """Why something is not taken for a number."""

    NOT_A_NUMBER = "not_a_number"
    TOO_LARGE = "too_large"
    """10^15 and more."""
    TOO_PRECISE = "too_precise"
    """More than six decimals: they cannot be kept exactly."""
    AMBIGUOUS = "ambiguous"
    """It can be read in two ways: `1万25`."""


def read_magnitude(text: str) -> Decimal | Misread:
    """An unsigned numeral without unit, exactly."""
    if any(char in "0123456789" for char in text):
        return _plain(ascii_digits(text).lower())
    return _chinese(text)


def _plain(text: str) -> Decimal | Misread:
    """Pieces such as `3亿`, `5000万`, `200`, each smaller than the one before it."""
    pieces: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if match is None:
            return Misread.NOT_A_NUMBER
        pieces.append(
            (match["number"].replace("点", ".").replace(",", ""), _POWERS.get(match["scale"] or "", 0))
        )
        position = match.end()
    if len(pieces) == 1:
        return _scaled(*pieces[0])
    return _sum_of(pieces)


def _sum_of(pieces: list[tuple[str, int]]) -> Decimal | Misread:
    if any("." in number for number, _ in pieces):
        return Misread.AMBIGUOUS
    total = Decimal(0)
    above = 0
    for number, power in pieces:
        step = _below(number, power, above) if above else _scaled(number, power)
        if isinstance(step, Misread):
            return step
        total += step
        above = power
    return total if total < CEILING else Misread.TOO_LARGE


def _below(number: str, power: int, above: int) -> Decimal | Misread:
    """What follows a scale: `2` after 万 is 2000, as it is said; `500` is 500; `25` could be both."""
    if power:
        return _scaled(number, power) if power < above and len(number) <= above - power else Misread.AMBIGUOUS
    if len(number) == 1:
        return Decimal(number).scaleb(above - 1)
    is_written_out = len(number) == above or (len(number) == above - 1 and above > 3)
    return Decimal(number) if is_written_out and above <= 4 else Misread.AMBIGUOUS


def _scaled(number: str, power: int) -> Decimal | Misread:
    """Exact: the lengths are bounded before anything is computed."""
    whole, _, fraction = number.partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    if len(whole) + power > 15 and whole:
        return Misread.TOO_LARGE
    if len(fraction) - power > MOST_DECIMALS:
        return Misread.TOO_PRECISE
    moved = fraction[:power].ljust(power, "0")
    left = fraction[power:]
    return Decimal(f"{whole}{moved}" or "0") + (Decimal(f"0.{left}") if left else 0)


def _chinese(text: str) -> Decimal | Misread:
    match = _CHINESE.fullmatch(text)
    if match is None:
        return Misread.NOT_A_NUMBER
    whole = chinese_integer(match["whole"])
    if whole is None:
        return Misread.AMBIGUOUS
    number = f"{whole}.{ascii_digits(match['fraction'])}" if match["fraction"] else str(whole)
    return _scaled(number, _POWERS.get(match["scale"] or "", 0))
