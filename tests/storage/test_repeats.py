"""Texts that have been there before, found without holding them."""

from __future__ import annotations

from storage.repeats import Repeats


def test_each_is_known_from_its_first_line_on() -> None:
    with Repeats() as repeats:
        assert repeats.of([("a", 2), ("b", 3), ("a", 4)]) == {2: 2}
        assert repeats.of([("c", 5), ("d", 6)]) == {}
        assert repeats.of([("b", 7), ("e", 8), ("b", 9), ("", 10)]) == {0: 3, 2: 3}


def test_two_of_one_line_are_told_apart() -> None:
    with Repeats() as repeats:
        assert repeats.of([("sales", 2), ("visits", 2), ("sales", 2)]) == {2: 2}
