"""A key result's way as the chat and the board draw it: what is covered stays covered, and each kind is drawn by what it has."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from cards.drawing.trend import Trend
from cards.way import way
from okr.forecast import Point
from okr.objectives import Kind, Measure
from tests.okr.goals import Q4, TODAY, key_result, number


def weekly(*values: str) -> list[Point]:
    """The last of them on TODAY."""
    return [
        (TODAY - timedelta(weeks=len(values) - 1 - at), Decimal(value)) for at, value in enumerate(values)
    ]


def test_an_amount_that_is_not_for_the_reader_is_drawn_as_a_part_of_the_way() -> None:
    """From 0 to 240 万元, now 120: half of the way."""
    sales = weekly("48", "72", "96", "120")
    open_ = way(key_result(5, number("0", "240", "万元"), "120", title="销售额"), Q4, sales, TODAY)
    closed = way(
        key_result(5, number("0", "240", "万元", sealed=True), "120", title="销售额"), Q4, sales, TODAY
    )
    assert open_ is not None
    assert closed is not None

    assert "现在 120 万元,目标 240 万元" in open_.told
    assert "现在 50%,目标 100%" in closed.told
    for words in ("120", "240", "96", "万元"):
        assert words not in closed.told
        assert words not in "".join(cast("Trend", closed.blocks[0].shown).end_said)
        assert words not in cast("Trend", closed.blocks[0].shown).target
    one, other = (cast("Trend", drawing.blocks[0].shown) for drawing in (open_, closed))
    assert one.points == other.points  # the same line under other words
    assert one.end == other.end


def test_rungs_are_drawn_as_parts_of_the_way() -> None:
    kr = key_result(8, Measure(Kind.ORDINAL, rungs=("试点", "铺开", "人人会")), "0.7", title="会员日")

    drawing = way(kr, Q4, weekly("0.3", "0.7"), TODAY)

    assert drawing is not None
    assert "现在 70%,目标 100%" in drawing.told


def test_what_is_due_earlier_ends_there() -> None:
    kr = key_result(8, number("1000", "1100"), "1050", due=date(2026, 12, 15))
    drawing = way(kr, Q4, weekly("1008", "1022", "1031", "1050"), TODAY)
    assert drawing is not None

    shown = cast("Trend", drawing.blocks[0].shown)
    assert shown.end_said[0] == "到期约"
    assert "照这势头到12月15日约" in drawing.told
    assert [one.current for one in shown.stages] == [False, True]  # to the end of November


def test_there_is_no_way_without_a_value_or_without_steps() -> None:
    assert way(key_result(8, number("1000", "1100")), Q4, [], TODAY) is None
    assert way(key_result(8, Measure(Kind.BOOLEAN), "1"), Q4, weekly("1"), TODAY) is None
    assert way(key_result(8, number("5", "5"), "5"), Q4, weekly("5"), TODAY) is None
