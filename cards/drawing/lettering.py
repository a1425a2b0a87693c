"""How wide words are in a picture, so that they end before something else begins.

Widths are those of Noto Sans CJK in bold, which is what pictures are lettered in (docs/decisions/0009-pictures.md): a
lighter weight is never wider. Pixels are CSS pixels.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import east_asian_width

_THOUSANDTHS = {
    230: " ",
    330: "i|jl',.:;I",
    390: "!-f()[]{}/\\",
    440: "tr",
    510: "s*?z",
    590: 'cx"J_yFLYev#$+0123456789<=>^a~',
    640: "gkEZSTVXo`Abdhnpqu",
    690: "CPBRK",
    770: "DG&NUHOQ",
    860: "Mw",
    1010: "Wm%@",
}
_WIDTHS = {letter: width / 1000 for width, letters in _THOUSANDTHS.items() for letter in letters}
_OTHER = 0.7
"""Of a size: letters of other alphabets."""
_UNDRAWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufe00-\ufe0f\ud800-\udfff\U0001f000-\U0001faff\ufffe\uffff]"
)
"""Control characters, of which XML takes none, and the little pictures, of which the font has none."""
ELLIPSIS = "…"


def drawable(text: str) -> str:
    """What people typed as one line that can be lettered."""
    return " ".join(_UNDRAWABLE.sub(" ", text).split())


def width(text: str, size: float) -> float:
    """At most so many pixels at this font size."""
    return sum(map(_share, text)) * size


def wrapped(text: str, size: float, room: float, lines: int) -> tuple[str, ...]:
    """The text on at most so many lines, each no wider than `room`; what is left out shows as `…`."""
    rest = drawable(text)
    written: list[str] = []
    while rest and len(written) < lines:
        fitting = _fitting(rest, size, room)
        if fitting == len(rest):
            written.append(rest)
            break
        if len(written) == lines - 1:
            fitting = _fitting(rest, size, room - width(ELLIPSIS, size))
            written.append(rest[:fitting].rstrip() + ELLIPSIS)
            break
        written.append(rest[:fitting].rstrip())
        rest = rest[fitting:].lstrip()
    return tuple(written)


def cut(text: str, size: float, room: float) -> str:
    """The text on one line no wider than `room`."""
    return "".join(wrapped(text, size, room, 1))


def _fitting(text: str, size: float, room: float) -> int:
    """How many letters fit; at least one, so that there is an end."""
    used = 0.0
    for count, letter in enumerate(text):
        used += _share(letter) * size
        if used > room:
            return max(count, 1)
    return len(text)


@lru_cache(maxsize=4096)
def _share(letter: str) -> float:
    """How wide a letter is, of its size."""
    return _WIDTHS.get(letter) or (1.0 if east_asian_width(letter) in "WFA" else _OTHER)
