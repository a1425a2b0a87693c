"""A table of business data: one number a row, by its metric, its place, its person and its moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sheets.errors import BadTable
from sheets.staff_cells import WrongCell, day
from sheets.table import Row, Table

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "单号"),
    "metric": ("metric", "指标", "数据"),
    "unit": ("unit", "门店", "部门", "单位"),
    "employee": ("employee", "工号", "员工"),
    "at": ("at", "时间", "日期"),
    "value": ("value", "数值", "值"),
}
_NEEDED = ("metric", "at", "value")


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A row as a raw point (`okr.points.read_point`), with its line in the file. `same_as`: the line that says the same figure."""

    line: int
    raw: Mapping[str, str]
    same_as: int = 0


def read_metrics(table: Table, names: Mapping[str, str]) -> list[MetricLine]:
    """The rows as raw points. `names`: metrics by what people call them. Raises BadTable where a column is missing.

    A row without an id is known by what it speaks of, so that a second import of the same day corrects the first.
    """
    columns = {
        field: heading
        for field, spellings in _HEADINGS.items()
        for heading in table.header
        if heading.lower() in spellings
    }
    missing = [_HEADINGS[field][1] for field in _NEEDED if field not in columns]
    if missing:
        raise BadTable(f"缺列:{'、'.join(missing)}。要有:指标、门店(或部门)、时间、数值;工号和编号可以不写")
    first: dict[str, int] = {}
    lines: list[MetricLine] = []
    for row in table.rows:
        raw = _raw(row, columns, names)
        said = raw["id"] or "|".join(raw[field] for field in ("metric", "unit", "employee", "at"))
        raw["id"] = said
        lines.append(MetricLine(row.line, raw, first.get(said, 0)))
        first.setdefault(said, row.line)
    return lines


def _raw(row: Row, columns: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    raw = {field: row.cells[columns[field]] if field in columns else "" for field in _HEADINGS}
    raw["metric"] = names.get(raw["metric"], raw["metric"])
    raw["value"] = raw["value"].replace(",", "").replace("，", "")
    raw["at"] = _moment(raw["at"])
    return raw


def _moment(text: str) -> str:
    """A day as spreadsheets write it, in the form that points have; a moment stays as it is."""
    try:
        found = day(text)
    except WrongCell:
        return text.replace("/", "-")
    return found.isoformat() if found else text
