"""CSV as Excel, WPS, exports of other systems and hands write it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO, TextIO

from sheets.errors import BadTable

_DELIMITERS = ",;\t"
_HEAD = 65_536
"""Characters in which the header is looked for."""
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NEVER_IN_A_TABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
"""`="0012"`: how exports keep Excel from eating leading zeros."""

GUARDED = re.compile(r"'+(?=[=+\-@＝＋－＠\t\r])")
"""The apostrophe that `sheets.writing` puts before a text that would be a formula."""


LONGEST = 1_000_000
"""Characters of one line."""
_PIECE = 1 << 20
"""Bytes that are decoded at a time."""
_MARK = 2
"""Bytes of UTF-16's mark."""


def lines(name: str, file: BinaryIO) -> Generator[tuple[int, list[str]], None, None]:
    """Each record with its first line's number. Raises BadTable where a quotation mark is not closed.

    The file is read as the records are asked for, after it has been read once to know its encoding.
    """
    encoding = _encoding(name, file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        delimiter = _delimiter(text.read(_HEAD))
        text.seek(0)
        yield from _records(name, text, delimiter)
    finally:
        text.detach()  # the file is its owner's


def _records(name: str, text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # strict: an unclosed quotation mark would otherwise swallow the rest of the file in silence
    reader = csv.reader(_bounded(name, text), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadTable(f"{name} 第 {line} 行的引号没有配对,或者有一格太长") from None
        yield line, [_plain(cell) for cell in record]


def _bounded(name: str, text: TextIO) -> Iterator[str]:
    """The lines of a text, none of which may fill the memory."""
    number = 0
    while line := text.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise BadTable(f"{name} 第 {number} 行太长了,像是少了换行")
        yield line


def _encoding(name: str, file: BinaryIO) -> str:
    """UTF-8, UTF-16 by its mark, else GB18030 (which Excel in China writes and which contains GBK). Raises BadTable."""
    file.seek(0)
    wide = file.read(_MARK) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        if _reads(file, encoding):
            return encoding
    raise BadTable(f"{name} 不是能读的表格:请用 CSV(UTF-8 或 GBK)或 XLSX")


def _reads(file: BinaryIO, encoding: str) -> bool:
    """Whether the whole file is text in this encoding."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(_PIECE):
            if _NEVER_IN_A_TABLE.search(decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """The one that stands most often in the header, outside quotation marks; a comma where there is none."""
    header = next((line for line in _QUOTED.sub("", text).splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _plain(cell: str) -> str:
    text = cell.strip(" \u3000")
    if text[:1] == "=" and (formula := _TEXT_FORMULA.fullmatch(text)):
        return formula[1].replace('""', '"')
    return text[1:] if text[:1] == "'" and GUARDED.match(text) else text
