"""A table as it was read: texts under their headings, every row with its line in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sheets.errors import BadTable, TooLong

MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_CELL = 32_767
"""Characters in one cell: Excel's own limit."""
MAX_CHARACTERS = 50_000_000
"""In all cells together: a small file may repeat one long text very often."""

_NAMED = 10
"""Lines with too many cells that are named."""
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


@dataclass(frozen=True, slots=True)
class Unrolled:
    """A table whose rows are read as they are asked for, once. Asking raises BadTable where one cannot be read."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def assemble(name: str, lines: Iterable[tuple[int, Sequence[str]]], *, surplus_is_wrong: bool) -> Table:
    """A whole table, as `unroll` reads it; of bounded length."""
    table = unroll(name, _bounded(name, lines), surplus_is_wrong=surplus_is_wrong)
    rows = tuple(islice(table.rows, MAX_ROWS))
    if next(table.rows, None) is not None:
        raise TooLong(f"{name} 超过 {MAX_ROWS} 行,请分成几个文件")
    return Table(table.header, rows)


def unroll(name: str, lines: Iterable[tuple[int, Sequence[str]]], *, surplus_is_wrong: bool) -> Unrolled:
    """Headings and rows from numbered lines of cells; blank lines do not count, nor does a title above the headings.

    `surplus_is_wrong`: a filled cell to the right of the last heading is an error and not a note in the margin
    (in a CSV it is an unquoted comma, and every cell after it stands under the wrong heading).
    """
    filled = ((line, cells) for line, raw in lines if (cells := _tidy(name, line, raw)))
    first = next(filled, None)
    if first is None:
        raise BadTable(f"{name} 是空的,第一行应当是表头")
    second = next(filled, None)
    if second is not None and len(first[1]) == 1 and len(second[1]) > 1:
        first, second = second, next(filled, None)  # one text alone, often in merged cells, was a title
    header = _header(name, *first)
    below = filled if second is None else chain([second], filled)
    return Unrolled(
        tuple(heading for heading in header if heading), _rows(name, header, below, surplus_is_wrong)
    )


def _rows(
    name: str, header: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]], surplus_is_wrong: bool
) -> Iterator[Row]:
    surplus: list[tuple[int, int]] = []
    count = 0
    for line, cells in lines:
        if not surplus_is_wrong or len(cells) <= len(header):
            yield Row(line, _under(header, cells))
            continue
        count += 1
        if count <= 1 + _NAMED:  # a table may have any length, and all of its lines may be like this
            surplus.append((line, len(cells)))
    if surplus:
        raise BadTable(_said_of(name, surplus, count - 1, len(header)))


def _said_of(name: str, surplus: Sequence[tuple[int, int]], others: int, width: int) -> str:
    """`surplus`: the first one, with how many cells it has, and some of the `others`."""
    (first, cells), *some = surplus
    begins = f"{name} 第 {first} 行有 {cells} 格,表头只有 {width} 格:内容里的分隔符要用引号括起来"
    if not some:
        return begins
    named = "、".join(str(line) for line, _ in some)
    more = f"等 {others} 行" if others > len(some) else " 行"
    return f"{begins}。第 {named}{more}也是"


def _bounded(name: str, lines: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines, as long as there is no more text in them than is held at once."""
    characters = 0
    for line, cells in lines:
        characters += sum(map(len, cells))
        if characters > MAX_CHARACTERS:
            raise TooLong(f"{name} 里的文字太多了,请分成几个文件")
        yield line, cells


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
