"""What can become of a goal and of a cycle. Other moves are refused, the possible ones named."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from okr.objectives import State
from okr.refusals import IllegalMove


class Move(StrEnum):
    """What somebody does to an objective or key result, by the word it is done with."""

    SUBMIT = "提交"
    APPROVE = "同意"
    REJECT = "驳回"
    WITHDRAW = "撤回"
    DELETE = "删除"
    PAUSE = "暂停"
    RESUME = "恢复"
    CANCEL = "取消"
    CLOSE = "关闭"
    REOPEN = "重开"


class CycleState(StrEnum):
    PLANNED = "planned"
    DRAFTING = "drafting"
    ACTIVE = "active"
    REVIEWING = "reviewing"
    CLOSED = "closed"
    REOPENED = "reopened"
    """Open for corrections once more; on record with who and why."""


class CycleMove(StrEnum):
    OPEN = "开放制定"
    START = "开始"
    REVIEW = "复盘"
    CLOSE = "关闭"
    REOPEN = "重开"


GOAL_MOVES: Mapping[State, Mapping[Move, State]] = {
    State.DRAFT: {Move.SUBMIT: State.PENDING, Move.DELETE: State.DELETED},
    State.PENDING: {Move.APPROVE: State.ACTIVE, Move.REJECT: State.DRAFT, Move.WITHDRAW: State.DRAFT},
    State.ACTIVE: {Move.PAUSE: State.PAUSED, Move.CLOSE: State.CLOSED, Move.CANCEL: State.CANCELLED},
    State.PAUSED: {Move.RESUME: State.ACTIVE, Move.CANCEL: State.CANCELLED},
    State.CLOSED: {Move.REOPEN: State.ACTIVE},
    State.CANCELLED: {},
    State.DELETED: {},
}
"""What was in force is never deleted, only cancelled. A change that waits for approval is a request of
its own; the goal stays in force as it is. Where nobody has to approve, a submission is approved at once."""

CYCLE_MOVES: Mapping[CycleState, Mapping[CycleMove, CycleState]] = {
    CycleState.PLANNED: {CycleMove.OPEN: CycleState.DRAFTING},
    CycleState.DRAFTING: {CycleMove.START: CycleState.ACTIVE},
    CycleState.ACTIVE: {CycleMove.REVIEW: CycleState.REVIEWING},
    CycleState.REVIEWING: {CycleMove.CLOSE: CycleState.CLOSED},
    CycleState.CLOSED: {CycleMove.REOPEN: CycleState.REOPENED},
    CycleState.REOPENED: {CycleMove.CLOSE: CycleState.CLOSED},
}

CHECK_IN_STATES = frozenset({State.DRAFT, State.PENDING, State.ACTIVE})
"""Where a value may be recorded; on what is not in force yet with a warning."""

SomeState = TypeVar("SomeState", bound=StrEnum)
SomeMove = TypeVar("SomeMove", bound=StrEnum)


def after(state: State, move: Move, *, ref: str = "") -> State:
    """The state a goal is in after a move. Raises IllegalMove."""
    return follow(GOAL_MOVES, state, move, ref)


def cycle_after(state: CycleState, move: CycleMove, *, name: str = "") -> CycleState:
    """The state a cycle is in after a move. Raises IllegalMove."""
    return follow(CYCLE_MOVES, state, move, name)


def allowed(state: State) -> tuple[Move, ...]:
    """The moves that are possible now."""
    return tuple(GOAL_MOVES[state])


def follow(
    table: Mapping[SomeState, Mapping[SomeMove, SomeState]], state: SomeState, move: SomeMove, ref: str
) -> SomeState:
    """The state after a move by such a table. Raises IllegalMove, which names the moves that are possible."""
    moves = table[state]
    if move not in moves:
        raise IllegalMove(str(state), str(move), tuple(str(each) for each in moves), ref)
    return moves[move]
