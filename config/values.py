"""The kinds of values that bot.yaml may hold, each with the sentence for a value that is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")

Choice = TypeVar("Choice")


def _like(pattern: str, allowed: str) -> AfterValidator:
    """A text of that form; `allowed` says it to people."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(allowed)
        return text

    return AfterValidator(check)


def _not_a_switch(value: Any) -> Any:
    """`true` is no number, although Python counts it as 1."""
    if isinstance(value, bool):
        raise ValueError("要写数字")  # noqa: TRY004  # pydantic turns only a ValueError into a finding
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("要写时区的名字,比如 Asia/Shanghai") from None
    return name


def _hours(text: str) -> str:
    if not _HOURS.fullmatch(text):
        raise ValueError("要像 09:00-20:00 这样")
    start, end = text.split("-")
    if start >= end:
        raise ValueError("结束要晚于开始,要像 09:00-20:00 这样")
    return text


def _store_hours(text: str) -> str:
    try:
        return text if text == "shift" else _hours(text)
    except ValueError as wrong:
        raise ValueError(f"可以写 shift(上班时发);写时间的话,{wrong}") from None


def _text_or_keys(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise ValueError('要写文字,比如 "17:00",或写「键: 值」')  # noqa: TRY004  # as above
    return value


def _shape(first: str, second: str) -> Callable[[Any], str]:
    """Which of two shapes is meant, so that only that one's errors are told: a text is the first."""
    return lambda value: first if isinstance(value, str) else second


Number = BeforeValidator(_not_a_switch)
EmployeeNumber = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Number, Field(ge=0)]
Share = Annotated[float, Number, Field(ge=0, le=1)]
TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
StorageUrl = Annotated[
    str, _like(r"(sqlite|postgres|postgresql)://.+", "sqlite://路径,或 postgres://用户:密码@主机:5432/库名")
]
HttpAddress = Annotated[str, _like(r"https?://\S+", "要写 http:// 或 https:// 开头的地址")]
HttpAddressOrNone = Annotated[str, _like(r"(https?://\S+)?", "要写 http:// 或 https:// 开头的地址,或者空着")]
SocketAddress = Annotated[str, _like(r"wss?://\S+", "要写 ws:// 或 wss:// 开头的地址")]
Hours = Annotated[str, AfterValidator(_hours)]
StoreHours = Annotated[str, AfterValidator(_store_hours)]
When = Annotated[str | dict[str, Any], BeforeValidator(_text_or_keys)]

WORD, KEYS = "(text)", "(keys)"
"""How pydantic names the two branches in the path of an error; no key is called so."""
SendHours = Annotated[
    Annotated[Literal["always"], Tag(WORD)] | Annotated[Choice, Tag(KEYS)], Discriminator(_shape(WORD, KEYS))
]
"""`always`, or the keys of a section."""
