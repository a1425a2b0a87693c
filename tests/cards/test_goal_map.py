"""The goal map: what stands in the picture and where, and the same in words."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.drawing.goal_rows import WIDTH, lay_out
from cards.drawing.png import png
from cards.goal_map import PICTURE_GOALS, WORD_GOALS, goal_map, svg, words
from chat.card import dump_card, load_card, plain_text
from chat.events import PlatformName
from chat.files import SVG
from okr.objectives import Status
from okr.tree import Node, fold, size, walk
from tests.cards.sample import EG
from tests.okr.trees import company, grown, node

SPACE = "{http://www.w3.org/2000/svg}"
PHONE_SCREENS = 4 * 844
"""The tallest picture that is still looked through with one thumb."""
HEADING = Node("", "鲜橙连锁", "", "", Status.NOT_STARTED, Decimal(0), children=(company(), node("O2")))


def drawn(tree: Node) -> ET.Element:
    return ET.fromstring(svg(tree, title="华东区", about="2026Q4 · 11月27日"))


def said(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SPACE}text")]


def goals_of(picture: ET.Element) -> dict[str, ET.Element]:
    return {
        group.get("id", ""): group for group in picture.iter(f"{SPACE}g") if "goal" in group.get("class", "")
    }


# --- the picture ---


def test_every_goal_has_its_title_owner_percent_and_status_in_words() -> None:
    picture = drawn(company())
    store = goals_of(picture)["KR35"]

    assert list(goals_of(picture)) == [one.ref for _, one in walk(company())]
    assert said(store) == ["提升门店季度业绩", "12%", "KR35 · 李四 · 西湖店", "告急"]
    assert said(picture)[:2] == ["目标地图 · 华东区", "2026Q4 · 11月27日"]


def test_a_light_is_told_by_its_shape_too() -> None:
    tree = node("O1", Status.ON_TRACK, "0.5", *(node(f"KR{n}", status) for n, status in enumerate(Status)))
    shapes = set()
    for ref, group in goals_of(drawn(tree)).items():
        light = group.find(f"{SPACE}g")
        assert light is not None, ref
        shapes.add(
            tuple(
                (part.tag, part.get("d"), part.get("r"), part.get("width"), part.get("stroke-dasharray"))
                for part in light
            )
        )

    assert len(shapes) == len(Status)


def luminance(colour: str) -> float:
    """Of `#RRGGBB`, by WCAG 2."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_words_stand_out_from_what_they_are_written_on() -> None:
    tree = node("O1", Status.ON_TRACK, "0.5", *(node(f"KR{n}", s, own=True) for n, s in enumerate(Status)))
    for ref, group in goals_of(drawn(tree)).items():
        box = group.find(f"{SPACE}rect")
        assert box is not None
        for text in group.findall(f"{SPACE}text"):
            ground = "#2B6BE4" if text.text == "我的" else box.get("fill", "")
            letters = text.get("fill", "").replace("#fff", "#FFFFFF")
            light, dark = sorted((luminance(ground), luminance(letters)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ref, text.text)


def test_the_own_goals_and_the_way_to_them_are_marked() -> None:
    picture = drawn(company())
    own = [ref for ref, group in goals_of(picture).items() if "own" in group.get("class", "")]
    marked = [row.node.ref for row in lay_out(company(), 0) if row.way]

    assert own == ["O12", "KR34"]
    assert said(picture).count("我的") == 2
    assert marked == ["O1", "KR1", "O4", "KR9", "O12", "KR34"]


def test_what_is_left_out_is_told_by_a_number_where_it_hangs() -> None:
    picture = drawn(grown(200))

    assert len(goals_of(picture)) == PICTURE_GOALS
    left_out = [int(text[3:-2]) for text in said(picture) if text.startswith("还有 ")]
    assert sum(left_out) == 200 - PICTURE_GOALS


def test_the_legend_counts_every_goal_folded_or_not() -> None:
    legend = [text for text in said(drawn(grown(200))) if re.fullmatch(r"\S+ \d+", text)]

    assert sum(int(text.split()[1]) for text in legend) == 200


def test_a_heading_is_words_without_a_light() -> None:
    picture = drawn(HEADING)

    assert "鲜橙连锁" in said(picture)
    assert "" not in goals_of(picture)
    assert len(goals_of(picture)) == size(HEADING) - 1


@settings(max_examples=60)
@given(
    count=st.integers(1, 300),
    seed=st.integers(0, 30),
    own=st.none() | st.integers(0, 299),
    title=st.text(max_size=60).filter(str.strip),
)
def test_nothing_overlaps_and_nothing_stands_outside(
    count: int, seed: int, own: int | None, title: str
) -> None:
    tree = replace(grown(count, seed, own), title=title)
    rows = lay_out(fold(tree, PICTURE_GOALS), 100)
    picture = drawn(tree)
    height = float(picture.get("height", 0))

    for above, below in pairwise(rows):
        assert above.y + above.height < below.y
    for row in rows:
        assert 0 < row.x < row.x + row.width < WIDTH
        assert row.width >= 200
        if row.parent >= 0:
            assert rows[row.parent].stem < row.x
            assert rows[row.parent].middle < row.middle
    for text in picture.iter(f"{SPACE}text"):
        assert 0 < float(text.get("x", -1)) < WIDTH
        assert 0 < float(text.get("y", -1)) < height
    assert height <= PHONE_SCREENS


def test_what_people_typed_stays_words() -> None:
    tree = node("O1", title='</text><script>alert("x")</script> & <b>')

    assert "<script" not in svg(tree, title="<i>", about="&amp;")
    assert said(goals_of(drawn(tree))["O1"])[0].startswith("</text><script>")


def test_the_picture_can_be_drawn() -> None:
    picture = png(svg(company(), title="华东区", about="2026Q4"))

    assert picture.startswith(b"\x89PNG")
    wide = int.from_bytes(picture[16:20], "big")
    assert wide == 2 * WIDTH


# --- the words ---


def test_the_words_are_the_tree_a_line_each_and_deeper_lines_stand_further_in() -> None:
    assert words(company(), 6) == (
        "O1 提升门店季度业绩 62% 🟢 正常 (还有 1 个)",
        "├ KR1 提升门店季度业绩 64% 🟢 正常",
        "├─ O4 提升门店季度业绩 51% 🟡 偏慢 (还有 1 个)",
        "├── KR9 提升门店季度业绩 48% 🟡 偏慢 (还有 1 个)",
        "├─── O12 提升门店季度业绩 36% 🟢 正常 ◀我的 (还有 2 个)",
        "├──── KR34 提升门店季度业绩 70% 🟢 正常 ◀我的",
    )


@pytest.mark.parametrize(
    "tree", [company(), grown(200), grown(1), HEADING], ids=["company", "large", "one", "heading"]
)
def test_the_card_fits_a_phone_in_words_and_has_its_picture_otherwise(tree: Node) -> None:
    card, picture = goal_map(tree, title="华东区", about="2026Q4", eg=EG)

    assert card.picture == picture.ref
    assert (picture.name, picture.media_type) == ("目标地图 华东区", SVG)
    assert load_card(dump_card(card)) == card
    bare = card.without_picture()
    assert bare.picture == ""
    for shown in (card.face, bare.on(PlatformName.WECOM)):
        assert len(plain_text(shown, numbered=False).splitlines()) <= 12
    assert len(words(tree)) <= WORD_GOALS
    assert card.face.title == bare.face.title


def test_without_any_goal_the_card_says_how_to_write_one() -> None:
    card, _ = goal_map(replace(HEADING, children=()), title="西湖店", about="2026Q4", eg=EG)

    assert card.face.title == "西湖店还没有能看的目标"
    assert "新建目标" in card.face.hint
