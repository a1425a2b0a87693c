"""XLSX: the values of its first sheet that has any."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZipFile

from sheets.errors import BadTable, TooLong
from sheets.spelling import shown, spelled

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MAX_UNPACKED = 200_000_000
"""Bytes of all parts together: a small archive may unpack to any size."""
MAX_PARTS = 2_000
MAX_CELLS = 5_000_000
LAST_LINE = 1_048_576
"""Excel's own limit; a row that claims to stand further down would be reached through as many empty ones."""


def lines(name: str, file: BinaryIO) -> Generator[tuple[int, list[str]], None, None]:
    """The rows of the first visible sheet with anything in it, each with its number, formulas as their values."""
    _inspect(name, file)
    with warnings.catch_warnings():
        # openpyxl warns about every decoration it leaves out: validations, slicers, missing default styles
        warnings.simplefilter("ignore")
        yield from _first_filled(name, file)


def _inspect(name: str, file: BinaryIO) -> None:
    """Look at the archive's directory before anything is unpacked. zipfile reads no part past its declared size."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadTable(f"{name} 打不开:文件不完整或已损坏") from None
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise BadTable(f"{name} 是 XLSB 格式,请另存为 .xlsx 再试")
    if "content.xml" in names:
        raise BadTable(f"{name} 是 ODS 格式,请另存为 .xlsx 再试")
    if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
        raise BadTable(f"{name} 不是能读的表格:请用 CSV(UTF-8 或 GBK)或 XLSX")
    if any(part.flag_bits & 1 for part in parts):
        raise BadTable(f"{name} 加了密码,请去掉密码再试")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TooLong(f"{name} 展开以后太大了,请分成几个文件")


def _first_filled(name: str, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # slow to import, and most commands never read a workbook

    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        with closing(workbook):
            sheets = sorted(workbook.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
            for sheet in sheets:
                rows = _filled(name, sheet)
                first = next(rows, None)
                if first is not None:
                    yield first
                    yield from rows
                    return
    except BadTable:
        raise
    except Exception:  # noqa: BLE001  # whatever a broken file makes the parsers raise, it is the file's fault
        raise BadTable(f"{name} 打不开:文件不完整或已损坏") from None


def _filled(name: str, sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    """The rows with anything in them."""
    sheet.reset_dimensions()  # what a sheet says about its own size is not to be trusted
    cells = 0
    rows = sheet.iter_rows()  # type: ignore[misc]  # the stubs take it for an unbound method
    for line, found in enumerate(rows, start=1):
        cells += len(found)
        if line > LAST_LINE or cells > MAX_CELLS:
            raise TooLong(f"{name} 的工作表太大了,请分成几个文件")
        row = [_shown(cell) for cell in found]
        if any(row):
            yield line, row


def _shown(cell: Cell | MergedCell) -> str:
    value = cell.value
    return shown(value, cell.number_format) if isinstance(value, int | float) else spelled(value)
