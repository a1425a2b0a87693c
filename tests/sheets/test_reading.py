"""Files that are no tables, or not ones that can be read, are refused in words."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from sheets.errors import BadTable, TooLong
from sheets.reading import MAX_BYTES, read_table, unrolled
from sheets.table import MAX_ROWS
from sheets.writing import write_table

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


def test_a_long_text_is_read_row_by_row_in_the_memory_of_one(tmp_path: Path) -> None:
    count = MAX_ROWS + 1
    file = tmp_path / "长.csv"
    file.write_text(
        "单号,金额,备注\n" + "".join(f"{n},{n % 97},{'x' * 60}\n" for n in range(count)), encoding="gb18030"
    )

    tracemalloc.start()
    with unrolled(file, file.name) as table:
        total = sum(int(row.cells["金额"]) for row in table.rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert table.header == ("单号", "金额", "备注")
    assert total == sum(n % 97 for n in range(count))
    assert most < 6_000_000  # the whole would be seven, its rows fifty


def test_what_is_wrong_far_down_is_said_when_it_is_reached(tmp_path: Path) -> None:
    file = tmp_path / "长.csv"
    file.write_text("单号,金额\n1,2\n3,4,5\n", encoding="utf-8")

    with unrolled(file, file.name) as table:
        assert next(table.rows).cells == {"单号": "1", "金额": "2"}
        with pytest.raises(BadTable, match="第 3 行有 3 格"):
            next(table.rows)


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "长.csv"
    file.write_text("单号\n1\n" + "1," * 600_000, encoding="utf-8")

    with (
        unrolled(file, file.name) as table,
        pytest.raises(BadTable, match="第 3 行太长了"),
    ):
        list(table.rows)


def test_a_long_workbook_is_to_be_cut_or_saved_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheets.reading.MAX_ROWS", 2)
    file = tmp_path / "长.xlsx"
    write_table(file, ("单号",), [(1,), (2,), (3,)])

    with unrolled(file, file.name) as table, pytest.raises(TooLong, match=r"超过 2 行.*另存为 CSV"):
        list(table.rows)
