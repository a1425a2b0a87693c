"""Words of the house that are not built yet: they are known, said to be so, and stay out of 帮助."""

from __future__ import annotations

from cards.notices import notice
from chat.answers import Answer
from handlers.asking import shown

WORDS = (
    "我的档案", "团队洞察", "给反馈", "面谈记录", "课程", "学习", "考试", "我的激励方案", "奖金池",
    "我的积分", "贡献值", "经验", "推广经验", "人才盘点",
    "OKR体检", "四步进度",
)  # fmt: skip
_BY_LENGTH = {word.lower(): word for word in sorted(WORDS, key=len, reverse=True)}
_BEGINNINGS = tuple(_BY_LENGTH)


def not_open(text: str) -> Answer | None:
    """The answer to a word whose time has not come; None where it is none of them."""
    low = text.lower()
    if low.startswith(_BEGINNINGS):
        word = next(word for begins, word in _BY_LENGTH.items() if low.startswith(begins))
        return shown(notice("not_open_yet", word=word))
    return None
