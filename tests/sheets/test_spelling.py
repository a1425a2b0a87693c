"""Values as texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from sheets.spelling import shown, spelled


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("E0001", "E0001"),
        (True, "TRUE"),
        (12, "12"),
        (12.0, "12"),
        (13800000000.0, "13800000000"),
        (0.1 + 0.2, "0.3"),
        (1e21, "1000000000000000000000"),
        (0.00001, "0.00001"),
        (Decimal("1E+3"), "1000"),
        (date(2024, 1, 5), "2024-01-05"),
        (datetime(2024, 1, 5), "2024-01-05"),  # noqa: DTZ001  # workbooks know no zones
        (datetime(2024, 1, 5, 18, 30, tzinfo=UTC), "2024-01-05 18:30"),
        (datetime(2024, 1, 5, 18, 29, 59, 999_000), "2024-01-05 18:30"),  # noqa: DTZ001  # the same
        (datetime(2024, 1, 5, 18, 30, 7), "2024-01-05 18:30:07"),  # noqa: DTZ001  # the same
        (time(9, 0), "09:00"),
        (timedelta(hours=26, minutes=30), "26:30"),
        (timedelta(minutes=-90, seconds=-5), "-01:30:05"),
    ],
)
def test_spelled(value: object, text: str) -> None:
    assert spelled(value) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12, "0000", "0012"),
        (12.0, "00000", "00012"),
        (123456, "0000", "123456"),
        (12.5, "0000", "12.5"),
        (-12, "0000", "-12"),
        (12, "0", "12"),
        (0.85, "0%", "85%"),
        (0.0123, "0.0%", "1.23%"),
        (0.07, "#,##0.00%", "7%"),
        (85, '0"%"', "85"),
        (12.0, "General", "12"),
        (1234.5, "#,##0.00", "1234.5"),
        (True, "0%", "TRUE"),
    ],
)
def test_numbers_as_the_sheet_shows_them(value: float, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text
