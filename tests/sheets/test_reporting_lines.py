"""Managers who cannot be."""

from __future__ import annotations

import pytest

from sheets.reporting_lines import ReportingLine, broken


def told(*pairs: str, known: str = "") -> list[tuple[int, str]]:
    """Each pair `AB` is a row, from line 2 on: A reports to B."""
    lines = [ReportingLine(line, pair[0], pair[1:]) for line, pair in enumerate(pairs, start=2)]
    return sorted(broken(lines, set(known)))


@pytest.mark.parametrize(
    ("pairs", "known"), [((), ""), (("A", "BA", "CB"), ""), (("CB", "BA", "A"), ""), (("AX", "BA"), "X")]
)
def test_sound(pairs: tuple[str, ...], known: str) -> None:
    assert told(*pairs, known=known) == []


def test_unknown() -> None:
    assert told("AX", "BY", known="Y") == [(2, "X 既不在文件里,也不在已有人员里")]


def test_oneself() -> None:
    assert told("AA", "BA") == [(2, "上级是自己")]


@pytest.mark.parametrize("pairs", [("AB", "BC", "CA"), ("DA", "AB", "BC", "CA"), ("CA", "BC", "AB", "DB")])
def test_a_loop_is_told_once_from_its_topmost_line(pairs: tuple[str, ...]) -> None:
    ((line, reason),) = told(*pairs)
    assert pairs[line - 2][0] in "ABC"
    assert all(pair[0] not in "ABC" for pair in pairs[: line - 2])
    for place, pair in enumerate(pairs, start=2):
        assert (f"{pair[0]}(第 {place} 行)" in reason) == (pair[0] in "ABC")


def test_two_loops_are_two() -> None:
    assert told("AB", "BA", "CD", "DC") == [
        (2, "上级绕成了圈:A(第 2 行) → B(第 3 行) → A"),
        (4, "上级绕成了圈:C(第 4 行) → D(第 5 行) → C"),
    ]


def test_a_long_chain_takes_no_long_time() -> None:
    size = 50_000
    lines = [ReportingLine(line, str(line), str(line + 1)) for line in range(size)]
    assert [line for line, _ in broken(lines, set())] == [size - 1]
