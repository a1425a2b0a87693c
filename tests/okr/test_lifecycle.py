from __future__ import annotations

from datetime import date

import pytest

from okr.lifecycle import (
    CYCLE_MOVES,
    GOAL_MOVES,
    CycleMove,
    Move,
    after,
    allowed,
    cycle_after,
    is_late,
    moves_due,
)
from okr.objectives import CycleState, State
from okr.refusals import CycleClosed, IllegalCycleMove, IllegalMove
from tests.okr.goals import Q4
from tests.okr.worked import rows


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ([Move.SUBMIT, Move.APPROVE], State.ACTIVE),
        ([Move.SUBMIT, Move.REJECT, Move.SUBMIT, Move.WITHDRAW], State.DRAFT),
        ([Move.DELETE], State.DELETED),
        ([Move.SUBMIT, Move.APPROVE, Move.PAUSE, Move.RESUME, Move.CLOSE, Move.REOPEN], State.ACTIVE),
        ([Move.SUBMIT, Move.APPROVE, Move.PAUSE, Move.CANCEL], State.CANCELLED),
    ],
)
def test_a_goal_walks_its_way(moves: list[Move], state: State) -> None:
    now = State.DRAFT
    for move in moves:
        now = after(now, move)
    assert now is state


def test_what_is_in_force_is_never_deleted() -> None:
    with pytest.raises(IllegalMove) as refused:
        after(State.ACTIVE, Move.DELETE, ref="O12")
    assert refused.value.facts == {
        "state": "active",
        "move": "删除",
        "allowed": ("暂停", "关闭", "取消"),
        "ref": "O12",
    }


def test_a_cycle_walks_its_way_and_is_reopened_only_when_closed() -> None:
    state = CycleState.PLANNED
    for move in (
        CycleMove.OPEN,
        CycleMove.START,
        CycleMove.REVIEW,
        CycleMove.CLOSE,
        CycleMove.REOPEN,
        CycleMove.CLOSE,
    ):
        state = cycle_after(state, move)
    assert state is CycleState.CLOSED
    with pytest.raises(IllegalCycleMove):
        cycle_after(CycleState.ACTIVE, CycleMove.REOPEN)


@pytest.mark.parametrize("row", rows("lifecycle", "目标"))
def test_what_is_possible_by_the_page(row: dict[str, str]) -> None:
    assert (", ".join(allowed(State(row["现在"]))) or "–") == row["可以"]


@pytest.mark.parametrize("row", rows("lifecycle", "周期"))
def test_what_the_calendar_does_by_the_page(row: dict[str, str]) -> None:
    state = CycleState(row["现在"])
    due = moves_due(state, Q4, date.fromisoformat(row["今天"]))
    assert (", ".join(due) or "–") == row["自动走"]
    for move in due:
        state = cycle_after(state, move)
    assert moves_due(state, Q4, date.fromisoformat(row["今天"])) == ()


@pytest.mark.parametrize("row", rows("lifecycle", "结束以后还能报数吗"))
def test_what_is_reported_late_by_the_page(row: dict[str, str]) -> None:
    state, today = CycleState(row["周期"]), date.fromisoformat(row["今天"])
    if row["报数"] == "不能":
        with pytest.raises(CycleClosed):
            is_late(state, Q4, today, name=Q4.name)
        return
    assert is_late(state, Q4, today) is (row["报数"] == "补录")


def test_every_state_has_its_row() -> None:
    assert set(GOAL_MOVES) == set(State)
    assert set(CYCLE_MOVES) == set(CycleState)
    assert allowed(State.CANCELLED) == ()
