"""Questions in plain words that mean a command which only reads: 昨天的日报, 今天卖了多少, 这周咋样, KR8 alone."""

from __future__ import annotations

import re

from handlers import goals
from handlers.asking import Asking
from handlers.ranking import SPANS, figure_words, named_metric
from handlers.reading.ids import take_ref
from handlers.reading.leftovers import leftover
from storage import units

_ENDING = re.compile("[了吧呢啊哈呀嘛么?？!。,，~ ]+$")
_POLITE = re.compile(
    "^(?:请|麻烦|帮我?|给我|我想|我要|想|要)*(?:看看|看一下|看下|看|查一下|查下|查|发)?(?:一下|下)?"
)
_OF = re.compile(
    "^(?P<what>.{0,20}?)的?(?P<word>日报|战报|周报|看板|排名|热力图|日目标|目标地图|历史|修改记录|漏斗|达成率|待办)$"
)
_OWN = ("我", "我的", "我们", "我们店", "咱店", "本店", "店里")
_LOOKS = ("看", "查看")
_HOW = "(?:怎么样|咋样|怎样|如何|好不好|行不行)"
_DAY = "(?P<day>今天|今日|昨天|昨日|前天)?"
_SHOP = re.compile(
    f"^(?:店里|我们店|咱们?店|本店)?{_DAY}(?:店里|我们店|咱们?店|的?生意|一共|总共|的)*"
    f"(?:卖了?(?:多少|几多)(?:钱)?|卖得?{_HOW}|(?P<how>{_HOW}))$"
)
_WEEK = re.compile(f"^我?(?:这周|本周|这星期|这礼拜)我?(?:干得|做得|过得|的?情况)?{_HOW}$")
_FIRST = re.compile("^(?P<what>.{0,12}?)(?:现在)?谁(?:是|排|卖得|做得)?(?:第一|最好|最多|领先|排?在?前面)$")
_TODAY = re.compile(
    "^我?今天(?:我|还)?(?:要|该|得|应该)(?:做|卖|完成)?到?多少|^今天(?:的)?(?:目标|任务)(?:是)?多少$"
)
_HOW_MUCH = re.compile(f"(?:是|有)?(?:多少|{_HOW})$")
_DAYS = ("今天", "今日", "昨天")
_VALUE = re.compile(
    f"^(?:现在|目前|今天)?(?P<what>.{{2,12}}?)(?:现在|目前|今天)?(?:是|有)?(?:多少|到哪|{_HOW})$"
)


async def in_other_words(asking: Asking) -> str:
    """The command that the question means; empty where it is none of these."""
    text = _ENDING.sub("", asking.text)
    ref, rest = take_ref(text)
    if ref is not None and not rest and ref.kind in ("KR", "O"):
        return f"查看 {ref}"
    text = _POLITE.sub("", text)
    if words := _of(text):
        return words
    if _WEEK.match(text):
        return "周报"
    if _TODAY.match(text):
        return "日目标"
    if (match := _SHOP.match(text)) is not None and (match["day"] or match["how"] is None or "店" in text):
        return f"日报 {match['day'] or ''}".strip()
    if (match := _FIRST.match(text)) is not None:
        return f"排名 {match['what']}".strip()
    return await _figure(asking, text) or await _value(asking, text)


async def _figure(asking: Asking, text: str) -> str:
    """西湖店上周的销售额: a figure with its time, and a unit or none; empty where anything else is said."""
    text = _HOW_MUCH.sub("", text)
    spec = named_metric(asking, text)
    span = next((one for one in SPANS if one in text), "")
    if spec is None or not span:
        return ""
    known = await units.known(asking.session)
    unit = max((name for name in known.names if name in text), key=len, default="")
    if leftover(text, (*SPANS, *figure_words(asking, text), unit)):
        return ""
    word = "日报" if span in _DAYS else "环比"
    return " ".join(part for part in (word, unit, span if word == "日报" else f"{spec.name} {span}") if part)


def looked_for(text: str) -> str:
    """看看昨天的日报: a command behind a word of looking, which alone looks at a goal, a person or a unit; else empty."""
    return _of(_POLITE.sub("", _ENDING.sub("", text))) if text.startswith(_LOOKS) else ""


def _of(text: str) -> str:
    """昨天的日报 is 日报 昨天; empty for what is no such thing."""
    match = _OF.match(text)
    if match is None:
        return ""
    what = "" if match["what"] in _OWN else match["what"]
    return f"{match['word']} {what}".strip()


async def _value(asking: Asking, text: str) -> str:
    """客流咋样 · 销售额多少: the one of one's own key results, else the day of one's own unit."""
    match = _VALUE.match(text)
    if match is None:
        return ""
    fits = await goals.own_by_words(asking, match["what"])
    if len(fits) == 1:
        return f"查看 {fits[0][1].ref}"
    return "日报" if not fits and named_metric(asking, match["what"]) is not None else ""
