"""How a region carries its goals: what is reached, reported, warned of, and answered (docs/rules/comparison.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from okr.comparison import FEWEST_PEOPLE
from okr.objectives import Objective, Status
from okr.policy import Policy
from okr.status import judge_objective

FEWEST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Region:
    """`people`: who have goals; `done`, `updated`: parts of 1; `answer`: hours, None where there were too few."""

    name: str
    people: int
    done: Decimal
    updated: Decimal | None
    warnings: int
    answer: float | None


def region_of(
    name: str,
    goals: Sequence[Objective],
    today: date,
    policy: Policy,
    *,
    warnings: int,
    hours: Sequence[float],
) -> Region | None:
    """The region whose people have these goals, as it stood on a day. None where they are too few to compare.

    `hours`: how long each request for help waited for its answer.
    """
    owners = {one.owner_id for one in goals}
    if len(owners) < FEWEST_PEOPLE:
        return None
    judged = [judge_objective(one, today, policy) for one in goals]
    fresh = [
        kr.reading is not None and verdict.verdicts[kr.id].status is not Status.STALE
        for one, verdict in zip(goals, judged, strict=True)
        for kr in one.counting
    ]
    return Region(
        name,
        len(owners),
        sum((verdict.progress.clamped for verdict in judged), Decimal(0)) / len(judged),
        Decimal(sum(fresh)) / len(fresh) if fresh else None,
        warnings,
        median(hours) if len(hours) >= FEWEST_ANSWERS else None,
    )
