"""Which key results some words of a title mean: 客流 for 生鲜区客流量."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from handlers.reading.normal import fold

_NOISE = re.compile(r"""[\s,，。、.:;!?()（）「」《》"'·_-]""")
_BASIS = re.compile("日均|周均|本月累计|本季累计|月累计|季累计|最新值")
_TAIL = re.compile("(?<=..)(?:率|量|数|额|值|价)$")
_FEWEST = 3
"""Characters from which on the order does not matter."""
_FEWEST_WITH_TYPOS = 4


def match_titles(words: str, titles: Mapping[int, str], *, typos: bool = True) -> list[int]:
    """The ids whose titles fit, by the surest reading that fits any: equals are for the asker to choose.

    The title itself; words within it; the same without 率, 量 and the like or the period; the title within
    the words; the same characters in another order (会员日上线); with `typos` at last one wrong character.
    What is only found with `typos` is to be confirmed before anything is written.
    """
    wanted = _plain(words)
    if not wanted:
        return []
    for fits in _READINGS:
        found = [key for key, title in titles.items() if fits(wanted, _plain(title))]
        if found:
            return found
    return _alike(wanted, {key: _plain(title) for key, title in titles.items()}) if typos else []


def sharing_words(words: str, titles: Mapping[int, str]) -> list[int]:
    """The ids whose titles have most in common with a sentence, by two characters at a time; for what is asked back."""
    said = _pairs(_plain(words))
    common = {key: len(said & _pairs(_plain(title))) for key, title in titles.items()}
    most = max(common.values(), default=0)
    return [key for key, count in common.items() if count == most] if most else []


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _plain(text: str) -> str:
    return _NOISE.sub("", fold(text)).removesuffix("了")


def _stem(text: str) -> str:
    return _TAIL.sub("", _BASIS.sub("", text))


def _same(words: str, title: str) -> bool:
    return words == title


def _within(words: str, title: str) -> bool:
    return len(words) > 1 and words in title


def _stem_within(words: str, title: str) -> bool:
    stem = _stem(words)
    return len(stem) > 1 and stem in title


def _around(words: str, title: str) -> bool:
    stem = _stem(title)
    return len(stem) > 1 and stem in words


def _same_characters(words: str, title: str) -> bool:
    return len(words) >= _FEWEST and not Counter(words) - Counter(title)


def _alike(words: str, titles: Mapping[int, str]) -> list[int]:
    if len(words) < _FEWEST_WITH_TYPOS:
        return []
    from rapidfuzz import fuzz

    one_wrong = 100 * (1 - 1 / len(words))
    return [
        key
        for key, title in titles.items()
        if len(title) >= len(words) and fuzz.partial_ratio(words, title) >= one_wrong - 0.01
    ]


_READINGS: tuple[Callable[[str, str], bool], ...] = (_same, _within, _stem_within, _around, _same_characters)
