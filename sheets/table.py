"""A table as it was read: texts under their headings, every row with its line in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sheets.errors import BadTable

MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_CELL = 32_767
"""Characters in one cell: Excel's own limit."""
MAX_CHARACTERS = 50_000_000
"""In all cells together: a small file may repeat one long text very often."""

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts from 1 as a person sees it: the row's first line in a CSV, the row's number in a sheet.

    `cells` has every heading, with an empty text where nothing stands.
    """

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """`header` in the file's order, without columns that have no heading."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def assemble(name: str, lines: Iterable[tuple[int, Sequence[str]]], *, surplus_is_wrong: bool) -> Table:
    """Headings and rows from numbered lines of cells; blank lines do not count, nor does a title above the headings.

    `surplus_is_wrong`: a filled cell to the right of the last heading is an error and not a note in the margin
    (in a CSV it is an unquoted comma, and every cell after it stands under the wrong heading).
    """
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    characters = 0
    for line, raw in lines:
        cells = _tidy(name, line, raw)
        if not cells:
            continue
        characters += sum(map(len, cells))
        if characters > MAX_CHARACTERS:
            raise BadTable(f"{name} 里的文字太多了,请分成几个文件")
        if header is None or (_is_title(header, rows) and len(cells) > 1):
            header = _header(name, line, cells)
            continue
        if surplus_is_wrong and len(cells) > len(header):
            raise BadTable(
                f"{name} 第 {line} 行有 {len(cells)} 格,表头只有 {len(header)} 格:内容里的分隔符要用引号括起来"
            )
        if len(rows) == MAX_ROWS:
            raise BadTable(f"{name} 超过 {MAX_ROWS} 行,请分成几个文件")
        rows.append(Row(line, _under(header, cells)))
    if header is None:
        raise BadTable(f"{name} 是空的,第一行应当是表头")
    return Table(tuple(heading for heading in header if heading), tuple(rows))


def _is_title(header: Sequence[str], rows: Sequence[Row]) -> bool:
    """One text alone, often in merged cells, and a wider line right below it."""
    return len(header) == 1 and not rows


def _tidy(name: str, line: int, raw: Sequence[str]) -> list[str]:
    """The cells without spaces around them and without empty ones at the end; blank lines become empty."""
    if any(len(cell) > MAX_CELL for cell in raw):
        raise BadTable(f"{name} 第 {line} 行有一格超过 {MAX_CELL} 个字")
    cells = [_stripped(cell) for cell in raw]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise BadTable(f"{name} 第 {line} 行超过 {MAX_COLUMNS} 列")
    return cells


def _stripped(cell: str) -> str:
    """Spaces, and what chat programs and web pages leave invisibly at the ends of a copied text."""
    return cell.strip().strip(_INVISIBLE).strip()


def _header(name: str, line: int, cells: Sequence[str]) -> tuple[str, ...]:
    header = tuple(" ".join(cell.split()) for cell in cells)
    for heading in header:
        if heading and header.count(heading) > 1:
            raise BadTable(f"{name} 第 {line} 行的表头里有两列都叫「{heading}」")
    return header


def _under(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return {heading: cell for heading, cell in zip(header, padded, strict=False) if heading}
