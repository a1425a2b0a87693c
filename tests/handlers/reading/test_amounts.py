from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.reading.amounts import read_amounts


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("客流1050 客单48 损耗6.9", [("客流", "1050"), ("客单", "48"), ("损耗", "6.9")]),
        ("客流1050、客单48，损耗6.9", [("客流", "1050"), ("客单", "48"), ("损耗", "6.9")]),
        ("客流:1050;客单:48元", [("客流", "1050"), ("客单", "48")]),
        ("客流 1050\n客单 48", [("客流", "1050"), ("客单", "48")]),
        ("我客流到1050了", [("客流", "1050")]),
        ("客流到1050了 客单到48了", [("客流", "1050"), ("客单", "48")]),
        ("客流涨到1050,客单降到48", [("客流", "1050"), ("客单", "48")]),
        ("损耗降了0.3个点", [("损耗", "-0.3")]),
        ("今天卖了3200", [("", "3200")]),
        ("1050", [("", "1050")]),
        ("KR34 1050 周末活动带来客流", [("KR34", "1050")]),
        ("更新KR34:1050", [("更新KR34", "1050")]),
        ("一个数也没有", []),
    ],
)
def test_numbers_with_the_words_they_belong_to(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(words, quantity.value) for words, quantity in read_amounts(sentence)] == [
        (words, Decimal(value)) for words, value in expected
    ]
