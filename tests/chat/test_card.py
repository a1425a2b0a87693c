"""A card survives being a row, and can always be said in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.card import (
    Button,
    ButtonStyle,
    Card,
    Face,
    Fact,
    dump_card,
    load_card,
    numbered_choices,
    plain_text,
    spent,
    written_choices,
)
from chat.events import Account, PlatformName

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BUTTONS = st.builds(Button, WORDS, WORDS, WORDS, st.sampled_from(ButtonStyle))
FACES = st.builds(
    Face,
    title=WORDS,
    subtitle=WORDS,
    emphasis=st.none() | st.tuples(WORDS, WORDS),
    lines=st.lists(WORDS, max_size=3).map(tuple),
    facts=st.lists(st.builds(Fact, WORDS, WORDS), max_size=3).map(tuple),
    buttons=st.lists(BUTTONS, max_size=3).map(tuple),
    hint=WORDS,
    why=WORDS,
    numbered=st.booleans(),
)
CARDS = st.builds(
    Card,
    face=FACES,
    wecom=st.none() | FACES,
    live=st.booleans(),
    asks=st.booleans(),
    awaits=WORDS,
    about=WORDS,
)
TWO = Face("哪一个?", buttons=(Button("客流", "a", "更新 KR34"), Button("损耗", "b", "更新 KR35")))


@given(CARDS)
def test_a_card_comes_back_as_it_was(card: Card) -> None:
    assert load_card(dump_card(card)) == card


@given(FACES)
def test_what_has_been_pressed_has_nothing_left_to_press(face: Face) -> None:
    assert spent(face).buttons == ()
    assert spent(face).title == face.title


@pytest.mark.parametrize(
    ("numbered", "line"), [(True, "回数字:1 客流 · 2 损耗"), (False, "可以回:客流 · 损耗")]
)
def test_choices_in_words(numbered: bool, line: str) -> None:
    face = Face("哪一个?", buttons=TWO.buttons, numbered=numbered)

    assert written_choices(face) == line
    assert plain_text(face, numbered=True) == f"哪一个?\n{line}"
    assert plain_text(face, numbered=False) == "哪一个?"


def test_numbers_begin_at_one() -> None:
    assert numbered_choices(TWO) == ("1 客流", "2 损耗")
    assert written_choices(Face("好")) == ""


def test_every_part_of_a_face_is_said() -> None:
    face = Face("标题", "副", ("70%", "进度"), ("**粗** 行",), (Fact("KR34", "1070"),), (), "提示", "因为")

    assert plain_text(face, numbered=True) == "标题\n副\n70% 进度\n粗 行\nKR34 1070\n提示\n因为"


@pytest.mark.parametrize("platform", PlatformName)
def test_wecom_gets_its_own_face_where_there_is_one(platform: PlatformName) -> None:
    card = Card(Face("这边"), wecom=Face("那边"))

    assert card.on(platform).title == ("那边" if platform is PlatformName.WECOM else "这边")
    assert Card(Face("这边")).on(platform).title == "这边"


@pytest.mark.parametrize(
    ("platform", "one", "other", "same"),
    [(PlatformName.WECOM, "WxLi", "wxLI", True), (PlatformName.DINGTALK, "abc", "ABC", False)],
)
def test_ids_of_wecom_ignore_case(platform: PlatformName, one: str, other: str, same: bool) -> None:
    assert (Account(platform, one).key == Account(platform, other).key) is same
