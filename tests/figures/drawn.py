"""Pictures as they are drawn: what is written where, and how long and how high it is. Measures are those of the SVG."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
WIDE = Fraction(308)
"""Of a rail, from its left end at 16."""
LEFT = Fraction(16)
HALF = Fraction(6, 100)
"""Lengths are drawn to a tenth."""


def parts(svg: str, kind: str) -> list[Element]:
    """The groups of a kind in their order: bar, step, rung."""
    return [
        one
        for one in ET.fromstring(svg).iter(f"{SVG}g")  # our own
        if kind in one.get("class", "").split()
    ]


def words(one: Element) -> list[str]:
    return [text.text or "" for text in one.iter(f"{SVG}text")]


def number(one: Element, name: str) -> Fraction:
    return Fraction(one.get(name, "nan"))


def rects(one: Element, kind: str = "") -> Iterator[Element]:
    return (rect for rect in one.iter(f"{SVG}rect") if not kind or rect.get("class") == kind)


def filled(bar: Element) -> Fraction:
    """The part of the rail."""
    return next((number(one, "width") / WIDE for one in rects(bar, "filled")), Fraction(0))


def marked(bar: Element) -> Fraction | None:
    """Where its mark stands, as a part of the rail."""
    return next(((number(one, "x") - LEFT) / WIDE for one in rects(bar, "mark")), None)


def assert_long(length: Fraction, share: Fraction) -> None:
    """That a part of the rail is drawn as long as it is; what is very short is drawn wide enough to be seen."""
    shortest = Fraction(4) / WIDE if share else Fraction(0)
    assert abs(length - max(share, shortest)) <= HALF / WIDE, (float(length), float(share))


def way(svg: str) -> list[tuple[Fraction, Fraction]]:
    """The points of the line of a trend."""
    for one in ET.fromstring(svg).iter(f"{SVG}polyline"):  # our own
        if one.get("class") == "way":
            pairs = [point.split(",") for point in one.get("points", "").split()]
            return [(Fraction(x), Fraction(y)) for x, y in pairs]
    return []


def target_height(svg: str) -> Fraction:
    """M16.0 153.6 H260.0"""
    [path] = [
        one
        for one in ET.fromstring(svg).iter(f"{SVG}path")  # our own
        if one.get("class") == "target"
    ]
    return Fraction(path.get("d", "").split()[1])
