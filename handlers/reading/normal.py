"""What makes no difference to a reader is taken out of what was typed: width, spaces, a leading slash."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOKALIKES = str.maketrans("−﹣–﹢﹦﹪﹐﹔﹕﹖﹗￥〔〕\u2005", "---+=%,;:?!¥() ")
_NARROW: dict[int, int] = {**_FULL_WIDTH, **_LOOKALIKES}

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LOOSE_JOINER = re.compile("\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])")
"""A zero-width joiner that joins no emoji."""
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINE_END = re.compile(r" ?\n[ \n]*")


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation as plain ones. Keeps the length, so that positions hold.

    The full stop 。, the pause 、 and the book marks 《》「」 have no plain form and stay.
    """
    return text.translate(_NARROW)


def tidy(text: str) -> str:
    """The message as if it had been typed with care; letter case and line ends stay.

    Empty lines go; every other run of spaces is one. Idempotent.
    """
    text = _LOOSE_JOINER.sub("", _UNSEEN.sub("", text))
    text = _LINE_END.sub("\n", narrow(text))
    text = _AROUND_LINE_END.sub("\n", _SPACES.sub(" ", text))
    return text.lstrip("/ \n").rstrip(" \n")


def fold(text: str) -> str:
    """A form in which two words are the same word: no letter case, no spaces."""
    return "".join(tidy(text).casefold().split())
