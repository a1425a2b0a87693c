"""The small trend: everything inside, nothing on top of something else."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from cards.drawing.charts import draw
from cards.drawing.trend import HEIGHT, WIDTH, plot
from okr.forecast import forecast
from tests.okr.goals import TODAY, key_result, number, objective


@pytest.mark.parametrize(
    ("start", "target", "values"),
    [
        ("0", "100", ["10", "20", "30", "40"]),
        ("8", "5", ["7.6", "7.4", "7.2", "7.0"]),
        ("0", "100", ["120", "120", "120", "120"]),
        ("0", "100", ["99", "99.5", "100", "100"]),
        ("0", "100", ["40", "10", "60", "5"]),
    ],
)
def test_everything_is_inside(start: str, target: str, values: list[str]) -> None:
    kr = key_result(34, number(start, target), values[-1])
    days = [TODAY - timedelta(days=24 - 8 * n) for n in range(len(values))]
    points = [(day, Decimal(value)) for day, value in zip(days, values, strict=True)]
    shown = plot(points, Decimal(target), forecast(kr, points, objective(kr).cycle, TODAY), TODAY, "人")

    for x, y in [*shown["points"], *([shown["end"]] if shown["end"] else [])]:
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert abs(shown["now_y"] - shown["target_y"]) >= 14
    svg = draw("trend", title="KR34 <生鲜区客流量>", **shown)
    assert "KR34 &lt;生鲜区客流量&gt;" in svg
    assert shown["target"] in svg
