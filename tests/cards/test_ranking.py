"""The bars of a ranking's picture."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cards.ranking import PROGRESS, Board, rungs
from okr.ranking import Place


@pytest.mark.parametrize(
    ("measure", "percent", "values", "shares"),
    [
        (PROGRESS, True, ["0.7", "0.35"], ["0.7", "0.35"]),
        (PROGRESS, True, ["1.25", "0.5"], ["1", "0.4"]),
        ("销售额", False, ["800", "200"], ["1", "0.25"]),
    ],
)
def test_bars_of_progress_are_of_the_whole_and_others_of_the_best(
    measure: str, percent: bool, values: list[str], shares: list[str]
) -> None:
    names = {"E1": "方圆", "E2": "唐宁"}
    board = Board("个人", measure, "到今天", "", percent, True, names, "", group=False, alone=False)
    places = [
        Place(key, Decimal(value), number)
        for number, (key, value) in enumerate(zip(names, values, strict=True), 1)
    ]

    assert [one.share for one in rungs(board, places, places)] == [Decimal(share) for share in shares]
