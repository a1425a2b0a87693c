"""Reasons why the rules say no. Not mistakes of ours: the person is told in words, the log gets one line.

One class a reason. Its docstring is the sentence for the log, its fields are what the sentence for the person
needs, `code` is the name of that sentence's template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar


class Refusal(Exception):
    """The rules say no. `private`: a group need not hear of it."""

    private: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """`SharesAboveOne` is `shares_above_one`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def facts(self) -> dict[str, Any]:
        """The fields by name, for the template."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]  # each reason is a dataclass

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{(type(self).__doc__ or '').strip()} ({facts})"


# Finding what is meant


@dataclass(eq=False)
class NoSuchGoal(Refusal):
    """There is no such objective or key result, or the asker may not know of it."""

    ref: str


@dataclass(eq=False)
class NoSuchPerson(Refusal):
    """There is no such employee."""

    name: str


@dataclass(eq=False)
class NoSuchCycle(Refusal):
    """This is not the name of a cycle."""

    name: str


@dataclass(eq=False)
class NoSuchRequest(Refusal):
    """There is no such request waiting."""

    ref: str


# Rights


@dataclass(eq=False)
class NotYours(Refusal):
    """Only its owner, or for reporting the owner's manager, may do this."""

    ref: str
    owner: str = ""


@dataclass(eq=False)
class NotForYou(Refusal):
    """The asker's role does not include this."""

    what: str
    who_may: str = ""


@dataclass(eq=False)
class NotYourGoal(Refusal):
    """Only its owner and his superior ask for a change of a goal; others suggest one."""

    private: ClassVar[bool] = True

    ref: str
    owner: str
    what: str = ""
    """The field and its new value as typed."""


@dataclass(eq=False)
class NotAsked(Refusal):
    """The asker is none of those who decide this request."""

    private: ClassVar[bool] = True

    ref: str
    approvers: tuple[str, ...] = ()


@dataclass(eq=False)
class OwnRequest(Refusal):
    """Nobody decides on a request of his own."""

    private: ClassVar[bool] = True

    ref: str
    approvers: tuple[str, ...] = ()


@dataclass(eq=False)
class NotYoursToScore(Refusal):
    """The owner suggests scores and his superior confirms them; nobody confirms his own."""

    ref: str
    who: str
    confirming: bool = False


@dataclass(eq=False)
class FedByData(Refusal):
    """The value comes from a data source and cannot be typed over."""

    ref: str
    source: str
    value: Decimal | None = None
    unit: str = ""


# Goals and their shape


@dataclass(eq=False)
class StartEqualsTarget(Refusal):
    """A key result whose start is its target has no progress to measure."""

    value: Decimal
    ref: str = ""


@dataclass(eq=False)
class TargetMissing(Refusal):
    """A key result needs a target before it can be in force."""

    ref: str


@dataclass(eq=False)
class SharesAboveOne(Refusal):
    """The fixed shares of the key results add to more than the whole."""

    total: Decimal
    ref: str = ""


@dataclass(eq=False)
class NeedsKeyResult(Refusal):
    """An objective without a key result cannot be submitted."""

    ref: str


@dataclass(eq=False)
class Loop(Refusal):
    """The objective would support itself through this key result."""

    ref: str
    parent: str


@dataclass(eq=False)
class SelfAlignment(Refusal):
    """A goal cannot support itself."""

    ref: str


@dataclass(eq=False)
class PeriodsDoNotOverlap(Refusal):
    """A goal cannot support another that runs at another time."""

    ref: str
    parent: str
    cycle: str = ""
    parent_cycle: str = ""


@dataclass(eq=False)
class ParentSharesAboveOne(Refusal):
    """The same result would be counted more than once in the goals that it supports."""

    ref: str
    total: Decimal


@dataclass(eq=False)
class PrivateIntoPublic(Refusal):
    """What only some may see would show through the number of a goal that all may see."""

    ref: str
    parent: str


@dataclass(eq=False)
class SupportsNothing(Refusal):
    """The goal stands below no other, or not below `parent`, so there is nothing that it could be counted in."""

    ref: str
    parent: str = ""


@dataclass(eq=False)
class NotInYourLine(Refusal):
    """A key result is broken down among those whose line leads to its owner."""

    name: str
    ref: str


@dataclass(eq=False)
class NobodyBelow(Refusal):
    """There is nobody of that kind below the owner to break the key result down among."""

    ref: str
    what: str


@dataclass(eq=False)
class NotSupported(Refusal):
    """A goal that is over supports nothing any more, and nothing supports it."""

    ref: str
    state: str


@dataclass(eq=False)
class CannotBeSummed(Refusal):
    """Values of this kind do not add up: percents, prices, what is done or not done."""

    ref: str


@dataclass(eq=False)
class RollsUp(Refusal):
    """The value is computed from the goals below and cannot be typed over."""

    ref: str


@dataclass(eq=False)
class StageOutside(Refusal):
    """A stage lies between the first day and the last, which has the target itself."""

    ref: str
    day: date
    first: date
    last: date


@dataclass(eq=False)
class StagesFall(Refusal):
    """A stage cannot expect less than one before it, or more than one after it."""

    ref: str
    day: date


@dataclass(eq=False)
class DraftHasErrors(Refusal):
    """The draft cannot be submitted before these are put right."""

    ref: str
    codes: tuple[str, ...]


@dataclass(eq=False)
class KindFixed(Refusal):
    """The kind of a key result cannot change after the first check-in."""

    ref: str
    kind: str


# Values


@dataclass(eq=False)
class NotANumberGoal(Refusal):
    """A number was reported for a key result that is not measured by one."""

    ref: str
    kind: str


@dataclass(eq=False)
class NotADoneGoal(Refusal):
    """A key result that is measured by a number cannot simply be ticked."""

    ref: str


@dataclass(eq=False)
class OutOfRange(Refusal):
    """The number is outside what is possible here."""

    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    what: str = ""


@dataclass(eq=False)
class NothingToTakeBack(Refusal):
    """The person has no check-in here that could be taken back."""

    ref: str


@dataclass(eq=False)
class TooLateToTakeBack(Refusal):
    """The check-in is older than the time in which it can be taken back."""

    ref: str
    at: datetime
    hours: int


# States


@dataclass(eq=False)
class IllegalMove(Refusal):
    """This move is not possible from the present state."""

    state: str
    move: str
    allowed: tuple[str, ...]
    ref: str = ""


@dataclass(eq=False)
class IllegalCycleMove(Refusal):
    """A cycle cannot do this from its present state."""

    state: str
    move: str
    allowed: tuple[str, ...]
    ref: str


@dataclass(eq=False)
class NotInForce(Refusal):
    """The goal is not in force: a draft, paused, cancelled or closed."""

    ref: str
    state: str


@dataclass(eq=False)
class CycleClosed(Refusal):
    """The cycle is closed and its numbers are locked."""

    name: str


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    """Somebody has decided this request before."""

    ref: str
    by: str
    at: datetime | None = None
    outcome: str = ""


@dataclass(eq=False)
class InterviewNeeded(Refusal):
    """An easier goal has to name the talk in which it was agreed."""

    ref: str
    example: str


@dataclass(eq=False)
class ReasonNeeded(Refusal):
    """This needs a reason in words."""

    what: str
    example: str = ""
