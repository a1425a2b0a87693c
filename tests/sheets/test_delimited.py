"""CSV files as they come: encodings, delimiters, quotation marks, line numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sheets.errors import BadTable
from sheets.reading import read_table
from sheets.table import Row

TEXT = "工号,姓名\r\nE0001,陈总\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_reads_what_excel_and_others_write(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "人员.csv"
    file.write_bytes(TEXT.encode(encoding))
    table = read_table(file, file.name)
    assert table.header == ("工号", "姓名")
    assert table.rows == (Row(2, {"工号": "E0001", "姓名": "陈总"}),)


def test_a_character_beyond_gbk_survives() -> None:
    assert read_table("姓名\n𠮷田\n".encode("gb18030"), "a.csv").rows[0].cells == {"姓名": "𠮷田"}


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b\n1;2,3\n", {"a": "1;2", "b": "3"}),
        ("a;b\n1,5;3\n", {"a": "1,5", "b": "3"}),
        ("a\tb\n1,2\t3;4\n", {"a": "1,2", "b": "3;4"}),
        ('"a;b;c",d\n1,2\n', {"a;b;c": "1", "d": "2"}),
        ("a\n1\n", {"a": "1"}),
        ("员工花名册,,\na,b\n1,2\n", {"a": "1", "b": "2"}),
        ("a,b\n1\n", {"a": "1", "b": ""}),
        ("a,b\n1,2,,\n", {"a": "1", "b": "2"}),
        ("a,,b\n1,x,2\n", {"a": "1", "b": "2"}),
        (" a ,b\n 1 ,\u30002\u200b\n", {"a": "1", "b": "2"}),
        ('a,b\n="0012",2\n', {"a": "0012", "b": "2"}),
        ("a,b\n'=1+1,'x\n", {"a": "=1+1", "b": "'x"}),
        ('a,b\n"say ""hi""",2\n', {"a": 'say "hi"', "b": "2"}),
    ],
)
def test_cells(text: str, cells: dict[str, str]) -> None:
    assert read_table(text.encode(), "a.csv").rows[0].cells == cells


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_a_person_sees_them(end: str) -> None:
    text = end.join(["", "a,b", "1,2", "", " , ", '"3', 'and 4",5', "6,7"])
    assert [row.line for row in read_table(text.encode(), "a.csv").rows] == [3, 6, 8]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "是空的"),
        ("\n , \n", "是空的"),
        ("a,b,a\n1,2,3\n", "两列都叫「a」"),
        ("a,b\n1,2\n1,2,3\n", "第 3 行有 3 格,表头只有 2 格"),
        ("a,b\n" + "1,2,3\n" * 11, "。第 3、4、5、6、7、8、9、10、11、12 行也是"),
        ("a,b\n" + "1,2,3\n" * 13, "。第 3、4、5、6、7、8、9、10、11、12等 12 行也是"),
        ('a,b\n1,2\n"3,4\n5,6\n', "第 3 行的引号没有配对"),
        ("a\n" + "x" * 32_768, "第 2 行有一格超过 32767 个字"),
        ("a\n" + "x" * 200_000, "第 2 行的引号没有配对,或者有一格太长"),
        ("a," * 1_001 + "b", "超过 1000 列"),
        ("a\n" + "1\n" * 100_001, "超过 100000 行"),
    ],
)
def test_what_is_wrong_is_said(text: str, reason: str) -> None:
    with pytest.raises(BadTable, match=reason) as told:
        read_table(text.encode(), "人员.csv")
    assert "人员.csv" in str(told.value)


def test_as_many_rows_as_allowed_are_read() -> None:
    assert len(read_table(b"a\n" + b"1\n" * 100_000, "a.csv").rows) == 100_000
