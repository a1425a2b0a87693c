from __future__ import annotations

import pytest

from storage.words import words_of


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("生鲜区客流量", {"生鲜", "客流", "流量", "客流量"}),
        ("供应商断货了咋办", {"供应", "供应商", "断货"}),
        ("门店客单价", {"单价", "客单价"}),
        ("提升门店季度业绩", {"业绩"}),
        ("我们这个目标怎么完成", set()),
        ("", set()),
        ("。,!?", set()),
    ],
)
def test_what_a_sentence_speaks_of(said: str, words: set[str]) -> None:
    assert words_of(said) == words


def test_a_novel_is_read_only_so_far() -> None:
    assert "损耗" not in words_of("客流" * 400 + "损耗")
