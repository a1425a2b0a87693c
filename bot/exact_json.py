"""Numbers in the JSON of others: decimals exactly, and what nobody could count with as its text.

So what is wrong with one number is said of its point, and not of the whole body.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

_LONGEST_WHOLE = 40
"""Digits of a whole number that is read as one."""


def _fraction(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_WHOLE else text


DECODER = json.JSONDecoder(parse_float=_fraction, parse_int=_whole)
