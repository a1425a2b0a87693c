from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.normal import fold, narrow, tidy


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("更新　ＫＲ３４　１０５０", "更新 KR34 1050"),
        ("  更新   KR34\t1050 ", "更新 KR34 1050"),
        ("/更新 KR34", "更新 KR34"),
        ("／ 更新 KR34", "更新 KR34"),
        ("@王店长\u2005同意", "@王店长 同意"),
        ("客流１０５０，客单４８；（好）！？：", "客流1050,客单48;(好)!?:"),
        ("−3 －3 ＋20 ＝5 ８５％", "-3 -3 +20 =5 85%"),
        ("更\u200b新\ufeff KR34\u200d", "更新 KR34"),
        ("新建目标 甲\r\nKR 乙\n\n  KR 丙  ", "新建目标 甲\nKR 乙\nKR 丙"),
        ("一句。两句、《书》「话」", "一句。两句、《书》「话」"),
        ("坏\x00字", "坏字"),
        ("", ""),
        ("/", ""),
        ("Keep My Case", "Keep My Case"),
        ("12/5 的 1/2", "12/5 的 1/2"),
        ("👩\u200d💻 好", "👩\u200d💻 好"),
    ],
)
def test_what_makes_no_difference_goes(typed: str, read: str) -> None:
    assert tidy(typed) == read


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text())
def test_narrowing_keeps_positions(text: str) -> None:
    assert len(narrow(text)) == len(text)


def test_folded_words_ignore_case_and_spaces() -> None:
    assert fold("加 ＫＲ") == fold("加kr") == "加kr"
