from __future__ import annotations

import pytest

from handlers.reading.speech import spoken


@pytest.mark.parametrize(
    ("heard", "typed"),
    [
        ("可二三十四 一千零五十", "KR34 1050"),
        ("可二三十四，一千零五十。", "KR34 1050"),
        ("更新可二三十四一千零五十", "更新KR34 1050"),
        ("KR三十四 一千零五十", "KR34 1050"),
        ("K R 三十四 六点九", "KR34 6.9"),
        ("可二三十四 百分之八十五", "KR34 85%"),
        ("可二三十四 涨了二十", "KR34 +20"),
        ("可二三十四 降了零点三个点", "KR34 -0.3个点"),
        ("可二三十四 负三", "KR34 =-3"),
        ("查看欧十二。", "查看O12"),
        ("我排第几？", "我排第几"),
        ("客流到一千零五十了", "客流到一千零五十了"),
        ("可爱", "可爱"),
        ("", ""),
    ],
)
def test_speech_in_typed_form(heard: str, typed: str) -> None:
    assert spoken(heard) == typed
