"""Letters as outlines: what a drawing says in `<text>` becomes paths, so that no renderer needs a font of its own.

Outlines are kept once they have been asked for: a picture of a hundred letters costs a few milliseconds less than with
a font that every picture reads anew.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

SPACE = "{http://www.w3.org/2000/svg}"
_FONT_FILE = "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED = 2
"""Which of the faces in the file is Noto Sans CJK SC."""
_WEIGHTS = {"": 400, "normal": 400, "bold": 700}
_LETTERS = 20_000
"""Outlines that are kept: more than the letters of common Chinese in two weights."""

ET.register_namespace("", SPACE.strip("{}"))


def outlined(drawing: ET.Element) -> None:
    """Put paths in the place of every `<text>`. It has its words, place, size, weight and anchor itself, and no parts."""
    for parent in list(drawing.iter()):
        for at, child in enumerate(list(parent)):
            if child.tag == f"{SPACE}text":
                parent[at] = _outline(child)


def _outline(text: ET.Element) -> ET.Element:
    size = float(text.get("font-size", "16"))
    weight = text.get("font-weight", "")
    run, advance = _run(text.text or "", int(_WEIGHTS.get(weight, 0) or weight))
    scale = size / 1000
    start = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0) * advance * scale
    x, y = float(text.get("x", "0")) - start, float(text.get("y", "0"))
    group = ET.Element(
        f"{SPACE}g",
        {
            "transform": f"translate({x:.2f} {y:.2f}) scale({scale:.5f})",
            "fill": text.get("fill", "#000"),
            **({"opacity": text.get("opacity", "")} if text.get("opacity") else {}),
        },
    )
    for left, outline in run:
        ET.SubElement(group, f"{SPACE}path", {"transform": f"translate({left} 0)", "d": outline})
    return group


@lru_cache(maxsize=4096)
def _run(words: str, weight: int) -> tuple[tuple[tuple[int, str], ...], int]:
    """The outlines of a line of letters with where each begins, and how wide the line is, in thousandths of its size."""
    import uharfbuzz as hb

    font = _font(weight)
    buffer = hb.Buffer()
    buffer.add_str(words)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    run: list[tuple[int, str]] = []
    left = 0
    for letter, place in zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True):
        if outline := _glyph(letter.codepoint, weight):
            run.append((left + place.x_offset, outline))
        left += place.x_advance
    return tuple(run), left


@lru_cache(maxsize=_LETTERS)
def _glyph(number: int, weight: int) -> str:
    parts: list[str] = []
    _font(weight).draw_glyph(number, _pens(), parts)
    return "".join(parts)


@cache
def _font(weight: int) -> Any:
    import manimgx_fonts_cjk
    import uharfbuzz as hb

    file = Path(manimgx_fonts_cjk.__file__).with_name(_FONT_FILE)
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(file)), _SIMPLIFIED))
    font.set_variations({"wght": weight})
    return font


@cache
def _pens() -> Any:
    """What writes an outline down as path data; a font counts upwards, a drawing downwards."""
    import uharfbuzz as hb

    pens = hb.DrawFuncs()
    pens.set_move_to_func(lambda x, y, parts: parts.append(f"M{x:.0f} {-y:.0f}"))
    pens.set_line_to_func(lambda x, y, parts: parts.append(f"L{x:.0f} {-y:.0f}"))
    pens.set_quadratic_to_func(lambda *to: to[4].append(_curve("Q", to[:4])))
    pens.set_cubic_to_func(lambda *to: to[6].append(_curve("C", to[:6])))
    pens.set_close_path_func(lambda parts: parts.append("Z"))
    return pens


def _curve(mark: str, numbers: tuple[float, ...]) -> str:
    turned = (f"{-n:.0f}" if at % 2 else f"{n:.0f}" for at, n in enumerate(numbers))
    return mark + " ".join(turned)
