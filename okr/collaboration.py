"""Helping each other: what can become of a request for help (docs/rules/collaboration.md). Other moves are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from okr.help_refusals import HelpRequestOver
from okr.lifecycle import follow
from okr.refusals import IllegalMove
from okr.workdays import OfficeCalendar

ANSWERED_WITHIN = 2
"""So many working days everybody has to answer, however early the help is needed."""


class HelpKind(StrEnum):
    HELP = "help"
    """Somebody is asked."""
    BLOCKER = "blocker"
    """Something is in the way, and nobody is asked yet."""


class HelpState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    PASSED_ON = "passed_on"
    EXPIRED = "expired"


class HelpMove(StrEnum):
    """What somebody does to a request, by the word it is done with."""

    ACCEPT = "接受"
    HAND_ON = "转给"
    DECLINE = "帮不上"
    FINISH = "完成"
    EXPIRE = "超时"


HELP_MOVES: Mapping[HelpState, Mapping[HelpMove, HelpState]] = {
    HelpState.WAITING: {
        HelpMove.ACCEPT: HelpState.ACCEPTED,
        HelpMove.HAND_ON: HelpState.PASSED_ON,
        HelpMove.DECLINE: HelpState.DECLINED,
        HelpMove.FINISH: HelpState.DONE,
        HelpMove.EXPIRE: HelpState.EXPIRED,
    },
    HelpState.ACCEPTED: {
        HelpMove.FINISH: HelpState.DONE,
        HelpMove.HAND_ON: HelpState.PASSED_ON,
        HelpMove.DECLINE: HelpState.DECLINED,
    },
    HelpState.EXPIRED: {HelpMove.ACCEPT: HelpState.ACCEPTED},
    HelpState.DONE: {},
    HelpState.DECLINED: {},
    HelpState.PASSED_ON: {},
}
"""Whoever answers late still helps: what has expired can be accepted."""

OPEN = (HelpState.WAITING, HelpState.ACCEPTED)
ASKED_ANEW = (HelpState.DECLINED, HelpState.EXPIRED)
"""Of these whoever asked may ask somebody else: another request, that came from this one."""


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """X3. `asked_id` is None while nobody is asked; `came_from` the request that was passed on, or the blocker.

    `group`: platform and conversation it was asked in, where that was a group. `answered_at`: when it was first taken
    up or refused; None where nobody did, or where it was not needed after all. `answer`: the words with the refusal or the result.
    """

    id: int
    kr_id: int
    asker_id: int
    asked_id: int | None
    words: str
    asked_at: datetime
    kind: HelpKind = HelpKind.HELP
    due: date | None = None
    state: HelpState = HelpState.WAITING
    came_from: int | None = None
    group: tuple[str, str] | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    answer: str = ""
    next_step: str = ""
    next_step_at: datetime | None = None

    @property
    def ref(self) -> str:
        return f"X{self.id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def help_after(state: HelpState, move: HelpMove, *, ref: str = "") -> HelpState:
    """The state a request is in after a move. Raises HelpRequestOver, which names what is possible."""
    try:
        return follow(HELP_MOVES, state, move, ref)
    except IllegalMove as no:
        raise HelpRequestOver(ref, no.state, no.move, tuple(map(str, allowed_moves(state)))) from None


def allowed_moves(state: HelpState) -> tuple[HelpMove, ...]:
    """What somebody can do now; expiring is the calendar's."""
    return tuple(move for move in HELP_MOVES[state] if move is not HelpMove.EXPIRE)


def last_day_to_answer(asked_on: date, due: date | None, days: int, calendar: OfficeCalendar) -> date:
    """The last day on which a request waits; on the morrow it has expired.

    That is the day it is needed, or so many working days after it was asked where no day was said; but never before
    two working days have passed, so that nobody misses it for one day off.
    """
    least = calendar.after(asked_on, ANSWERED_WITHIN)
    return max(due, least) if due is not None else calendar.after(asked_on, max(days, ANSWERED_WITHIN))


def hours_waited(since: datetime, until: datetime, works: Callable[[date], bool]) -> float:
    """How many hours have passed on days on which somebody works. Both moments are aware and in company time."""
    total, at = 0.0, since
    while at < until:
        end = min(datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo), until)
        if works(at.date()):
            total += (end - at).total_seconds() / 3600
        at = end
    return total


def has_expired(
    request: HelpRequest, asked_on: date, today: date, days: int, calendar: OfficeCalendar
) -> bool:
    """Whether nobody has answered in time. `asked_on` is the day in company time; with `days` 0 only a said day counts."""
    if request.state is not HelpState.WAITING or request.kind is not HelpKind.HELP:
        return False
    if request.due is None and not days:
        return False
    return today > last_day_to_answer(asked_on, request.due, days, calendar)
