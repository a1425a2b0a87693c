"""CSV as Excel, WPS, exports of other systems and hands write it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from sheets.errors import BadTable

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NEVER_IN_A_TABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
"""`="0012"`: how exports keep Excel from eating leading zeros."""

GUARDED = re.compile(r"'+(?=[=+\-@＝＋－＠\t\r])")
"""The apostrophe that `sheets.writing` puts before a text that would be a formula."""


def lines(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with its first line's number. Raises BadTable where a quotation mark is not closed."""
    text = decoded(name, content)
    # strict: an unclosed quotation mark would otherwise swallow the rest of the file in silence
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadTable(f"{name} 第 {line} 行的引号没有配对,或者有一格太长") from None
        yield line, [_plain(cell) for cell in record]


def decoded(name: str, content: bytes) -> str:
    """UTF-8, UTF-16 by its mark, else GB18030 (which Excel in China writes and which contains GBK)."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NEVER_IN_A_TABLE.search(text):
            return text
    raise BadTable(f"{name} 不是能读的表格:请用 CSV(UTF-8 或 GBK)或 XLSX")


def _delimiter(text: str) -> str:
    """The one that stands most often in the header, outside quotation marks; a comma where there is none."""
    header = next((line for line in _QUOTED.sub("", text[:65_536]).splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _plain(cell: str) -> str:
    text = cell.strip(" \u3000")
    if formula := _TEXT_FORMULA.fullmatch(text):
        return formula[1].replace('""', '"')
    return text[1:] if GUARDED.match(text) else text
