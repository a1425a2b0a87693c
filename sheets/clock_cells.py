"""Times of day as they stand in cells: 9:00, 9点半, 24:00, or a fraction of a day as Excel keeps it."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from sheets.staff_cells import WrongCell

_WRITTEN = re.compile(
    r"(?P<h>\d{1,2})(?:[:点时](?:(?P<m>\d{1,2})分?|(?P<half>半))?)?(?::00(?:\.0+)?)?", re.ASCII
)
_FRACTION = re.compile(r"0?\.\d+", re.ASCII)
_BEFORE = re.compile(r"^(?:(?:1899-12-3[01]|1900-01-0[01])T?|次日|第二天|\+1)")
"""次日 says what the hours say too, and some sheets keep a time as a moment of the day their calendar begins with."""
_RESTS = frozenset({"休", "休息", "off", "rest", "公休", "轮休", "调休"})


def is_rest(text: str) -> bool:
    """Whether a cell says that somebody does not work."""
    return unicodedata.normalize("NFKC", text).strip().casefold() in _RESTS


def clock(text: str) -> time | None:
    """A time of day; empty is None, 24:00 is midnight. Raises WrongCell."""
    written = _BEFORE.sub("", "".join(unicodedata.normalize("NFKC", text).split()))
    if not written:
        return None
    if _FRACTION.fullmatch(written):
        minutes = round(float(written) * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise WrongCell(f"「{text}」不是时间,请写成 10:00")
    hour, minute = int(match["h"]), 30 if match["half"] else int(match["m"] or 0)
    if (hour, minute) == (24, 0):
        return time()
    if hour > 23 or minute > 59:
        raise WrongCell(f"没有「{text}」这个时间")
    return time(hour, minute)
