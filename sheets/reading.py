"""A file in, a table out: CSV or XLSX, told apart by what is in it and not by its name."""

from __future__ import annotations

from pathlib import Path

from sheets import delimited, workbook
from sheets.errors import BadTable
from sheets.table import Table, assemble

MAX_BYTES = 20_000_000

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files, and the envelope of encrypted new ones."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = (b"<!doctype", b"<html", b"<table", b"<?xml")


def read_table(source: Path | bytes, name: str) -> Table:
    """The table in a file or in its bytes; `name` is what the person calls it. Raises BadTable."""
    content = _content(source, name)
    if content.startswith(_ZIP):
        return assemble(name, workbook.lines(name, content), surplus_is_wrong=False)
    _refuse_what_only_looks_like_a_table(name, content)
    return assemble(name, delimited.lines(name, content), surplus_is_wrong=True)


def _content(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            with source.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise BadTable(f"{name} 读不了:{error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise BadTable(f"{name} 超过 {MAX_BYTES // 1_000_000} MB,请分成几个文件")
    return content


def _refuse_what_only_looks_like_a_table(name: str, content: bytes) -> None:
    if content.startswith(_COMPOUND):
        if _ENCRYPTED in content:
            raise BadTable(f"{name} 加了密码,请去掉密码再试")
        raise BadTable(f"{name} 是旧版 Excel(.xls)格式,请另存为 .xlsx 再试")
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower().startswith(_WEB_PAGE):
        raise BadTable(f"{name} 其实是网页格式,请用 Excel 或 WPS 打开,另存为 .xlsx 再试")
