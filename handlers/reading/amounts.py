"""Several numbers at once, each with the words it belongs to: `客流1050 客单48 损耗6.9`."""

from __future__ import annotations

import re

from handlers.reading.normal import narrow
from handlers.reading.numbers import Quantity, find_numbers

_EDGES = " \n,、;:。.!?()=\"'"
_LEADING = re.compile("^(?:了|我们的?|咱们?的?|我的?|然后|还有|另外|今天|今日)+")
_TRAILING = re.compile(
    "(?:现在|目前|已经|已|都|又|也|就|是|为|有|卖了?|做|达|报|了|共|一共|只|才|大概)+$|(?:做|达|涨|升|降|减|跌|提升|提高|降低|下降)?到了?$"
)


def read_amounts(text: str) -> list[tuple[str, Quantity]]:
    """Each number with the words before it, stripped of what joins them; empty words where there are none."""
    text = narrow(text)
    amounts: list[tuple[str, Quantity]] = []
    position = 0
    for start, end, quantity in find_numbers(text):
        amounts.append((_label(text[position:start]), quantity))
        position = end
    return amounts


def _label(words: str) -> str:
    before = None
    while before != words:
        before = words
        words = _TRAILING.sub("", _LEADING.sub("", words.strip(_EDGES))).strip(_EDGES)
    return words
