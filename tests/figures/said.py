"""Numbers as they stand in texts, each with how exactly it is said."""

from __future__ import annotations

import re
from fractions import Fraction

_NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?"
_SIZES = {"万": 10_000, "亿": 10**8}


def number_after(text: str, label: str) -> tuple[Fraction, Fraction]:
    """The first number after a label, and half of its last digit: so far what is meant may lie from it."""
    found = re.search(rf"{re.escape(label)}\s*({_NUMBER})\s*(万|亿)?", text)
    assert found, f"no number after {label!r} in {text!r}"
    return read(found[1], found[2] or "")


def read(digits: str, size: str = "") -> tuple[Fraction, Fraction]:
    plain = digits.replace(",", "").replace("−", "-").removeprefix("+")
    scale = _SIZES.get(size, 1)
    decimals = len(plain.partition(".")[2])
    return Fraction(plain) * scale, Fraction(scale, 2 * 10**decimals)


def assert_says(text: str, label: str, expected: Fraction | None) -> None:
    """That after a label stands this number as exactly as it is said, or — where there is none."""
    if expected is None:
        assert re.search(rf"{re.escape(label)}\s*—", text), (label, text)
        return
    value, half = number_after(text, label)
    assert abs(value - expected) <= half, (label, float(expected), text)


def assert_is(said: object, expected: Fraction | None) -> None:
    """That a cell or a short text is this number; empty where there is none."""
    if expected is None:
        assert said in ("", None, "—", "缺", "还没有"), said
        return
    found = re.search(rf"({_NUMBER})\s*(万|亿)?", str(said))
    assert found, said
    value, half = read(found[1], found[2] or "")
    assert abs(value - expected) <= half, (said, float(expected))
