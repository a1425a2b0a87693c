"""What somebody hands over to somebody else, and who decides then (docs/rules/handover.md).

Only what is open moves, from the day on which it is handed over: what was decided, said and acknowledged stays with
who did it. Nobody comes to decide on what he asked for, or on a goal that is his own.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from okr.people import Person
from okr.policy import Policy


@dataclass(frozen=True, slots=True)
class OpenGoal:
    """An objective that is not over; `state` as it is kept."""

    id: int
    title: str
    state: str
    key_results: int = 0

    @property
    def ref(self) -> str:
        return f"O{self.id}"


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is open with somebody: goals of his, requests he has to decide, requests for help to him and from him."""

    goals: tuple[OpenGoal, ...] = ()
    decisions: tuple[int, ...] = ()
    helps: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    """Requests of his own that wait, about these goals."""

    @property
    def empty(self) -> bool:
        return not (self.goals or self.decisions or self.helps)

    @property
    def mark(self) -> str:
        """Changes where anything of it does, so that what was seen is what is moved."""
        said = repr(([goal.id for goal in self.goals], self.decisions, self.helps, self.asked))
        return f"{zlib.crc32(said.encode()) & 0xFFFFFF:06x}"


@dataclass(frozen=True, slots=True)
class Redirected:
    """A request whose decision is somebody else's now. `applicant_id` is told."""

    request_id: int
    from_id: int
    to_id: int
    applicant_id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What has been handed over."""

    belongings: Belongings
    redirected: tuple[Redirected, ...] = ()
    stuck: tuple[tuple[int, int], ...] = ()
    """Requests that nobody is left to decide, with who asked: they are withdrawn and may be made again."""


def may_hand_over(asker: Person, superiors: Collection[int], policy: Policy) -> bool:
    """Somebody above in the line, personnel or an administrator; `superiors` of whose things they are."""
    return asker.active and (asker.id in superiors or asker.number in policy.hr | policy.admins)


def may_receive(asker: Person, line: Collection[int], receiver: int, policy: Policy) -> bool:
    """Who leads a line hands over inside it or takes it himself; personnel and administrators to anybody.

    `line`: everybody below the asker.
    """
    return asker.number in policy.hr | policy.admins or receiver == asker.id or receiver in line


def who_decides(candidates: Iterable[int], barred: Collection[int]) -> int | None:
    """The first who may: not the applicant, nor the goal's owner. None where nobody is left."""
    return next((one for one in candidates if one not in barred), None)
