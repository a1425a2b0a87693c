from __future__ import annotations

import pytest

from okr.lifecycle import CYCLE_MOVES, GOAL_MOVES, CycleMove, CycleState, Move, after, allowed, cycle_after
from okr.objectives import State
from okr.refusals import IllegalMove


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
    with pytest.raises(IllegalMove):
        cycle_after(CycleState.ACTIVE, CycleMove.REOPEN)


def test_every_state_has_its_row() -> None:
    assert set(GOAL_MOVES) == set(State)
    assert set(CYCLE_MOVES) == set(CycleState)
    assert allowed(State.CANCELLED) == ()
