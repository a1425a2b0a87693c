"""Single numbers of business data: what a delivered one must be, and the reason why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from okr.policy import MetricSpec
from okr.units import Units

LARGEST = Decimal(10) ** 10
"""Beyond this a single number is a mistake."""
PLACES = 6
AHEAD = timedelta(minutes=5)
"""So far another system's clock may be ahead of ours."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_SIMPLE = re.compile(r"-?\d{1,10}(?:\.\d{1,6})?", re.ASCII)
"""What nearly all are, and what needs no further look."""
_UNKEPT = re.compile("[\\0\\ud800-\\udfff]")
"""What no database keeps: a NUL, half of a character."""
_EARLIEST = 2000
"""The year."""
_LONGEST_ID = 120
_SHOWN = 40


class BadPoint(Exception):
    """The point cannot be taken; `str()` is the reason, for whoever keeps the source. `unmapped`: it speaks of somebody
    or something that is not known here.
    """

    def __init__(self, reason: str, *, unmapped: bool = False) -> None:
        super().__init__(reason)
        self.unmapped = unmapped


class Point(NamedTuple):
    """A number as delivered, placed in the company. `unit` is a path from the top."""

    id: str
    metric: str
    unit: str
    employee_id: int
    """0 where it is nobody's own."""
    at: datetime
    value: Decimal


_point = partial(tuple.__new__, Point)
"""The same in less time: there are millions of them."""


@dataclass(frozen=True, slots=True)
class Worker:
    id: int
    unit: str
    """The path of the unit his figures count for where none is said."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a point may refer to. `employee`: somebody by the number, letter case aside."""

    metrics: Mapping[str, MetricSpec]
    units: Units
    employee: Callable[[str], Worker | None]
    now: datetime
    zone: tzinfo


