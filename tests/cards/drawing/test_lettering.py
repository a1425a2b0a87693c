"""How wide words are taken to be, and how they are broken and cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.drawing.lettering import cut, drawable, width, wrapped

CHINESE = "把早市做起来让写字楼的人下楼就能吃上热乎的早饭"


@pytest.mark.parametrize(
    ("text", "size", "expected"), [("目标", 14, 28), ("…", 10, 10), ("12%", 10, 21.9), ("", 14, 0)]
)
def test_a_chinese_letter_is_as_wide_as_it_is_high_and_others_are_narrower(
    text: str, size: float, expected: float
) -> None:
    assert width(text, size) == pytest.approx(expected)


def test_a_text_that_fits_is_one_line() -> None:
    assert wrapped("损耗率", 14, 100, 2) == ("损耗率",)


def test_a_longer_one_is_broken_and_what_is_left_shows_as_an_ellipsis() -> None:
    assert wrapped(CHINESE, 10, 100, 3) == ("把早市做起来让写字楼", "的人下楼就能吃上热乎", "的早饭")
    assert wrapped(CHINESE, 10, 100, 2) == ("把早市做起来让写字楼", "的人下楼就能吃上热…")
    assert cut(CHINESE, 10, 55) == "把早市做…"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("a\nb\x00c", "a b c"), ("冲👍🏻冲", "冲 冲"), ("  a  b ", "a b"), ("\ud800", ""), ("⚠️", "⚠")],
)
def test_what_no_font_and_no_xml_has_is_left_out(typed: str, shown: str) -> None:
    assert drawable(typed) == shown


@given(text=st.text(max_size=80), room=st.floats(20, 300), lines=st.integers(1, 3))
def test_no_line_is_wider_than_there_is_room(text: str, room: float, lines: int) -> None:
    written = wrapped(text, 14, room, lines)

    assert len(written) <= lines
    # One letter and the ellipsis stand even where there is room for neither.
    assert all(width(line, 14) <= max(room, width("W…", 14)) + 0.001 for line in written)
