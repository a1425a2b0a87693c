"""What can become of a goal and of a cycle (docs/rules/lifecycle.md). Other moves are refused, the possible ones named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from okr.cycle import Span
from okr.objectives import CycleState, State
from okr.refusals import CycleClosed, IllegalCycleMove, IllegalMove
from okr.workdays import OfficeCalendar


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

OPEN_DAYS = 15
"""So many days before its first a cycle opens for its goals to be written."""

SomeState = TypeVar("SomeState", bound=StrEnum)
SomeMove = TypeVar("SomeMove", bound=StrEnum)


def after(state: State, move: Move, *, ref: str = "") -> State:
    """The state a goal is in after a move. Raises IllegalMove."""
    return follow(GOAL_MOVES, state, move, ref)


def cycle_after(state: CycleState, move: CycleMove, *, name: str = "") -> CycleState:
    """The state a cycle is in after a move. Raises IllegalCycleMove."""
    try:
        return follow(CYCLE_MOVES, state, move, name)
    except IllegalMove as no:
        raise IllegalCycleMove(no.state, no.move, no.allowed, no.ref) from None


def moves_due(state: CycleState, cycle: Span, today: date) -> tuple[CycleMove, ...]:
    """The moves that the calendar makes by itself, in their order; several where days were missed.

    It opens 15 days before, starts on the first day, and is reviewed from the day after the last. Closing and
    reopening are somebody's decision.
    """
    days = {
        CycleMove.OPEN: cycle.start - timedelta(days=OPEN_DAYS),
        CycleMove.START: cycle.start,
        CycleMove.REVIEW: cycle.end + timedelta(days=1),
    }
    due = []
    for move, day in days.items():
        if move in CYCLE_MOVES[state] and today >= day:
            due.append(move)
            state = CYCLE_MOVES[state][move]
    return tuple(due)


def state_on(state: CycleState, cycle: Span, today: date) -> CycleState:
    """The state a cycle is in on a day, where only an earlier one was kept."""
    for move in moves_due(state, cycle, today):
        state = CYCLE_MOVES[state][move]
    return state


def last_day_to_close(cycle: Span, grace: int, calendar: OfficeCalendar) -> date | None:
    """The last of so many working days after the end, on whose morrow the cycle closes by itself; None for never."""
    return calendar.after(cycle.end, grace) if grace else None


def is_late(state: CycleState, cycle: Span, today: date, *, name: str = "") -> bool:
    """Whether a value that is reported now comes after the cycle's end (补录), until its scores are locked.

    Raises CycleClosed after that; a cycle that was opened once more takes it again.
    """
    if state is CycleState.CLOSED:
        raise CycleClosed(name)
    return today > cycle.end


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
