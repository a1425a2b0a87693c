"""Worked by hand: whether a store has grown more than the others since a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from okr.contrast import Part
from okr.lifting import lift

ON, LAST = date(2026, 11, 9), date(2026, 11, 22)


def days(before: int, after: int, count: int = 14) -> dict[date, Part]:
    return {ON + timedelta(days=n): Part(Decimal(after if n >= 0 else before)) for n in range(-count, count)}


@pytest.mark.parametrize(
    ("own", "others", "told"),
    [
        (days(100, 120), [days(100, 100)] * 3, "0.2"),
        (days(100, 120), [days(100, 105), days(100, 104), days(100, 190)], "0.15"),
        (days(100, 120), [days(100, 106)] * 3, None),
        (days(100, 114), [days(100, 100)] * 3, None),
        (days(100, 100), [days(100, 80)] * 4, "0.2"),
        (days(100, 150), [days(100, 100)] * 2, None),
        (days(100, 150, count=4), [days(100, 100)] * 3, None),
        (days(0, 150), [days(100, 100)] * 3, None),
    ],
)
def test_a_lift(own: dict[date, Part], others: list[dict[date, Part]], told: str | None) -> None:
    stores = {"西湖店": own} | {f"{n}店": one for n, one in enumerate(others)}
    assert lift(stores, "西湖店", ON, LAST) == (None if told is None else Decimal(told))
