"""What may stand in the cells of a staff file, and what it means. A wrong text raises WrongCell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

_SPREADSHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})

_SEPARATED = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_IN_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_DAY_ZERO = date(1899, 12, 30)
"""Excel counts days from here. Its Chinese date formats arrive as this bare number, e.g. 45296."""
_YEARS = range(1950, 2101)

_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}")

_PLATFORMS: Mapping[str, str] = {
    "": "",
    "钉钉": "dingtalk",
    "dingtalk": "dingtalk",
    "企业微信": "wecom",
    "企微": "wecom",
    "wecom": "wecom",
}
_STATES: Mapping[str, bool] = {"": True, "在职": True, "离职": False}


class WrongCell(Exception):
    """The cell cannot be taken as it is; `str()` is the reason, for the person who keeps the file."""


def plain(text: str, limit: int) -> str:
    """One line of text within `limit` characters."""
    line = " ".join(text.split())
    if line.upper() in _SPREADSHEET_ERRORS:
        raise WrongCell(f"公式算错了({line})")
    if len(line) > limit:
        raise WrongCell(f"最多 {limit} 个字,这里有 {len(line)} 个")
    return line


def number(text: str, limit: int) -> str:
    """An employee number, full-width letters and digits written the usual way."""
    return plain(unicodedata.normalize("NFKC", text), limit)


def department(text: str, limit: int) -> str:
    """A path from the top, `总部/华东区/杭州一店`, without spaces around its parts and without empty parts."""
    parts = (part.strip() for part in plain(text, len(text)).replace("／", "/").split("/"))
    return plain("/".join(part for part in parts if part), limit)


def day(text: str) -> date | None:
    """2024-01-05, 2024/1/5, 2024.1.5, 2024年1月5日, 20240105 or Excel's own day number; empty is None."""
    written = _MIDNIGHT.sub("", number(text, len(text) * 4))
    if not written:
        return None
    try:
        found = _day(written.replace(" ", ""))
    except ValueError:
        raise WrongCell(f"没有「{written}」这一天") from None
    if found is None:
        raise WrongCell(f"「{written}」不是日期,请写成 2024-01-05")
    if found.year not in _YEARS:
        raise WrongCell(f"「{written}」的年份不对")
    return found


def _day(written: str) -> date | None:
    if match := _SEPARATED.fullmatch(written):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _IN_CHINESE.fullmatch(written) or _COMPACT.fullmatch(written):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.fullmatch(written):
        return _DAY_ZERO + timedelta(days=int(written))
    return None


def mobile(text: str) -> str:
    """A mainland number as its 11 digits, any other with + and its country; empty stays empty."""
    digits = re.sub(r"[\s\-()]", "", number(text, len(text) * 4))
    if not digits:
        return ""
    if match := _MAINLAND.fullmatch(digits):
        return match[1]
    if _ABROAD.fullmatch(digits):
        return digits
    raise WrongCell(f"「{text}」不像手机号(11 位,境外的写成 +852…)")


def platform(text: str) -> str:
    """`dingtalk`, `wecom` or empty."""
    try:
        return _PLATFORMS[text.casefold()]
    except KeyError:
        raise WrongCell(f"只能写 钉钉 或 企业微信,这里是「{text}」") from None


def active(text: str) -> bool:
    try:
        return _STATES[text]
    except KeyError:
        raise WrongCell(f"只能写 在职 或 离职,这里是「{text}」") from None
