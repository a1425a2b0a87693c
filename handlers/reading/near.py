"""What was nearly a command, and what was none at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.reading.normal import fold, tidy

_FAR = 0.45
"""Below this a word is no near miss: of two characters one must be right."""
_SAYINGS = (
    "收到|已收到|好|好的|好哒|好滴|好嘞|好呢|好吧|行|行的|可以|嗯|恩|哦|噢|喔|ok|okay|okk|知道|知道了|明白|明白了"
    "|了解|了解了|懂了|谢谢|谢了|多谢|感谢|谢谢你|谢谢啦|辛苦|辛苦了|辛苦啦|没问题|没事|没事了|哈|哈哈|嘿嘿|赞|棒"
    "|thanks|thankyou|thx|gotit|👌|👍|🙏|👏|💪|😊|😄|😁|🌹|🤝|✅|❤"
    "|[ok]|[强]|[赞]|[抱拳]|[握手]|[合十]|[鼓掌]|[微笑]|[玫瑰]|[胜利]|[送花花]|[收到]|[感谢]"
)
_ACKNOWLEDGED = re.compile(
    "(?:1|(?:(?:"
    + "|".join(sorted(map(re.escape, _SAYINGS.split("|")), key=len, reverse=True))
    + ")(?:的|了|啦|呀|啊|哈|哦|呢)?)+)"
)
_DECORATION = re.compile("[\\s,，。.!~、;…\ufe0f\u200d\U0001f3fb-\U0001f3ff]+")


def nearest(word: str, commands: Sequence[str], limit: int = 3) -> list[str]:
    """The commands that a mistyped word was likeliest meant to be, the nearest first, at most `limit`.

    By character: one wrong, missing, doubled or swapped. Words that ran into what follows (我的木标KR34) are
    measured by their beginning.
    """
    wanted = fold(word)
    if not wanted:
        return []
    ranked = [(-_likeness(wanted, fold(command)), n) for n, command in enumerate(commands)]
    near = [commands[n] for likeness, n in sorted(ranked) if -likeness >= _FAR]
    return list(dict.fromkeys(near))[:limit]


def is_acknowledgement(text: str) -> bool:
    """Whether a whole message only says that it was heard: 收到, 好的谢谢, 1, 👌."""
    said = _DECORATION.sub("", tidy(text).casefold())
    return len(said) <= 40 and _ACKNOWLEDGED.fullmatch(said) is not None


def _likeness(word: str, command: str) -> float:
    """0 to 1; among equals the one that begins alike is nearer."""
    from rapidfuzz.distance import OSA

    likeness = OSA.normalized_similarity(word, command)
    if len(word) > len(command) > 1:
        likeness = max(likeness, 0.9 * OSA.normalized_similarity(word[: len(command)], command))
    return likeness + (0.01 if word[:1] == command[:1] else 0)
