"""A new objective as it is typed: a title, then a line for each key result, and what it supports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.reading.key_result import KrDraft, read_key_result
from handlers.reading.normal import tidy
from handlers.reading.periods import read_period, take_period
from okr.objectives import Kind
from okr.policy import MetricSpec

__all__ = ["KrDraft", "ObjectiveDraft", "read_key_result", "read_objective"]


@dataclass(frozen=True, slots=True)
class ObjectiveDraft:
    """`align`: the id it supports (`KR7`), `cycle` a period's name (`2026Q4`, also where 下季 was said),
    where they were said.

    `problems`: `title_missing`, and `unread_line` where `unread` holds lines that nothing was made of.
    """

    title: str
    key_results: tuple[KrDraft, ...] = ()
    align: str | None = None
    cycle: str = ""
    unread: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


_COMMAND = re.compile(r"^新建目标[ :\n]*")
_ALIGN = re.compile(
    r"(?:^|(?<=[\s,;]))(?:对齐|支撑|上级) ?[:到]? ?(?P<ref>(?:K ?R|O) ?[0-9]+)(?![0-9])[,;。]?", re.IGNORECASE
)
_CYCLE = re.compile(r"(?:^|(?<=[\s,;]))周期 ?[: ] ?(?P<cycle>[^\s,;。]+)", re.IGNORECASE)
_NEXT_KR = re.compile(
    r"[\s,;。]+(?=(?:KR|关键结果) ?(?:[0-9]{1,2} ?[:、. ]|[: ]|(?=[^\sA-Za-z0-9])))", re.IGNORECASE
)
_KR = re.compile(r"^(?:[-*•·] ?\S|(?:KR|关键结果)(?![A-Za-z])|[0-9]{1,2}[.、)] ?(?![0-9]))", re.IGNORECASE)
_TITLE_MARK = re.compile(r"^(?:O ?[0-9]{0,2} ?[:、.]|目标 ?[:])[ ]*", re.IGNORECASE)
_EDGES = " ,;:。、/"


def read_objective(text: str, today: date, metrics: Mapping[str, MetricSpec]) -> ObjectiveDraft:
    """Read what follows 新建目标, on one line or several. Never refuses: a draft is always made."""
    text = _COMMAND.sub("", tidy(text))
    align = _ALIGN.search(text)
    cycle, text = _take_cycle(tidy(_ALIGN.sub("", text)), today)
    first, *others = [line.strip() for line in _NEXT_KR.sub("\n", f"\n{text}").split("\n")[1:]] or [""]
    if _KR.match(first):
        first, others = "", [first, *others]
    key_results, unread = _key_results(others, today, metrics)
    title = _TITLE_MARK.sub("", first).strip(_EDGES)
    problems = [
        problem for problem, is_so in (("title_missing", not title), ("unread_line", unread)) if is_so
    ]
    return ObjectiveDraft(
        title,
        tuple(key_results),
        align["ref"].upper().replace(" ", "") if align else None,
        cycle,
        tuple(unread),
        tuple(problems),
    )


def _take_cycle(text: str, today: date) -> tuple[str, str]:
    """The period that is named before the title (下季 …) or after 周期, and the rest. What is no period is kept as typed."""
    period, rest = take_period(text, today)
    if period is not None and rest:
        return period.name, rest
    match = _CYCLE.search(text)
    if match is None:
        return "", text
    period = read_period(match["cycle"], today)
    return period.name if period else match["cycle"], tidy(f"{text[: match.start()]}{text[match.end() :]}")


def _key_results(
    lines: list[str], today: date, metrics: Mapping[str, MetricSpec]
) -> tuple[list[KrDraft], list[str]]:
    """Marked lines, and unmarked ones that measure something."""
    key_results: list[KrDraft] = []
    unread: list[str] = []
    for line in lines:
        if not line.strip(_EDGES):
            continue
        draft = read_key_result(line, today, metrics)
        if draft.title and (_KR.match(line) or draft.measure.kind is not Kind.BOOLEAN):
            key_results.append(draft)
        else:
            unread.append(line)
    return key_results, unread
