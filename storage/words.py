"""The words of a Chinese sentence, for finding what speaks of the same in what is kept. The dictionary is loaded on first use."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rjieba import Jieba

TRADE = (
    "客单价",
    "动销率",
    "坪效",
    "人效",
    "生鲜",
    "叶菜",
    "陈列",
    "损耗率",
    "报损",
    "复购率",
    "转化率",
    "连带率",
    "会员日",
    "临期",
)
"""What shops say and the dictionary does not know as one word."""
_COMMON = 10_000
"""A frequency at which a word stays whole."""
LONGEST = 400
"""Characters that are read."""
_SAYS_NOTHING = frozenset({
    "我们", "你们", "他们", "这个", "那个", "怎么", "怎么办", "咋办", "什么", "没有", "不了", "下来", "上去", "需要", "现在", "今天", "明天",
    "已经", "还是", "可以", "一下", "提升", "提高", "降低", "增加", "完成", "做到", "达到", "目标", "季度", "本季", "本月", "门店", "公司",
    "部门", "团队", "店里", "卡住", "断了", "问题",
})  # fmt: skip
"""Words that are in every goal and in every complaint."""


def words_of(text: str) -> frozenset[str]:
    """The words of two and more characters that say what it is about: 客流, 流量, 客流量 and 生鲜 for 生鲜区客流量."""
    said = text[:LONGEST].casefold()
    found = (word.strip() for word in _dictionary().cut_for_search(said))
    return frozenset(word for word in found if len(word) > 1 and word not in _SAYS_NOTHING and word.isalnum())


@lru_cache(maxsize=1)
def _dictionary() -> Jieba:
    from rjieba import Jieba

    known = Jieba()
    for word in TRADE:
        known.add_word(word, _COMMON, "n")
    return known
