"""What a request or a query may say of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any


def values_of(since: datetime, now: datetime) -> Mapping[str, Any]:
    """`since`, `now`: in company time; days as days."""
    return {
        "since": since,
        "now": now,
        "since_date": since.date(),
        "today": now.date(),
        "yesterday": now.date() - timedelta(days=1),
    }


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A text with `{since}` and the like in it."""
    for name, value in values.items():
        if f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", _said(value))
    return text


def _said(value: date | datetime) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