class PointReader:
    """Reads the points of one delivery: whom and what they name again and again is looked up once."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._latest = (known.now + AHEAD).astimezone(UTC)
        self._metrics: dict[str, str] = {}
        self._places: dict[tuple[str, str], tuple[str, int]] = {}
        self._seen: dict[tuple[Any, Any, Any], tuple[str, str, int]] = {}
        """What has been read from these very texts of metric, unit and employee."""

    def read(self, raw: Any) -> Point:
        """A point from what JSON or a table gave. Raises BadPoint. A moment without a zone is in company time.

        Nearly all are plain texts that name what others have named before.
        """
        try:
            place = self._seen[raw["metric"], raw.get("unit", ""), raw.get("employee", "")]
            point_id, value, at = raw["id"].strip(), raw["value"], datetime.fromisoformat(raw["at"])
            plain = 0 < len(point_id) <= _LONGEST_ID and point_id.isprintable() and _SIMPLE.fullmatch(value)
            if plain and at <= self._latest and at.year >= _EARLIEST:
                return _point((point_id, *place, at, Decimal(value)))
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            pass  # whatever is odd is looked at with care
        return self._read(raw)

    def _read(self, raw: Any) -> Point:
        if not isinstance(raw, Mapping):
            raise BadPoint("不是一个对象")
        point_id = _text(raw, "id")
        if not point_id:
            raise BadPoint("缺 id")
        if len(point_id) > _LONGEST_ID:
            raise BadPoint(f"id 最长 {_LONGEST_ID} 个字符")
        said = _text(raw, "metric")
        metric = self._metrics.get(said)
        if metric is None:
            metric = self._metrics[said] = _metric(said, self._known)
        value = _value(raw.get("value"))
        at = self._moment(raw.get("at"))
        names = (_text(raw, "unit"), _text(raw, "employee"))
        place = self._places.get(names)
        if place is None:
            place = self._places[names] = _place(*names, self._known)
        said_so = (raw.get("metric"), raw.get("unit", ""), raw.get("employee", ""))
        if all(isinstance(text, str) for text in said_so):
            self._seen[said_so] = (metric, *place)
        return Point(point_id, metric, *place, at, value)

    def _moment(self, raw: Any) -> datetime:
        try:
            at = datetime.fromisoformat(raw.strip()) if isinstance(raw, str) else None
        except ValueError:
            at = None
        if at is None:
            raise BadPoint(f"{_not_a('时间', 'at', raw)},要像 2026-11-23T18:02:00+08:00")
        try:
            at = at if at.tzinfo is not None else at.replace(tzinfo=self._known.zone)
            ahead = at > self._latest
        except OverflowError:
            raise BadPoint(f"at 不是时间:{_brief(str(raw))}") from None
        if ahead:
            raise BadPoint(f"at 在将来:{_brief(str(raw))}")
        if at.year < _EARLIEST:
            raise BadPoint(f"at 太早:{_brief(str(raw))}")
        return at


def read_point(raw: Any, known: Known) -> Point:
    """One point alone."""
    return PointReader(known).read(raw)


def numbers_of(raw: Iterable[Any]) -> set[str]:
    """The employee numbers that raw points name, in small letters, to look them up at once."""
    points = [one for one in raw if isinstance(one, dict)]
    try:
        said = {one.get("employee") for one in points}
    except TypeError:  # a list or an object: which is found wrong later
        said = {number for one in points if isinstance(number := one.get("employee"), str | int)}
    numbers = {str(one).strip().lower() for one in said if isinstance(one, str | int)}
    return {number for number in numbers if number and not _UNKEPT.search(number)}


def _metric(key: str, known: Known) -> str:
    if not key:
        raise BadPoint("缺 metric")
    spec = known.metrics.get(key)
    if spec is None:
        counted = [f"{one.key}({one.name})" for one in known.metrics.values() if one.kind != "ratio"]
        raise BadPoint(f"没有指标 {_brief(key)},有:{'、'.join(counted)}", unmapped=True)
    if spec.kind == "ratio":
        raise BadPoint(f"{key} 是算出来的,报 {spec.numerator} 和 {spec.denominator} 就行")
    return key


def _place(unit: str, number: str, known: Known) -> tuple[str, int]:
    worker = known.employee(number) if number else None
    if number and worker is None:
        raise BadPoint(f"没有工号 {_brief(number)}", unmapped=True)
    if not unit and worker is None:
        raise BadPoint("缺 unit(部门或门店)")
    path = _unit(unit, known) if unit else worker.unit if worker else ""
    return path, worker.id if worker else 0


def _unit(name: str, known: Known) -> str:
    found = known.units.find(name)
    if not found:
        raise BadPoint(f"没有部门或门店「{_brief(name)}」", unmapped=True)
    if len(found) > 1:
        raise BadPoint(f"有 {len(found)} 个「{_brief(name)}」,写全路径,比如 {found[0]}", unmapped=True)
    return found[0]


def _value(raw: Any) -> Decimal:
    text = raw.strip() if isinstance(raw, str) else _plain(raw)
    if _SIMPLE.fullmatch(text):
        return Decimal(text)
    if not _NUMBER.fullmatch(text):
        raise BadPoint(_not_a("数", "value", raw))
    value = Decimal(text)
    if abs(value) > LARGEST:
        raise BadPoint(f"value 太大:{_brief(text)},最大 100 亿")
    if value != round(value, PLACES):
        raise BadPoint(f"value 最多 {PLACES} 位小数:{_brief(text)}")
    return value


def _plain(raw: Any) -> str:
    return "" if raw is None or isinstance(raw, bool | dict | list) else str(raw).strip()


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadPoint(f"{name} 要是文字:{_brief(str(value))}")
    text = str(value).strip()
    if _UNKEPT.search(text):
        raise BadPoint(f"{name} 里有坏字符:{_brief(text)}")
    return text


def _not_a(what: str, name: str, raw: Any) -> str:
    if raw is None or raw == "":
        return f"缺 {name}"
    return f"{name} 不是{what}:{_brief(str(raw))}"


def _brief(text: str) -> str:
    """The beginning, as something that can be shown and kept."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_SHOWN])
    return shown if len(text) <= _SHOWN else f"{shown}…"
