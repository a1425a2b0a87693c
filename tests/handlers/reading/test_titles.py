from __future__ import annotations

import pytest

from handlers.reading.titles import match_titles

TITLES = {
    34: "生鲜区客流量",
    35: "损耗率",
    36: "日均客单价",
    37: "上线会员日",
    38: "客诉率",
    39: "Top 10 新品",
}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("生鲜区客流量", [34]),
        ("客流", [34]),
        ("生鲜 客流", [34]),
        ("客流数", [34]),
        ("损耗", [35]),
        ("生鲜损耗率", [35]),
        ("客单", [36]),
        ("日均客单", [36]),
        ("会员日", [37]),
        ("会员日上线了", [37]),
        ("top10", [39]),
        ("客", []),
        ("率", []),
        ("排名", []),
        ("", []),
    ],
)
def test_words_of_a_title(words: str, ids: list[int]) -> None:
    assert match_titles(words, TITLES, typos=False) == ids


def test_one_wrong_character_only_where_typos_are_allowed() -> None:
    assert match_titles("生先区客流", TITLES) == [34]
    assert match_titles("生先区客流", TITLES, typos=False) == []
    assert match_titles("生先去客流", TITLES) == []


def test_equals_are_not_guessed_between() -> None:
    assert match_titles("客流", {1: "生鲜区客流量", 2: "蔬果区客流量", 3: "损耗率"}) == [1, 2]
    assert match_titles("客流量", {1: "客流量", 2: "蔬果区客流量"}) == [1]
