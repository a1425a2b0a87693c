"""What the last cycle has taught, in two lines at most, where the next one is planned."""

from __future__ import annotations

from okr.lessons import Lessons, Missed

SHOWN = 2
WORDS = 20
"""Characters of what somebody wrote."""


def say_lessons(lessons: Lessons | None) -> list[str]:
    """`2026Q4 做成 3 个:客流量、会员日`, `没到的:损耗率(人手不够:缺理货)`; nothing where there was nothing."""
    if lessons is None:
        return []
    said = []
    if lessons.reached:
        names = "、".join(lessons.reached[:SHOWN])
        said.append(f"{lessons.cycle} 的 {lessons.count} 个结果做成 {len(lessons.reached)} 个:{names}")
    if lessons.missed:
        told = sorted(lessons.missed, key=lambda one: not (one.cause or one.words))[:SHOWN]
        said.append(f"{lessons.cycle} 没到的:{'、'.join(map(_say_missed, told))}")
    return said


def _say_missed(one: Missed) -> str:
    why = ":".join(part for part in (one.cause, one.words[:WORDS]) if part)
    return f"{one.title}({why})" if why else one.title
