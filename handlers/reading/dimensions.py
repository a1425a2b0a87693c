"""What figures are to stand side by side by, as people name it: 按 门店,区域 · 按 区域和职级 · 每周."""

from __future__ import annotations

import re
from enum import StrEnum


class By(StrEnum):
    STORE = "门店"
    REGION = "区域"
    TYPE = "门店类型"
    GRADE = "职级"
    WEEK = "周"


_WORDS = {
    "门店类型": By.TYPE,
    "店型": By.TYPE,
    "门店": By.STORE,
    "店": By.STORE,
    "区域": By.REGION,
    "大区": By.REGION,
    "职级": By.GRADE,
    "级别": By.GRADE,
    "岗位": By.GRADE,
    "每周": By.WEEK,
    "逐周": By.WEEK,
}
_NAMED = re.compile(rf"(?P<word>{'|'.join(_WORDS)})|(?:按|[,、和\s])\s*周")
_WEEKLY = re.compile("每周|逐周")


def read_dimensions(words: str) -> list[By]:
    """In the order they are named, each once. What stands before 按 counts only where nothing stands behind it."""
    _, said, behind = words.partition("按")
    found = [_by(match) for match in _NAMED.finditer(said + behind if said else words)]
    if _WEEKLY.search(words):
        found.append(By.WEEK)
    return list(dict.fromkeys(found))


def without_dimensions(words: str) -> str:
    """What is said besides."""
    return _NAMED.sub(" ", words)


def _by(match: re.Match[str]) -> By:
    return _WORDS[match["word"]] if match["word"] else By.WEEK
