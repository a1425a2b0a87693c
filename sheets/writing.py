"""Tables out: CSV or XLSX by the file's ending, the whole file or none of it."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from sheets.delimited import GUARDED
from sheets.errors import BadTable
from sheets.spelling import Cell, Percent, spelled

if TYPE_CHECKING:
    from openpyxl.cell import Cell as OpenpyxlCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r]")
"""What Excel, WPS or LibreOffice may take for a formula when it opens a CSV (full-width forms as well)."""
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

MEASURED = 500
"""Rows that the width of a column goes by."""
NARROW, WIDE = 6, 48

Sheet: TypeAlias = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""Its title, headings and rows."""

_Writer = Callable[[IO[bytes], Sequence[str], Iterable[Sequence[Cell]]], None]


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write `path` anew; a file that stands there stays as it is until the new one is complete.

    The file is readable by its owner only, since exports are about people. Raises BadTable for an ending that
    is neither .csv nor .xlsx and where the disk refuses.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadTable(f"{path.name}:只能写成 .csv 或 .xlsx")
    try:
        _replace(path, lambda file: write(file, header, rows))
    except OSError as error:
        raise BadTable(f"{path} 写不了:{error.strerror}") from None


def _replace(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _write_csv(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """UTF-8 with its mark, without which Excel reads Chinese as GBK."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([_guarded(heading) for heading in header])
    writer.writerows(
        [_guarded(cell) if isinstance(cell, str) else spelled(cell) for cell in row] for row in rows
    )
    text.detach()


def _guarded(text: str) -> str:
    """An apostrophe before what a spreadsheet would run as a formula; `sheets.reading` takes it off again."""
    return f"'{text}" if _FORMULA.match(text) or GUARDED.match(text) else text


def rendered(ending: str, sheets: Sequence[Sheet]) -> bytes:
    """The whole file: of a CSV the first sheet, since there is room for one."""
    if ending == ".xlsx":
        return workbook(sheets)
    file = io.BytesIO()
    _, header, rows = sheets[0]
    _write_csv(file, header, rows)
    return file.getvalue()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX with several sheets: title, header and rows of each."""
    from openpyxl import Workbook  # slow to import

    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        _fill(book.create_sheet(title), header, [list(row) for row in rows])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_xlsx(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    from openpyxl import Workbook  # slow to import

    table = [list(row) for row in rows]  # a sheet that is left half-written complains when it is forgotten
    workbook = Workbook(write_only=True)
    _fill(workbook.create_sheet(), header, table)
    workbook.save(file)


def _fill(sheet: WriteOnlyWorksheet, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Headings that stay in sight, and columns as wide as what stands in them."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for number, heading in enumerate(header, 1):
        texts = [heading, *(spelled(row[number - 1]) for row in rows[:MEASURED] if number <= len(row))]
        wide = max(map(_width, texts))
        column = sheet.column_dimensions[get_column_letter(number)]  # type: ignore[attr-defined]  # the stubs forget it
        column.width = min(max(wide, NARROW), WIDE) + 2
    top = [_xlsx_cell(sheet, heading) for heading in header]
    for cell in top:
        cell.font = Font(bold=True)
    sheet.append(top)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])


def _width(text: str) -> int:
    """Characters as wide as a Latin one: a Chinese one is two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _xlsx_cell(sheet: WriteOnlyWorksheet, value: Cell) -> OpenpyxlCell:
    """A text stays a text whatever it begins with, also after somebody has edited the cell (quotePrefix)."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    if isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Percent):
        cell.value = value.share
        cell.number_format = "0%"
    elif isinstance(value, str):
        cell.value = _NOT_IN_XML.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(value))
    else:
        cell.value = value
    return cell


_WRITERS: dict[str, _Writer] = {".csv": _write_csv, ".xlsx": _write_xlsx}
