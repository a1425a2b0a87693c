"""What a cycle has taught its owner (docs/rules/carry-over.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from okr.objectives import KeyResult, Objective, State
from okr.progress import key_result_progress

WELL = Decimal("0.7")
"""A score from which on it came off."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What did not come off: why by the causes to choose from, and in its owner's words; both may be empty."""

    title: str
    cause: str
    words: str


@dataclass(frozen=True, slots=True)
class Lessons:
    """`cycle` by its name; the best and the worst first."""

    cycle: str
    count: int
    reached: tuple[str, ...]
    missed: tuple[Missed, ...]


def lessons_of(
    cycle: str,
    wholes: Sequence[Objective],
    scores: Mapping[int, Decimal],
    why: Mapping[int, tuple[str, str]],
) -> Lessons | None:
    """`scores` where they were given, else by the progress; `why`: cause and words by key result. None without any."""
    counted = [
        (scores.get(kr.id, key_result_progress(kr).clamped), kr)
        for one in wholes
        for kr in one.key_results
        if _counts(kr)
    ]
    if not counted:
        return None
    counted.sort(key=lambda pair: (-pair[0], pair[1].id))
    reached = tuple(kr.title for score, kr in counted if score >= WELL)
    missed = tuple(
        Missed(kr.title, *why.get(kr.id, ("", ""))) for score, kr in reversed(counted) if score < WELL
    )
    return Lessons(cycle, len(counted), reached, missed)


def _counts(kr: KeyResult) -> bool:
    return kr.state in (State.ACTIVE, State.CLOSED)
