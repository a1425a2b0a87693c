"""Letters become paths, and paths a picture."""

from __future__ import annotations

import struct
import zlib
from xml.etree import ElementTree as ET

import pytest

from cards.drawing.lettering import width
from cards.drawing.outlines import SPACE, outlined
from cards.drawing.png import png

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><rect width="100" height="40" fill="#fff"/>'
PAPER = b"\xff\xff\xff"


def drawing(**attributes: str) -> str:
    said = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"{HEAD}<text {said}>目标 1,070</text></svg>"


def inked(picture: bytes) -> list[int]:
    """The columns of pixels in which there is anything but paper."""
    wide, high = struct.unpack(">II", picture[16:24])
    begin = picture.index(b"IDAT") + 4
    rows = zlib.decompress(picture[begin : picture.index(b"IEND")])
    stride = wide * 3 + 1
    columns = set()
    for row in range(high):
        line = rows[row * stride + 1 : (row + 1) * stride]
        columns |= {x for x in range(wide) if line[3 * x : 3 * x + 3] != PAPER}
    return sorted(columns)


def test_no_words_are_left_to_a_font() -> None:
    tree = ET.fromstring(drawing(x="10", y="30", font_size="14"))
    outlined(tree)

    assert not list(tree.iter(f"{SPACE}text"))
    assert len(list(tree.iter(f"{SPACE}path"))) == len("目标1,070")


@pytest.mark.parametrize(
    ("anchor", "first", "last"), [("start", 50, 100), ("middle", 21, 79), ("end", 0, 50)]
)
def test_words_stand_where_they_are_anchored(anchor: str, first: int, last: int) -> None:
    columns = inked(png(drawing(x="50", y="30", font_size="10", text_anchor=anchor)))

    assert first * 2 <= columns[0] <= columns[-1] <= last * 2


def test_they_are_never_wider_than_they_are_taken_to_be() -> None:
    columns = inked(png(drawing(x="2", y="30", font_size="14", font_weight="700")))

    assert columns[-1] - columns[0] <= 2 * width("目标 1,070", 14)


def test_bold_is_bolder() -> None:
    thin, bold = (
        len(png(drawing(x="2", y="30", font_size="14", font_weight=weight))) for weight in ("400", "700")
    )

    assert thin != bold


@pytest.mark.parametrize(
    "broken", ["", "<svg", "<p/>", '<svg xmlns="http://www.w3.org/2000/svg" width="9"/>']
)
def test_what_is_no_drawing_is_said_to_be_none(broken: str) -> None:
    with pytest.raises(ValueError, match="no drawing"):
        png(broken)
