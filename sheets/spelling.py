"""How a value is written as text: the same coming out of a workbook and going into a CSV file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from okr.numbers import percent


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of 1 that is shown as a whole percent."""

    share: Decimal


Cell: TypeAlias = str | int | float | Decimal | Percent | date | time | timedelta | None
"""What may stand in a cell. A moment is written in the zone it carries: turn it into company time before."""

_ZEROS = re.compile(r"0{2,}")
_PERCENT = re.compile(r"[0#]%")
_HALF_A_SECOND = timedelta(milliseconds=500)


def spelled(value: object) -> str:
    """Whole numbers without a point, days and times as ISO, nothing as an empty text."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number(value)
        case Decimal():
            return f"{value:f}"
        case Percent():
            return f"{percent(value.share)}%"
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case time():
            return _time(value)
        case timedelta():
            return _duration(value)
        case _:
            return str(value)


def shown(value: float, number_format: str) -> str:
    """A number as the sheet shows it where that is another text: 0012 for 12 with zeros, 85% for 0.85."""
    if _ZEROS.fullmatch(number_format) and value >= 0 and value == int(value):
        return str(int(value)).zfill(len(number_format))
    if _PERCENT.search(number_format) and not isinstance(value, bool):
        return f"{_number(value * 100.0)}%"
    return spelled(value)


def _number(value: float) -> str:
    """15 significant digits, as Excel itself shows and keeps: 0.1 + 0.2 is 0.3."""
    digits = f"{value:.15g}"
    return f"{Decimal(digits):f}" if "e" in digits else digits


def _moment(value: datetime) -> str:
    """A day at midnight is a day. Excel counts in fractions of a day, so that 18:30 may arrive a hair too early."""
    rounded = (value.replace(tzinfo=None) + _HALF_A_SECOND).replace(microsecond=0)
    if rounded.time() == time():
        return rounded.date().isoformat()
    return f"{rounded.date().isoformat()} {_time(rounded.time())}"


def _time(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")


def _duration(value: timedelta) -> str:
    """Hours may pass 24: a cell formatted as [h]:mm."""
    sign = "-" if value < timedelta() else ""
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    text = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text
