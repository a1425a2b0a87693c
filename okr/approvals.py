"""Which changes of a goal somebody has to agree to, and what becomes of a request (docs/rules/approvals.md).

Values, confidence, notes and comments are never in question: only what was agreed on before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from okr.lifecycle import follow
from okr.objectives import Kind, Measure
from okr.people import Person
from okr.schemes import EVERYBODY, Criteria, most_specific


class ChangeField(StrEnum):
    """What a request wants to change."""

    CREATE = "create"
    """A new objective with its key results."""
    ADD = "add"
    """A key result more in an objective in force: the others weigh less."""
    TITLE = "title"
    TARGET = "target"
    START = "start"
    UNIT = "unit"
    BASIS = "basis"
    DEADLINE = "deadline"
    WEIGHT = "weight"
    OWNER = "owner"
    CYCLE = "cycle"
    PARENT = "parent"
    COMMITMENT = "commitment"
    """Whether it is a promise or a stretch."""
    ORIGIN = "origin"
    """From above or from oneself."""
    STAGES = "stages"
    """How far at the end of each stage."""
    KPI = "kpi"
    """Whether it is a daily figure, which is never scored."""
    CANCEL = "cancel"


class Approver(StrEnum):
    """Who is asked."""

    MANAGER = "manager"
    """The applicant's direct superior."""
    HEAD = "head"
    """Who leads the applicant's unit."""
    ADMINS = "admins"


class Need(StrEnum):
    """Of several who are asked, whose yes it takes."""

    ANY = "any"
    ALL = "all"


USUAL = frozenset(ChangeField) - {ChangeField.PARENT}
"""What needs a yes where nothing is said: all but what a goal supports, for which the owner above is asked anyhow."""


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """For whom which changes need a yes, and whose. `interview_for_decrease`: an easier target names a talk."""

    criteria: Criteria = EVERYBODY
    fields: frozenset[ChangeField] = USUAL
    who: Approver = Approver.MANAGER
    need: Need = Need.ANY
    self_approval: bool = False
    interview_for_decrease: bool = False


DEFAULT_RULE = ApprovalRule()
"""Every change that was agreed on before, by the direct superior."""


class RequestState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """A newer request on the same field has taken its place."""


class RequestMove(StrEnum):
    APPROVE = "同意"
    REJECT = "驳回"
    TRANSFER = "转审"
    WITHDRAW = "撤回"
    SUPERSEDE = "取代"


REQUEST_MOVES: Mapping[RequestState, Mapping[RequestMove, RequestState]] = {
    RequestState.WAITING: {
        RequestMove.APPROVE: RequestState.APPROVED,
        RequestMove.REJECT: RequestState.REJECTED,
        RequestMove.TRANSFER: RequestState.WAITING,
        RequestMove.WITHDRAW: RequestState.WITHDRAWN,
        RequestMove.SUPERSEDE: RequestState.SUPERSEDED,
    },
    RequestState.APPROVED: {},
    RequestState.REJECTED: {},
    RequestState.WITHDRAWN: {},
    RequestState.SUPERSEDED: {},
}
"""What is decided stays decided: who thinks otherwise asks anew."""


def request_after(state: RequestState, move: RequestMove, *, ref: str = "") -> RequestState:
    """The state a request is in after a move. Raises IllegalMove."""
    return follow(REQUEST_MOVES, state, move, ref)


def rule_for(rules: Iterable[ApprovalRule], person: Person) -> ApprovalRule:
    """The rule that holds for the goals of a person."""
    return most_specific(rules, person) or DEFAULT_RULE


def needs_approval(rule: ApprovalRule, field: ChangeField) -> bool:
    return field in rule.fields


def approvers(rule: ApprovalRule, applicant: int, asked: Iterable[int]) -> tuple[int, ...]:
    """Who may decide, of those whom the rule asks, each once: nobody decides on himself unless it is allowed.

    Empty where nobody is left: then the change is in force at once, and is on record as that.
    """
    return tuple(person for person in dict.fromkeys(asked) if rule.self_approval or person != applicant)


def outcome(rule: ApprovalRule, asked: Collection[int], said: Mapping[int, bool]) -> RequestState:
    """What the words of those who were asked come to so far; `said` is true for a yes.

    One no is a no. Words of others do not count.
    """
    valid = {person: yes for person, yes in said.items() if person in asked}
    if not all(valid.values()):
        return RequestState.REJECTED
    enough = len(asked) if rule.need is Need.ALL else 1
    return RequestState.APPROVED if asked and len(valid) >= enough else RequestState.WAITING


def is_decrease(measure: Measure, old_target: Decimal, new_target: Decimal) -> bool:
    """Whether another target makes the goal easier: nearer to the start, or wider for what is kept within a bound.

    Where the direction is not known, less is easier. A target on the other side of the start is another goal,
    and easier than the old one, which it gives up.
    """
    kept_below = measure.kind is Kind.MAINTAIN and measure.low is None
    if kept_below or (measure.start is not None and old_target < measure.start):
        return new_target > old_target
    return new_target < old_target


def safe_in_batch(fields: Collection[ChangeField]) -> bool:
    """Whether 全部同意 may include a request that changes these: only what is new, never a target made easier."""
    return bool(fields) and all(field is ChangeField.CREATE for field in fields)
