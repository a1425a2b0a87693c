"""Who may do what with whose goals. Goals are public inside the company, drafts are their owner's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from okr.objectives import Objective, State
from okr.people import Person
from okr.policy import Policy


class Role(StrEnum):
    """What somebody is to a goal."""

    OWNER = "owner"
    MANAGER = "manager"
    """The owner's direct superior."""
    COLLEAGUE = "colleague"
    STRANGER = "stranger"
    """Has left; whoever was never an employee does not come this far."""


class Right(StrEnum):
    SEE = "see"
    SEE_DRAFT = "see draft"
    SEE_PENDING = "see pending"
    REPORT = "report"
    EDIT_DRAFT = "edit draft"
    SUBMIT = "submit"
    """Hand a draft in, delete it, and say who writes it too."""
    CHANGE = "change"
    """Ask for a change of what is in force."""
    SCORE = "score"
    CONFIRM_SCORE = "confirm score"


RIGHTS: Mapping[Right, frozenset[Role]] = {
    Right.SEE: frozenset({Role.OWNER, Role.MANAGER, Role.COLLEAGUE}),
    Right.SEE_DRAFT: frozenset({Role.OWNER}),
    Right.SEE_PENDING: frozenset({Role.OWNER, Role.MANAGER}),
    Right.REPORT: frozenset({Role.OWNER, Role.MANAGER}),
    Right.EDIT_DRAFT: frozenset({Role.OWNER}),
    Right.SUBMIT: frozenset({Role.OWNER}),
    Right.CHANGE: frozenset({Role.OWNER, Role.MANAGER}),
    Right.SCORE: frozenset({Role.OWNER, Role.MANAGER}),
    Right.CONFIRM_SCORE: frozenset({Role.MANAGER}),
}

_TO_SEE = {
    State.DRAFT: Right.SEE_DRAFT,
    State.DELETED: Right.SEE_DRAFT,
    State.PENDING: Right.SEE_PENDING,
}


def role_of(asker: Person, owner: Person) -> Role:
    if not asker.active:
        return Role.STRANGER
    if asker.id == owner.id:
        return Role.OWNER
    return Role.MANAGER if owner.manager_id == asker.id else Role.COLLEAGUE


def may(right: Right, asker: Person, owner: Person) -> bool:
    return role_of(asker, owner) in RIGHTS[right]


def may_see(asker: Person, owner: Person, objective: Objective) -> bool:
    """An approver has to see what waits for him; a draft is nobody's business yet."""
    return may(_TO_SEE.get(objective.state, Right.SEE), asker, owner)


def may_report(asker: Person, owner: Person) -> bool:
    return may(Right.REPORT, asker, owner)


def may_edit_draft(asker: Person, owner: Person) -> bool:
    return may(Right.EDIT_DRAFT, asker, owner)


def may_change(asker: Person, owner: Person) -> bool:
    return may(Right.CHANGE, asker, owner)


def may_score(asker: Person, owner: Person) -> bool:
    """The owner suggests a score, his superior may change it."""
    return may(Right.SCORE, asker, owner)


def may_confirm_score(asker: Person, owner: Person) -> bool:
    """The superior; nobody confirms his own, but for who has no superior."""
    top = owner.manager_id is None and asker.active and asker.id == owner.id
    return top or may(Right.CONFIRM_SCORE, asker, owner)


def may_roster_anybody(asker: Person, policy: Policy) -> bool:
    """Who leads a store sets its roster (`handlers.rostering`); personnel and the administrators set anybody's."""
    return asker.active and asker.number in policy.hr | policy.admins


def may_close_cycle(asker: Person, policy: Policy) -> bool:
    """Closing and reopening is for those of personnel and the administrators, whoever's goals they are."""
    return asker.active and asker.number in policy.hr | policy.admins


def may_assign_to_all(asker: Person, policy: Policy) -> bool:
    """Goals are handed out to the whole company by personnel and the administrators, to one's own line by who leads it."""
    return asker.active and asker.number in policy.hr | policy.admins
