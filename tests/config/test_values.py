from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from config.values import Hours, StorageUrl, TimeZoneName


@pytest.mark.parametrize(
    ("hours", "good"),
    [
        ("09:00-20:00", True),
        ("00:00-24:00", True),
        ("9:00-20:00", False),
        ("09:00-25:00", False),
        ("09:60-20:00", False),
        ("20:00-20:00", False),
        ("22:00-06:00", False),
        ("09:00-20:00\n", False),
        ("24:00-24:00", False),
    ],
)
def test_hours(hours: str, good: bool) -> None:
    assert _is_good(Hours, hours) is good


@pytest.mark.parametrize(
    ("zone", "good"),
    [
        ("Asia/Shanghai", True),
        ("UTC", True),
        ("Asia/Beijing", False),
        ("", False),
        ("../etc/passwd", False),
        ("Asia", False),
    ],
)
def test_time_zones(zone: str, good: bool) -> None:
    assert _is_good(TimeZoneName, zone) is good


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("sqlite://okr.db", True),
        ("postgres://a@b/c", True),
        ("postgresql://a@b/c", True),
        ("sqlite://", False),
        ("okr.db", False),
    ],
)
def test_storage_urls(url: str, good: bool) -> None:
    assert _is_good(StorageUrl, url) is good


def _is_good(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True
