"""A file in, a table out: CSV or XLSX, told apart by what is in it and not by its name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from sheets import delimited, workbook
from sheets.errors import BadTable, TooLong
from sheets.table import MAX_ROWS, Row, Table, Unrolled, assemble, unroll

MAX_BYTES = 20_000_000
"""Of a file that is read whole."""
_HEAD = 4096

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files, and the envelope of encrypted new ones."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = (b"<!doctype", b"<html", b"<table", b"<?xml")


def read_table(source: Path | bytes, name: str) -> Table:
    """The table in a file or in its bytes; `name` is what the person calls it. Raises BadTable."""
    with _opened(source, name) as file:
        if file.seek(0, io.SEEK_END) > MAX_BYTES:
            raise TooLong(f"{name} 超过 {MAX_BYTES // 1_000_000} MB,请分成几个文件")
        with _lines(file, name) as (lines, is_text):
            return assemble(name, lines, surplus_is_wrong=is_text)


@contextmanager
def unrolled(path: Path, name: str) -> Iterator[Unrolled]:
    """A table to be read row by row while it is open: a CSV may have any length and needs no more memory for it, a
    workbook, of which the reader holds a part, as many rows as a table that is read whole.

    Raises BadTable, at the beginning or in the midst of it.
    """
    with _opened(path, name) as file, _lines(file, name) as (lines, is_text):
        table = unroll(name, lines, surplus_is_wrong=is_text)
        yield table if is_text else Unrolled(table.header, _not_too_many(name, table.rows))


def _not_too_many(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == MAX_ROWS:
            raise TooLong(f"{name} 超过 {MAX_ROWS} 行:请分成几个文件,或者另存为 CSV,CSV 多长都行")
        yield row


def _opened(source: Path | bytes, name: str) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise BadTable(f"{name} 读不了:{error.strerror}") from None


@contextmanager
def _lines(file: BinaryIO, name: str) -> Iterator[tuple[Iterator[tuple[int, list[str]]], bool]]:
    """Its numbered lines, and whether it is plain text. Raises BadTable."""
    file.seek(0)
    head = file.read(_HEAD)
    is_text = not head.startswith(_ZIP)
    if is_text:
        _refuse_what_only_looks_like_a_table(name, head, file)
    with closing(delimited.lines(name, file) if is_text else workbook.lines(name, file)) as lines:
        yield lines, is_text


def _refuse_what_only_looks_like_a_table(name: str, head: bytes, rest: BinaryIO) -> None:
    if head.startswith(_COMPOUND):
        if _ENCRYPTED in head + rest.read(MAX_BYTES):
            raise BadTable(f"{name} 加了密码,请去掉密码再试")
        raise BadTable(f"{name} 是旧版 Excel(.xls)格式,请另存为 .xlsx 再试")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower().startswith(_WEB_PAGE):
        raise BadTable(f"{name} 其实是网页格式,请用 Excel 或 WPS 打开,另存为 .xlsx 再试")
