"""What of somebody's words nothing is known of: it is said rather than passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FILLING = re.compile(
    r"[的按和跟与、。,.!?~:;\s]+|[啊呀呢吧吗嘛哦啦呗]+|我|现在|目前|多少|怎么样|咋样|情况|一下"
)


def leftover(words: str, known: Iterable[str]) -> str:
    """The words without those that are known, of which the longest go first; empty where all are.

    A known word of one character counts where it stands alone: 店 is none of the words of 滨江店.
    """
    every = sorted({one for one in known if one}, key=len, reverse=True)
    for word in every:
        if len(word) > 1:
            words = re.sub(re.escape(word), " ", words, flags=re.IGNORECASE)
    short = {one for one in every if len(one) == 1}
    return " ".join(word for word in _FILLING.sub(" ", words).split() if word not in short)
