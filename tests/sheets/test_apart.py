"""A table read in a process of its own is the same table."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sheets.apart import heard
from sheets.errors import BadTable
from sheets.reading import read_table

CSV = '日期,门店,销售额\n2026-09-01,西湖店,"1,280"\n'


def apart(content: bytes, name: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "sheets.apart", "read", name], input=content, capture_output=True, check=True
    )
    return done.stdout


def test_the_same_table() -> None:
    assert heard(apart(CSV.encode("gbk"), "数.csv")) == read_table(CSV.encode(), "数.csv")


def test_the_same_reason() -> None:
    with pytest.raises(BadTable, match=r"数\.xlsx 打不开"):
        heard(apart(b"PK\x03\x04 broken", "数.xlsx"))


def test_nothing_at_all_is_no_table() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        heard(b"")
