"""目标未制定/未对齐提醒, and the list of who has no goals yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.lessons import say_lessons
from cards.templating import render
from chat.card import Card
from okr.lessons import Lessons
from okr.objectives import Cycle

SHOWN = 6
GAPS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing (`code` of `okr.writing`), in which objective, and of which goal."""

    code: str
    objective: str
    ref: str


def unset_card(cycle: Cycle, left: int, lessons: Lessons | None = None) -> Card:
    """`left`: days until it begins, negative when it has; `lessons` of the cycle before."""
    return render(
        "reminders/goals_unset", cycle=cycle.name, left=left, since=-left, lessons=say_lessons(lessons)
    )


def team_card(cycle: Cycle, names: Sequence[str]) -> Card:
    shown = list(names[:SHOWN])
    return render(
        "reminders/goals_unset_team",
        cycle=cycle.name,
        names=shown,
        count=len(names),
        more=len(names) - len(shown),
    )


def total_card(cycle: Cycle, units: Sequence[tuple[str, int]]) -> Card:
    """Counts only: by unit, the largest first."""
    return render(
        "reminders/goals_unset_total",
        cycle=cycle.name,
        count=sum(count for _, count in units),
        units=[f"{unit} {count}" for unit, count in units[:SHOWN]],
        more=max(0, len(units) - SHOWN),
    )


def gaps_card(gaps: Sequence[Gap], *, top_down: int | None) -> Card:
    """`top_down`: percent that comes from above, where that is too far from the company's split."""
    return render(
        "reminders/alignment_gap",
        about=gaps[0].ref if len(gaps) == 1 else "",
        gaps=gaps[:GAPS_SHOWN],
        count=len(gaps),
        more=max(0, len(gaps) - GAPS_SHOWN),
        top_down=top_down,
    )


def gaps_team_card(team: Sequence[tuple[str, int]]) -> Card:
    """For who leads them: names, and how many gaps each has."""
    ordered = sorted(team, key=lambda one: -one[1])
    return render(
        "reminders/alignment_gap_team",
        count=len(team),
        lines=[f"{name} {count} 处" for name, count in ordered[:SHOWN]],
        more=max(0, len(team) - SHOWN),
        first=ordered[0][0],
    )


def gaps_total_card(units: Sequence[tuple[str, int]], gaps: int) -> Card:
    """Counts only: people by unit, and all the gaps."""
    return render(
        "reminders/alignment_gap_total",
        people=sum(count for _, count in units),
        gaps=gaps,
        units=[f"{unit} {count}" for unit, count in units[:SHOWN]],
        more=max(0, len(units) - SHOWN),
    )


def missing_card(
    cycle: Cycle, scope: str, units: Sequence[tuple[str, Sequence[str]]], reminded: int | None
) -> Card:
    """By unit, with names. `reminded`: how many have just been written to; None where nobody has."""
    return render(
        "missing_goals",
        cycle=cycle.name,
        scope=scope,
        count=sum(len(names) for _, names in units),
        units=[
            {
                "unit": unit,
                "names": list(names[:SHOWN]),
                "more": max(0, len(names) - SHOWN),
                "count": len(names),
            }
            for unit, names in units[:SHOWN]
        ],
        more=max(0, len(units) - SHOWN),
        reminded=reminded,
    )
