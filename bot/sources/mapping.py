"""Records of another system as raw points: what stands where, and what their numbers mean here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from config.expressions import Finder, finder
from config.sources import DataSource

_WRITTEN = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T]*(\d{1,2}):(\d{2}.*))?", re.ASCII)
"""A day, perhaps with a time, as tables and people write it."""
_MILLISECONDS = 10**11
"""A number of seconds that large would be in the year 5138."""


class Mapped:
    """`people`: employee numbers by names that only one person has; what bot.yaml says goes before."""

    def __init__(self, source: DataSource, people: Mapping[str, str]) -> None:
        fields = source.fields
        self._units, self._metrics = source.units, source.metrics
        self._people = {**people, **source.people}
        self._id, self._at = _maybe(fields.id), finder(fields.at)
        self._unit, self._employee = _maybe(fields.unit), _maybe(fields.employee)
        self._metric = _maybe(fields.metric)
        self._values = {key: finder(text) for key, text in fields.values.items()} or {
            "": finder(fields.value)
        }

    def points(self, record: Any) -> Iterator[dict[str, Any]]:
        """The raw points of a record, as `okr.points` reads them; without a moment it is none of ours."""
        unit, employee = _text(self._unit(record)), _text(self._employee(record))
        unit, employee = self._units.get(unit, unit), self._people.get(employee, employee)
        at, said = _moment(self._at(record)), _text(self._id(record))
        for key, find in self._values.items():
            metric = key or _text(self._metric(record))
            metric = self._metrics.get(metric, metric)
            value = find(record)
            if key and (value is None or value == ""):  # a day without that figure, as an empty cell is
                continue
            own = f"{said}:{metric}" if key and len(self._values) > 1 else said
            yield {
                "id": own if said else f"{metric}|{unit}|{employee}|{at}",
                "metric": metric,
                "unit": unit,
                "employee": employee,
                "at": at,
                "value": _number(value),
            }

    def has_shape(self, record: Any) -> bool:
        """Whether a record has a moment and any number at all."""
        return self._at(record) is not None and any(
            find(record) is not None for find in self._values.values()
        )


def _maybe(text: str) -> Finder:
    return finder(text) if text else lambda _: None


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, Decimal | float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value).strip()


def _number(value: Any) -> Any:
    return value.replace(",", "").replace("，", "").strip() if isinstance(value, str) else value


def _moment(value: Any) -> str:
    """As points have it: a day, a moment, or seconds since 1970 (or milliseconds)."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        number = float(value)
        seconds = number / 1000 if abs(number) > _MILLISECONDS else number
        try:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        except (OverflowError, OSError, ValueError):
            return str(value)
    text = _text(value)
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, rest = found.groups()
    written = f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    return f"{written} {hour.zfill(2)}:{rest}" if hour else written
