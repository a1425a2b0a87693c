from __future__ import annotations

import pytest

from handlers.reading.near import is_acknowledgement, nearest

COMMANDS = (
    "帮助",
    "我的目标",
    "我的待办",
    "查看",
    "历史",
    "新建目标",
    "更新",
    "报数",
    "撤销",
    "修改",
    "目标地图",
    "OKR",
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("更薪", "更新"),
        ("新更", "更新"),
        ("我的木标", "我的目标"),
        ("我目标", "我的目标"),
        ("帮住", "帮助"),
        ("帮助助", "帮助"),
        ("查看看", "查看"),
        ("okr", "OKR"),
        ("okrr", "OKR"),
        ("更薪KR34", "更新"),
        ("我的木标KR34", "我的目标"),
    ],
)
def test_the_nearest_command_comes_first(typed: str, first: str) -> None:
    assert nearest(typed, COMMANDS)[0] == first


def test_far_words_are_near_nothing() -> None:
    assert nearest("吃饭", COMMANDS) == []
    assert nearest("", COMMANDS) == []


def test_no_more_than_asked_for() -> None:
    assert len(nearest("目标", COMMANDS, limit=2)) == 2
    assert nearest("更新", ("更新", "更新"), limit=3) == ["更新"]


@pytest.mark.parametrize(
    "text",
    ["收到", "收到！", "好的", "好", "嗯", "嗯嗯", "OK", "ok~", "1", "👌", "👌🏻", "谢谢", "辛苦了", "好的好的，谢谢！",
     "[OK]", "收到，谢谢",
     "知道了", "好的呢", " 收到。 "],
)  # fmt: skip
def test_what_only_says_that_it_was_heard(text: str) -> None:
    assert is_acknowledgement(text)


@pytest.mark.parametrize(
    "text", ["", "11", "2", "1050", "好的 KR34 1050", "同意", "不好", "收到货了", "KR34", "好" * 100, "?"]
)
def test_what_says_more(text: str) -> None:
    assert not is_acknowledgement(text)
