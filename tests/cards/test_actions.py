"""A button is a command: it travels as ASCII and means the same on arrival."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import actions

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(WORDS)
def test_a_command_comes_back_as_it_was(say: str) -> None:
    packed = actions.wire(say)

    assert actions.unwire(packed) == say
    assert packed.isascii()
    assert " " not in packed


@pytest.mark.parametrize(
    ("say", "fits"), [("更" * 56, True), ("更" * 57, False), ("a" * 512, True), ("a" * 513, False)]
)
def test_what_is_too_long_for_a_button_is_a_mistake(say: str, fits: bool) -> None:
    if fits:
        assert len(actions.wire(say)) <= actions.LONGEST
    else:
        with pytest.raises(ValueError, match="too long"):
            actions.wire(say)


@pytest.mark.parametrize(
    ("parts", "say"),
    [
        (("KR34", Decimal(1050)), "更新 KR34 =1050"),
        (("KR34", Decimal("1E+3")), "更新 KR34 =1000"),
        (("KR34", Decimal("-0.5"), "2026-11-23"), "更新 KR34 2026-11-23 =-0.5"),
        (("KR34", Decimal(7), "", "下雨"), "更新 KR34 =7 下雨"),
    ],
)
def test_an_update_as_it_could_be_typed(parts: tuple[str, Decimal], say: str) -> None:
    assert actions.update(*parts) == say


def test_an_answer_to_a_question_is_the_command_with_a_word_before_it() -> None:
    assert actions.confirmed("更新 KR34 =1050") == "确认 更新 KR34 =1050"
