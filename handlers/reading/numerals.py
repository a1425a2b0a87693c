"""Chinese numerals as whole numbers, exactly. The one place that knows cn2an."""

from __future__ import annotations

import re
from typing import cast

DIGITS = "〇零一二两三四五六七八九"
NUMERALS = DIGITS + "十廿百千万亿"

_TO_ASCII = str.maketrans(DIGITS, "001223456789")
_ROUGHLY = re.compile("一[两二]|[两二]三|三四|四五|五六|六七|七八|八九")
"""Three or four: neighbours are an estimate, not the digits of a number."""
_D = "[一二两三四五六七八九]"
_UNDER_10000 = f"(?:{_D}千)?(?:零?{_D}百)?(?:零?{_D}?十|廿)?零?{_D}?"
_SHAPE = re.compile(
    f"(?=.)(?:(?:{_UNDER_10000}万?亿)?零?(?:{_UNDER_10000}万)?{_UNDER_10000}|[{DIGITS}]{{2,15}}|零)"
)
"""cn2an takes 三十四一千零 for a number; this asks for the order of a numeral first."""
_SHORT_OF_A_HUNDRED_MILLION = re.compile(f"亿({_D})$")
"""`一亿二` leaves out its 千万, a form that cn2an knows only up to 万."""
_LONGEST = 30


def chinese_integer(text: str) -> int | None:
    """`一千零五十` is 1050, `一百二` 120, `一零五零` 1050; None for an estimate or for what is no numeral."""
    text = text.replace("〇", "零")
    if len(text) > _LONGEST or not _SHAPE.fullmatch(text) or _ROUGHLY.fullmatch(text):
        return None
    import cn2an

    try:
        return cast("int", cn2an.cn2an(_SHORT_OF_A_HUNDRED_MILLION.sub(r"亿\1千万", text), "normal"))
    except (ValueError, KeyError):  # KeyError: it trips over a digit in front of a finished number
        return None


def ascii_digits(text: str) -> str:
    """Each Chinese digit as a plain one, one for one; everything else stays."""
    return text.translate(_TO_ASCII)


def small_integer(text: str) -> int | None:
    """A whole number in plain digits or Chinese numerals: `12`, `十二`."""
    return int(text) if text.isascii() and text.isdigit() else chinese_integer(text)
