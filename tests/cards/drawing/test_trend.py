"""The trend: everything inside, nothing on top of something else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import pytest

from cards.drawing.sheet import WIDTH, sheet
from cards.drawing.trend import HEIGHT, Road, Trend, trend
from okr.forecast import forecast
from tests.okr.goals import TODAY, key_result, number, objective

CASES = [
    ("0", "100", ["10", "20", "30", "40"]),
    ("8", "5", ["7.6", "7.4", "7.2", "7.0"]),
    ("0", "100", ["120", "120", "120", "120"]),
    ("0", "100", ["99", "99.5", "100", "100"]),
    ("0", "100", ["40", "10", "60", "5"]),
    ("0", "30000000", ["3200000", "8400000", "16800000", "16900000"]),
]


def drawn(start: str, target: str, values: list[str], last: date = date(2026, 12, 31)) -> tuple[Trend, str]:
    kr = key_result(34, number(start, target), values[-1])
    days = [TODAY - timedelta(days=24 - 8 * n) for n in range(len(values))]
    points = [(day, Decimal(value)) for day, value in zip(days, values, strict=True)]
    ahead = forecast(kr, points, objective(kr).cycle, TODAY)
    block = trend("KR34 <生鲜区客流量>", points, Decimal(target), ahead, (TODAY, last), "人")
    return cast("Trend", block.shown), sheet("李四", "本周", [block])


@pytest.mark.parametrize(("start", "target", "values"), CASES)
def test_everything_is_inside(start: str, target: str, values: list[str]) -> None:
    shown, svg = drawn(start, target, values)

    for x, y in [*shown.points, *([shown.end] if shown.end else [])]:
        assert 0 <= x <= shown.right < WIDTH
        assert 0 <= y <= HEIGHT
    assert "KR34 &lt;生鲜区客流量&gt;" in svg
    assert shown.target in svg


@pytest.mark.parametrize(("start", "target", "values"), CASES)
def test_what_is_said_does_not_lie_on_anything_else(start: str, target: str, values: list[str]) -> None:
    shown, _ = drawn(start, target, values)

    assert shown.end is None or abs(shown.end_label_y - shown.target_label_y) >= 34
    assert abs(shown.now_y - 5 - shown.target_y) >= 9


def test_the_end_is_that_of_the_quarter_or_said_to_be_another() -> None:
    shown, svg = drawn(*CASES[0])
    assert (shown.end_said[0], shown.until) == ("季末约", "12月31日")
    assert "季末约" in svg

    far, _ = drawn(*CASES[0], last=date(2027, 6, 30))
    assert far.end_said[0] == "照此约"


def test_two_days_below_do_not_touch() -> None:
    near, _ = drawn(*CASES[0], last=TODAY + timedelta(days=3))

    assert near.until == ""


def test_the_road_is_drawn_from_the_beginning_with_the_stage_that_is_being_worked_on() -> None:
    """From 1,000 to 1,100 over the quarter, by the ends of the months 1,033 and 1,066."""
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    stages = [(date(2026, 10, 31), Decimal(1033)), (date(2026, 11, 30), Decimal(1066))]
    road = Road(first, [(first, Decimal(1000)), *stages, (last, Decimal(1100))], stages, stages[1][0])
    points = [(first + timedelta(days=n), Decimal(1000 + n)) for n in range(40)]
    block = trend("KR8", points, Decimal(1100), None, (date(2026, 11, 23), last), "人", road)
    shown = cast("Trend", block.shown)

    assert [one.current for one in shown.stages] == [False, True]
    assert shown.points[0][0] < shown.stages[0].x < shown.today_x < shown.stages[1].x < shown.right
    assert (shown.stages[1].x, shown.stages[1].y) in shown.expected  # what is expected goes through it
    assert shown.dots == shown.points[-1:]  # forty dots would hide the line
    assert shown.since == "10月1日"
