"""Who reports to whom, as a file says it: managers nobody knows, people under themselves, loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """One row's say: `number` reports to `manager`, who may be empty. Both spelled as everywhere else."""

    line: int
    number: str
    manager: str


def broken(lines: Sequence[ReportingLine], known: AbstractSet[str]) -> Iterator[tuple[int, str]]:
    """The line and the reason of every manager that cannot be. A loop is told once, at its topmost line."""
    listed = {line.number for line in lines}
    for line in lines:
        if line.manager and line.manager == line.number:
            yield line.line, "上级是自己"
        elif line.manager and line.manager not in listed and line.manager not in known:
            yield line.line, f"{line.manager} 既不在文件里,也不在已有人员里"
    yield from _loops(lines)


def _loops(lines: Sequence[ReportingLine]) -> Iterator[tuple[int, str]]:
    above = {
        line.number: line.manager for line in reversed(lines) if line.number and line.manager != line.number
    }
    place = {line.number: line.line for line in reversed(lines)}
    settled: set[str] = set()
    for line in lines:
        way: dict[str, None] = {}
        at = line.number
        while at in above and at not in settled and at not in way:
            way[at] = None
            at = above[at]
        if at in way:
            yield _told(list(way)[list(way).index(at) :], place)
        settled.update(way)


def _told(loop: Sequence[str], place: Mapping[str, int]) -> tuple[int, str]:
    first = min(range(len(loop)), key=lambda index: place[loop[index]])
    turned = [*loop[first:], *loop[: first + 1]]
    chain = " → ".join(f"{number}(第 {place[number]} 行)" for number in turned[:-1])
    return place[turned[0]], f"上级绕成了圈:{chain} → {turned[-1]}"
