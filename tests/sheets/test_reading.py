"""Files that are no tables, or not ones that can be read, are refused in words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sheets.errors import BadTable
from sheets.reading import MAX_BYTES, read_table

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def archive(*parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for part in parts:
            made.writestr(zipfile.ZipInfo(part), "x")  # without the hour: the bytes name the test
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (COMPOUND + "Workbook".encode("utf-16-le"), "旧版 Excel"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不是能读的表格"),
        (b"%PDF-1.7\n\x00\x01\x02", "不是能读的表格"),
        (b"\xff\xff\xff\xff", "不是能读的表格"),
        ("工号,姓名".encode("utf-16-le"), "不是能读的表格"),
        (b"\xef\xbb\xbf\n<html><table><tr><td>1", "网页格式"),
        (b'<?xml version="1.0"?><Workbook>', "网页格式"),
        (archive("word/document.xml", "[Content_Types].xml"), "不是能读的表格"),
        (archive("mimetype", "content.xml"), "ODS"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "XLSB"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "已损坏"),
        (archive("xl/workbook.xml")[:40], "已损坏"),
        (b"a" * (MAX_BYTES + 1), "超过 20 MB"),
    ],
)
def test_refused(content: bytes, reason: str) -> None:
    with pytest.raises(BadTable, match=reason) as told:
        read_table(content, "人员.xlsx")
    assert str(told.value).startswith("人员.xlsx ")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="读不了"):
        read_table(tmp_path / "nowhere.csv", "nowhere.csv")


def test_the_content_counts_and_not_the_name() -> None:
    assert read_table("工号\nE1\n".encode(), "人员.xlsx").rows[0].cells == {"工号": "E1"}
