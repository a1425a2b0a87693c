"""What follows 对齐, as people type it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.reading.supports import read_wish

Read = tuple[str, list[tuple[int, str]]]


@pytest.mark.parametrize(
    ("text", "child", "supports"),
    [
        ("O12 KR7", "O12", [(7, "")]),
        ("o12kr7", "O12", [(7, "")]),
        ("O12 7", "O12", [(7, "")]),
        ("O12 KR7 30%", "O12", [(7, "0.3")]),
        ("O12 KR7 百分之三十", "O12", [(7, "0.3")]),
        ("O12 KR7 算 30%", "O12", [(7, "0.3")]),
        ("O12 KR5 60% KR7 40%", "O12", [(5, "0.6"), (7, "0.4")]),
        ("O12 KR5 60%,KR7 40%", "O12", [(5, "0.6"), (7, "0.4")]),
        ("O12 KR5和KR7", "O12", [(5, ""), (7, "")]),
        ("O12 到 KR7", "O12", [(7, "")]),
        ("KR34 KR7", "KR34", [(7, "")]),
        ("KR7", None, [(7, "")]),
        ("O12", "O12", []),
        ("", None, []),
    ],
)
def test_who_supports_whom(text: str, child: str | None, supports: list[tuple[int, str]]) -> None:
    wish = read_wish(text)

    assert (str(wish.child) if wish.child else None) == child
    expected = [(number, Decimal(share) if share else None) for number, share in supports]
    assert [(one.number, one.share) for one in wish.supports] == expected
    assert (wish.rolls, wish.instead, wish.unread) == (True, False, "")


@pytest.mark.parametrize("text", ["O12 KR7 不汇总", "O12 KR7,不汇总", "O12 KR7 只对齐不汇总"])
def test_only_shown(text: str) -> None:
    wish = read_wish(text)

    assert not wish.rolls
    assert [one.number for one in wish.supports] == [7]


@pytest.mark.parametrize("text", ["O12 换成 KR7", "O12 改为KR7", "O12 只支撑 KR7"])
def test_instead_of_what_it_supports(text: str) -> None:
    assert read_wish(text).instead


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("O12 KR7 好吗", "好吗"),
        ("O12 O7", "O7"),
        ("O12 KR7 -5%", "-5%"),
        ("随便", "随便"),
        ("R8 KR7", "R8 KR7"),
    ],
)
def test_no_word_is_lost_in_silence(text: str, unread: str) -> None:
    assert read_wish(text).unread == unread


def test_a_bare_number_is_kept_to_be_asked_about() -> None:
    (one,) = read_wish("O12 KR7 30").supports

    assert (one.share, one.bare) == (None, "30")
