"""A table of business data, by metric, place, person and moment: one number a row, or a column for each metric."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sheets.errors import BadTable
from sheets.goal_cells import amount
from sheets.staff_cells import WrongCell, day
from sheets.table import Row, Table, Unrolled

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "单号"),
    "metric": ("metric", "指标", "数据"),
    "unit": ("unit", "门店", "部门", "单位"),
    "employee": ("employee", "工号", "员工"),
    "at": ("at", "时间", "日期"),
    "value": ("value", "数值", "值"),
}
_CALLED = {
    "id": "编号",
    "metric": "指标",
    "unit": "门店或部门",
    "employee": "工号",
    "at": "时间",
    "value": "数值",
}
"""What a reason of `okr.points` calls them, and what they are called in a table."""
_FIELD = re.compile(rf"(缺 )?\b({'|'.join(_CALLED)})\b ?(?:\(部门或门店\))?")
_NEEDED = ("metric", "at", "value")


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A number as a raw point (`okr.points.read_point`), with its line and column in the file.

    `same_as`: the line that says the same figure.
    """

    line: int
    raw: Mapping[str, str]
    same_as: int = 0
    column: str = ""


def read_metrics(table: Table, names: Mapping[str, str]) -> list[MetricLine]:
    """All of `metric_lines`, with those that say what another line has said."""
    first: dict[str, int] = {}
    lines: list[MetricLine] = []
    for one in metric_lines(table, names):
        said = one.raw["id"]
        lines.append(replace(one, same_as=first.get(said, 0)))
        first.setdefault(said, one.line)
    return lines


def metric_lines(table: Table | Unrolled, names: Mapping[str, str]) -> Iterator[MetricLine]:
    """The rows as raw points, as they are asked for. `names`: metrics by what people call them. Raises BadTable where a
    column is missing.

    A row without an id is known by what it speaks of, so that a second import of the same day corrects the first.
    """
    columns = columns_of(table.header)
    wide = {
        heading: key
        for heading in table.header
        if (key := _metric_of(heading, names)) and heading not in columns.values()
    }
    if wide and "metric" not in columns and "value" not in columns and "at" in columns:
        return _known_by_id(_melted(table.rows, columns, wide))
    missing = [_HEADINGS[field][1] for field in _NEEDED if field not in columns]
    if missing:
        raise BadTable(
            f"缺列:{'、'.join(missing)}。要有:指标、门店(或部门)、时间、数值;工号和编号可以不写。"
            "也可以一个指标一列:日期、门店、销售额、客流量"
        )
    return _known_by_id((row.line, columns["value"], _raw(row, columns, names)) for row in table.rows)


def in_words_of_a_table(reason: str) -> str:
    """Why a raw point cannot be taken, to somebody who sees columns and days, and no JSON."""
    said = _FIELD.match(reason)
    if said is None:
        return reason
    begins = f"{'没有写' if said[1] else ''}{_CALLED[said[2]]}"
    told = begins + reason[said.end() :]
    return told.replace("时间不是时间", "时间不对").replace(
        "2026-11-23T18:02:00+08:00", "2026-11-23 或 2026-11-23 18:02"
    )


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """The file's own headings by what they mean."""
    return {
        field: heading
        for field, spellings in _HEADINGS.items()
        for heading in header
        if heading.lower() in spellings
    }


def metric_columns(header: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Headings that are the name or the key of a metric."""
    return [heading for heading in header if _metric_of(heading, names)]


def _metric_of(heading: str, names: Mapping[str, str]) -> str:
    """`销售额`, `销售额(元)` or `sales`."""
    plain = heading.partition("(")[0].partition("（")[0].strip()
    return names.get(plain, plain if plain in names.values() else "")


def _melted(
    rows: Iterable[Row], columns: Mapping[str, str], wide: Mapping[str, str]
) -> Iterator[tuple[int, str, dict[str, str]]]:
    """A number for each filled cell; an empty one says nothing."""
    for row in rows:
        for heading, key in wide.items():
            if row.cells[heading]:
                cells = {**row.cells, "": key}
                yield (
                    row.line,
                    heading,
                    _raw(Row(row.line, cells), {**columns, "metric": "", "value": heading}, {}),
                )


def _known_by_id(found: Iterable[tuple[int, str, dict[str, str]]]) -> Iterator[MetricLine]:
    for line, column, raw in found:
        raw["id"] = raw["id"] or "|".join(raw[field] for field in ("metric", "unit", "employee", "at"))
        yield MetricLine(line, raw, column=column)


def _raw(row: Row, columns: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    raw = {field: row.cells[columns[field]] if field in columns else "" for field in _HEADINGS}
    raw["metric"] = names.get(raw["metric"], raw["metric"])
    raw["value"] = _number(raw["value"])
    raw["at"] = _moment(raw["at"])
    return raw


def _number(text: str) -> str:
    """`1,050.5` and `1.5万` as digits; what is no number stays as it is, and is named as such."""
    try:
        found = amount(text)
    except WrongCell:
        return text
    return "" if found is None else f"{found:f}"


def _moment(text: str) -> str:
    """A day as spreadsheets write it, in the form that points have; a moment stays as it is."""
    if "T" in text:
        return text
    try:
        found = day(text)
    except WrongCell:
        return text.replace("/", "-")
    return found.isoformat() if found else text
