"""The cycles, each with its state; and what closing one would lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cards.actions import NEVER_MIND
from cards.notices import Choice, question
from cards.templating import render
from chat.card import Card
from okr.cycle import days_left
from okr.moments import say_day
from okr.objectives import Cycle, CycleState
from okr.people import Person

STATES = {
    CycleState.PLANNED: "计划中",
    CycleState.DRAFTING: "开放制定",
    CycleState.ACTIVE: "进行中",
    CycleState.REVIEWING: "复盘评分",
    CycleState.CLOSED: "已关闭",
    CycleState.REOPENED: "重新打开",
}
_MARKS = {
    CycleState.PLANNED: "⚪",
    CycleState.DRAFTING: "📝",
    CycleState.ACTIVE: "🟢",
    CycleState.REVIEWING: "🟡",
    CycleState.CLOSED: "🔒",
    CycleState.REOPENED: "🔓",
}
_OPEN = (CycleState.REVIEWING, CycleState.REOPENED)


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle in its state of today; `closes` is the last day before it closes by itself."""

    cycle: Cycle
    state: CycleState
    closes: date | None = None


class Outlook(Protocol):
    """What closing a cycle now would mean."""

    @property
    def objectives(self) -> int: ...
    @property
    def unscored(self) -> Sequence[tuple[int, int]]:
        """Owners with how many of their key results have no score."""

    @property
    def unconfirmed(self) -> int: ...
    @property
    def drafts(self) -> int: ...


def cycles_card(standing: Sequence[Standing], *, may_close: bool, today: date) -> Card:
    running = next((one for one in standing if one.state is CycleState.ACTIVE), standing[0])
    return render(
        "cycles",
        live=True,
        running=running.cycle.name,
        days=days_left(running.cycle, today),
        cycles=[
            {
                "name": one.cycle.name,
                "mark": _MARKS[one.state],
                "state": STATES[one.state],
                "start": say_day(one.cycle.start, today),
                "end": say_day(one.cycle.end, today),
                "closes": say_day(one.closes, today) if one.closes else "",
            }
            for one in standing
        ],
        to_score=[one.cycle.name for one in standing if one.state in _OPEN][:2],
        may_close=may_close,
    )


def closing_card(cycle: Cycle, outlook: Outlook, owners: Mapping[int, Person]) -> Card:
    """Before 关闭周期: how much is not scored yet, and whose it is."""
    return question(
        "close_cycle",
        [Choice("关闭", f"确认 关闭周期 {cycle.name}"), Choice("先不关", NEVER_MIND)],
        name=cycle.name,
        objectives=outlook.objectives,
        unscored=sum(count for _, count in outlook.unscored),
        owners=[
            {"name": owners[owner].name, "count": count}
            for owner, count in outlook.unscored
            if owner in owners
        ],
        people=len(outlook.unscored),
        unconfirmed=outlook.unconfirmed,
        drafts=outlook.drafts,
    )
